import pg from 'pg';
import type { StatementName, StatementValues, StoreDatabase, StoreRow } from '../store-database.ts';
import { postgresStatements } from './postgres-statements.ts';

/**
 * A process that stands still in the middle of a transaction holds rows that another process may want, to take a call over. The server ends its
 * connection after this time, which is less than a caller waits for a takeover.
 */
const idleMsMax = 1_000;

/** How long a statement waits for a row that another process has: longer than that process may keep it. */
const lockMsMax = 1_500;

/** How long the server works on a statement. Each takes some milliseconds. */
export const statementMsMax = 4_000;

const beginning = [
  'begin isolation level read committed read write',
  `set local idle_in_transaction_session_timeout = ${idleMsMax}`,
  `set local lock_timeout = ${lockMsMax}`,
  `set local statement_timeout = ${statementMsMax}`,
].join('; ');

/** Two processes that wait for each other in a circle: the server breaks off one of them, which then does its work again. */
const collisions: ReadonlySet<string> = new Set(['40P01', '40001']);
const attemptsMax = 3;

/** Data exceptions, null and check violations, and limits of the server, such as that of an index: errors that come again. */
const valueCodes = /^(?:22|23502|23514|54)/;

/** A statement in which values have numbers, and the names of the values in their order. */
interface NumberedStatement {
  readonly text: string;
  readonly names: readonly string[];
}

/** What runs a statement: a connection, or several of them where no transactions are wanted. */
export interface PostgresRunner {
  readonly query: (text: string, values?: unknown[]) => Promise<{ readonly rows: StoreRow[] }>;
}

/** The journal's tables in a database of PostgreSQL. Whoever opened the connection closes it. */
export class PostgresTables implements StoreDatabase {
  readonly #runner: PostgresRunner;
  readonly #texts: Readonly<Record<StatementName, string>>;
  readonly #numbered = new Map<StatementName, NumberedStatement>();

  /** `texts`: the statements of this version, unless given. */
  constructor(runner: PostgresRunner, texts: Readonly<Record<StatementName, string>> = postgresStatements) {
    this.#runner = runner;
    this.#texts = texts;
  }

  /** Statements have no name at the server: a pooler between may lead each transaction to another connection. */
  async run<Name extends StatementName>(name: Name, values: StatementValues[Name]): Promise<readonly StoreRow[]> {
    const { text, names } = this.#numbered.get(name) ?? numberedStatement(this.#texts[name]);
    this.#numbered.set(name, { text, names });
    const given = new Map<string, unknown>(Object.entries(values));
    const { rows } = await this.#runner.query(
      text,
      names.map((one) => storable(given.get(one))),
    );
    return rows;
  }

  async transaction<Result>(work: () => Promise<Result>): Promise<Result> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#transaction(work);
      } catch (error) {
        const isCollision = error instanceof pg.DatabaseError && collisions.has(error.code ?? '');
        if (!isCollision || attempt === attemptsMax) throw error;
      }
    }
  }

  async #transaction<Result>(work: () => Promise<Result>): Promise<Result> {
    await this.#runner.query(beginning);
    try {
      const result = await work();
      await this.#runner.query('commit');
      return result;
    } catch (error) {
      // A connection that is lost has rolled back by itself, and would answer with another error in place of the first.
      await this.#runner.query('rollback').catch(() => {});
      throw error;
    }
  }

  refusesValues(error: unknown): boolean {
    return error instanceof pg.DatabaseError && valueCodes.test(error.code ?? '');
  }
}

function numberedStatement(text: string): NumberedStatement {
  const names = [...new Set([...text.matchAll(/:(\w+)/g)].map(([, name = '']) => name))];
  return { text: text.replaceAll(/:(\w+)/g, (_all, name: string) => `$${names.indexOf(name) + 1}`), names };
}

/** PostgreSQL has texts without the character 0, which nobody says and nobody misses. */
function storable(value: unknown): unknown {
  return typeof value === 'string' ? value.replaceAll('\0', '') : value;
}
