import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  SqliteAdapter,
  type SqliteDatabase,
  SqliteDriver,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type SqliteStatement,
  sql,
} from 'kysely';
import { ParleyError } from '../../errors.ts';
import type { SchemaDialect } from '../migrations.ts';

/** The store has some ten queries, and so has the start. Beyond that, a query is one whose text changes, and not worth keeping. */
const statementsMax = 100;

/** Values keep the type of their column, and rows lie in the order of their key. */
export const sqliteSchema: SchemaDialect = {
  integer: 'integer',
  real: 'real',
  tableOptions: sql`strict, without rowid`,
};

/** Lets kysely work on a database of Node's own SQLite. Whoever opened the database closes it. */
export function sqliteDialect(db: DatabaseSync): Dialect {
  return {
    createAdapter: () => new TransactionalAdapter(),
    createDriver: () => new ImmediateDriver(db),
    createIntrospector: (queries) => new SqliteIntrospector(queries),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
}

/** SQLite does roll back what was done to tables, though kysely makes no use of it. */
class TransactionalAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

class ImmediateDriver extends SqliteDriver {
  readonly #db: DatabaseSync;

  constructor(db: DatabaseSync) {
    super({ database: betterSqlite(db) });
    this.#db = db;
  }

  /** A transaction that reads first and then wants to write would be refused while another process writes, without a wait. */
  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'));
  }

  /** SQLite has rolled back by itself after some errors, and would answer with another error in place of the first. */
  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    if (this.#db.isTransaction) await super.rollbackTransaction(connection);
  }
}

/** Node's SQLite in the shape of the better-sqlite3 package, which kysely knows. */
function betterSqlite(db: DatabaseSync): SqliteDatabase {
  const statements = new Map<string, SqliteStatement>();
  return {
    close: () => db.close(),
    prepare: (text) => {
      const kept = statements.get(text);
      if (kept !== undefined) return kept;
      const statement = db.prepare(text);
      const made: SqliteStatement = {
        reader: statement.columns().length > 0,
        all: (parameters) => statement.all(...parameters.map(bindable)),
        run: (parameters) => statement.run(...parameters.map(bindable)),
        iterate: (parameters) => statement.iterate(...parameters.map(bindable)),
      };
      if (statements.size < statementsMax) statements.set(text, made);
      return made;
    },
  };
}

function bindable(value: unknown): SQLInputValue {
  if (value === null || typeof value === 'string' || typeof value === 'number') return value;
  throw new ParleyError('journal.unusable', `A query holds a value of type ${typeof value}.`);
}
