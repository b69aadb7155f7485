import { type Stats, statSync } from 'node:fs';
import { constants, DatabaseSync, type StatementSync } from 'node:sqlite';

import { cannotBeRead, ParleyError } from '../../../errors.ts';
import { type ArgumentValue, type SqlDatabase, SqlFailure, type SqlMeans, type SqlRows } from '../sql-database.ts';
import { type SqlQuery, writeQuery } from '../sql-text.ts';
import { spokenSqliteValue } from './sqlite-values.ts';

/** How long a query waits for a program that is writing. */
const busyMsMax = 1_000;

/** What SQLite itself holds a query to. No value of a lookup is longer than a megabyte, and no honest query is nested deeply. */
const limits = {
  length: 1_000_000,
  sqlLength: 100_000,
  exprDepth: 200,
  compoundSelect: 50,
  attach: 0,
  likePatternLength: 1_000,
};

/** All that a query may do. What the file says about itself is read as well, by full-text search. */
const allowed: ReadonlySet<number> = new Set([
  constants.SQLITE_SELECT,
  constants.SQLITE_READ,
  constants.SQLITE_FUNCTION,
  constants.SQLITE_RECURSIVE,
]);

const busyCode = 5;

/** A table that is locked, by a connection of this process or by a schema that changes. */
const lockedCode = 6;

/** The file cannot be opened, read, or made sense of. */
const fileCodes: ReadonlySet<number> = new Set([10, 11, 14, 26]);

/**
 * Opens a file for one query, read-only, and has SQLite read the query. Throws `tools.fileInvalid` when it cannot be opened or refuses
 * the query. A query blocks its process: whoever waits for it too long ends that process.
 */
export function openSqlite(path: string, query: SqlQuery, { rowsMax }: SqlMeans): SqlDatabase {
  const sql = writeQuery(query, (name) => `:${name}`);
  const columns = checkedColumns(path, sql);
  const names = [...new Set(query.places)];
  let file: OpenFile | null = null;
  const letGo = (): void => {
    file?.database.close();
    file = null;
  };
  return {
    columns,
    warnings: [],
    query: async (values) => {
      try {
        // Another file may have been put in its place.
        if (file !== null && stateOf(path) !== file.state) letGo();
        file ??= openFile(path, sql);
        return rowsOf(file.statement, bound(names, values), rowsMax);
      } catch (error) {
        // A statement that failed in the middle stays there.
        letGo();
        throw sqliteFailure(error);
      }
    },
    close: async () => letGo(),
  };
}

function checkedColumns(path: string, sql: string): string[] {
  try {
    const { database, statement } = openFile(path, sql);
    const columns = statement.columns().map(({ name }) => name);
    database.close();
    return columns;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new ParleyError('tools.fileInvalid', `SQLite cannot ask ${path}: ${why}.`);
  }
}

interface OpenFile {
  readonly database: DatabaseSync;
  readonly statement: StatementSync;
  /** Tells this file from another one that was put in its place. */
  readonly state: string;
}

function openFile(path: string, sql: string): OpenFile {
  const state = stateOf(path);
  const database = new DatabaseSync(path, { readOnly: true, timeout: busyMsMax, defensive: true, limits });
  try {
    database.setAuthorizer((action, name) =>
      allowed.has(action) || (action === constants.SQLITE_PRAGMA && name === 'data_version')
        ? constants.SQLITE_OK
        : constants.SQLITE_DENY,
    );
    const statement = database.prepare(sql);
    // Numbers of 64 bits do not fit into those of JavaScript, and an order number must keep its last digits.
    statement.setReadBigInts(true);
    statement.setReturnArrays(true);
    return { database, statement, state };
  } catch (error) {
    database.close();
    throw error;
  }
}

function stateOf(path: string): string {
  const stats = statsOf(path);
  // SQLite would wait for ever for whoever writes into a pipe.
  if (!stats.isFile()) throw new Error('it is no file');
  return `${stats.dev}-${stats.ino}`;
}

function statsOf(path: string): Stats {
  try {
    return statSync(path);
  } catch (error) {
    throw new Error(`it ${cannotBeRead(error)}`, { cause: error });
  }
}

function bound(
  names: readonly string[],
  values: ReadonlyMap<string, ArgumentValue>,
): Record<string, string | number | null> {
  return Object.fromEntries(
    names.map((name) => {
      const value = values.get(name) ?? null;
      return [name, typeof value === 'boolean' ? Number(value) : value];
    }),
  );
}

function rowsOf(statement: StatementSync, values: Record<string, string | number | null>, rowsMax: number): SqlRows {
  const types = statement.columns().map(({ type }) => type);
  const rows: (string | null)[][] = [];
  for (const row of statement.iterate(values)) {
    // To leave the loop ends the query, however much more it would find.
    if (rows.length === rowsMax) return { rows, hasMore: true };
    rows.push(Object.values(row).map((value, index) => spokenSqliteValue(types[index] ?? null, value)));
  }
  return { rows, hasMore: false };
}

function sqliteFailure(error: unknown): SqlFailure {
  const message = error instanceof Error ? error.message : String(error);
  const code = error instanceof Error && 'errcode' in error ? Number(error.errcode) : null;
  if (code === null) return new SqlFailure('unreachable', 'FILE', message);
  // The upper bits say more than anybody asks.
  const primary = code & 0xff;
  if (primary === busyCode || primary === lockedCode) return new SqlFailure('busy', String(code), message);
  return new SqlFailure(fileCodes.has(primary) ? 'unreachable' : 'refused', String(code), message);
}
