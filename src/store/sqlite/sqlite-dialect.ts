import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import {
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

/** Each way of looking for calls is a text of its own. Beyond that, a query is not worth keeping. */
const statementsMax = 100;

/** Values keep the type of their column, and rows lie in the order of their key. */
export const sqliteSchema: SchemaDialect = {
  name: 'text',
  integer: 'integer',
  real: 'real',
  tableOptions: sql`strict, without rowid`,
  isShared: false,
};

/** Lets kysely read a database of Node's own SQLite. Whoever opened the database closes it. */
export function sqliteDialect(db: DatabaseSync): Dialect {
  return {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new SqliteDriver({ database: betterSqlite(db) }),
    createIntrospector: (queries) => new SqliteIntrospector(queries),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
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
