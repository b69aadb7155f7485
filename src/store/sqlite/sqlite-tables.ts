import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { StatementName, StatementValues, StoreDatabase, StoreRow } from '../store-database.ts';
import { sqliteCode } from '../sqlite-fault.ts';
import { statements } from './statements.ts';

/** TOOBIG, CONSTRAINT and MISMATCH. */
const valueCodes: ReadonlySet<number | null> = new Set([18, 19, 20]);

/** The journal's tables in a database of Node's own SQLite. Whoever opened the database closes it. */
export class SqliteTables implements StoreDatabase {
  readonly #db: DatabaseSync;
  readonly #prepared = new Map<StatementName, StatementSync>();

  constructor(db: DatabaseSync) {
    this.#db = db;
  }

  // An `async` method rejects where SQLite throws.
  async run<Name extends StatementName>(name: Name, values: StatementValues[Name]): Promise<readonly StoreRow[]> {
    const statement = this.#prepared.get(name) ?? this.#db.prepare(statements[name]);
    this.#prepared.set(name, statement);
    return statement.all({ ...values });
  }

  /** Begins at once: a transaction that reads first and then wants to write would be refused while another process writes, without a wait. */
  async transaction<Result>(work: () => Promise<Result>): Promise<Result> {
    this.#db.exec('begin immediate');
    try {
      const result = await work();
      this.#db.exec('commit');
      return result;
    } catch (error) {
      // SQLite has rolled back by itself after some errors, and would answer with another error in place of the first.
      if (this.#db.isTransaction) this.#db.exec('rollback');
      throw error;
    }
  }

  refusesValues(error: unknown): boolean {
    // Node's own error is about a number that JavaScript cannot hold.
    return error instanceof RangeError || valueCodes.has(sqliteCode(error));
  }
}
