import { Kysely } from 'kysely';
import type pg from 'pg';
import { ParleyError } from '../../errors.ts';
import type { CallHistory, HistoryPage, HistoryPlace, HistoryQuery, PastCallStory } from '../history/call-history.ts';
import { SqlHistory } from '../history/sql-history.ts';
import type { JournalTables } from '../schema.ts';
import type { StoreRow } from '../store-database.ts';
import { readingPool } from './postgres-connection.ts';
import { postgresDialect } from './postgres-dialect.ts';
import { postgresFault } from './postgres-fault.ts';
import { appliedMigrations, newerMigrations } from './postgres-migrate.ts';
import { PostgresTables } from './postgres-tables.ts';

const nothingYet = 'There is no journal in the database of DATABASE_URL yet.';

const newer = 'A newer version of Parley shares the database. What only that version knows is not shown.';

/** The history in PostgreSQL, by a connection of its own that writes nothing. Rejects with a `ParleyError` of the journal. */
export class PostgresHistory implements CallHistory {
  readonly #pool: pg.Pool;
  readonly #queries: Kysely<JournalTables>;
  readonly #tables: PostgresTables;

  constructor(connectionString: string) {
    this.#pool = readingPool(connectionString);
    this.#queries = new Kysely<JournalTables>({ dialect: postgresDialect(this.#pool) });
    this.#tables = new PostgresTables(this.#pool);
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
      const [found] = (await this.#pool.query<StoreRow>("select to_regclass('journal_migrations')::text as there"))
        .rows;
      if (typeof found?.['there'] !== 'string') return null;
      const missing = newerMigrations(await appliedMigrations(this.#pool)).length > 0 ? newer : null;
      return await read(
        new SqlHistory({ queries: this.#queries, tables: this.#tables, rows: inOnePiece, missing, damage: () => null }),
      );
    } catch (error) {
      const { code, why } = postgresFault(error);
      throw new ParleyError(code, why);
    }
  }
}

/** A page is small. */
async function* inOnePiece<Row>(select: { execute(): Promise<Row[]> }): AsyncIterable<Row> {
  yield* await select.execute();
}
