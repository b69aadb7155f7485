import { CompiledQuery, Kysely, sql } from 'kysely';
import pg from 'pg';
import { ParleyError } from '../../errors.ts';
import type { CallHistory, HistoryPage, HistoryPlace, HistoryQuery, PastCallStory } from '../history/call-history.ts';
import { SqlHistory } from '../history/sql-history.ts';
import type { JournalTables } from '../schema.ts';
import { readingPool } from './postgres-connection.ts';
import { postgresDialect } from './postgres-dialect.ts';
import { postgresFault } from './postgres-fault.ts';
import { appliedMigrations, newerMigrations } from './postgres-migrate.ts';
import { type PostgresRunner, PostgresTables, statementMsMax } from './postgres-tables.ts';

const nothingYet = 'There is no journal in the database of DATABASE_URL yet.';

const newer = 'A newer version of Parley shares the database. What only that version knows is not shown.';

const tooLong = 'The search took too long. Choose a shorter span of time, and try again.';

/** What PostgreSQL says of a statement that took too long. */
const cancelled = '57014';

/**
 * The history in PostgreSQL, by a connection of its own that writes nothing. The server gives up what takes too long, or it would go on when
 * nobody waits any more. Rejects with a `ParleyError` of the journal.
 */
export class PostgresHistory implements CallHistory {
  readonly #pool: pg.Pool;
  readonly #queries: Kysely<JournalTables>;

  constructor(connectionString: string) {
    this.#pool = readingPool(connectionString);
    this.#queries = new Kysely<JournalTables>({ dialect: postgresDialect(this.#pool) });
  }

  async list(query: HistoryQuery, place: HistoryPlace): Promise<HistoryPage> {
    const none = { calls: [], next: null, missing: nothingYet };
    return (await this.#read((history) => history.list(query, place))) ?? none;
  }

  find(callSid: string): Promise<PastCallStory | null> {
    return this.#read((history) => history.find(callSid));
  }

  async close(): Promise<void> {
    await this.#pool.end().catch(() => {});
  }

  /** Null while there is no journal. */
  async #read<Brought>(read: (history: SqlHistory) => Promise<Brought>): Promise<Brought | null> {
    try {
      const reading = this.#queries.transaction().setAccessMode('read only');
      return await reading.execute(async (queries) => {
        await sql`set local statement_timeout = ${sql.lit(statementMsMax)}`.execute(queries);
        const runner = runnerOf(queries);
        const [found] = (await runner.query("select to_regclass('journal_migrations')::text as there")).rows;
        if (typeof found?.['there'] !== 'string') return null;
        const missing = newerMigrations(await appliedMigrations(runner)).length > 0 ? newer : null;
        const tables = new PostgresTables(runner);
        return read(new SqlHistory({ queries, tables, rows: inOnePiece, missing, damage: () => null }));
      });
    } catch (error) {
      if (error instanceof pg.DatabaseError && error.code === cancelled)
        throw new ParleyError('journal.unusable', tooLong);
      const { code, why } = postgresFault(error);
      throw new ParleyError(code, why);
    }
  }
}

/** Runs texts on the connection of kysely. */
function runnerOf(queries: Kysely<JournalTables>): PostgresRunner {
  return { query: (text, values = []) => queries.executeQuery(CompiledQuery.raw(text, values)) };
}

/** A page is small. */
async function* inOnePiece<Row>(select: { execute(): Promise<Row[]> }): AsyncIterable<Row> {
  yield* await select.execute();
}
