import pg from 'pg';

import { ParleyError } from '../../../errors.ts';
import type { ToolLog } from '../../../tools/tool.ts';
import {
  type ArgumentValue,
  type SqlDatabase,
  SqlFailure,
  type SqlMeans,
  type SqlRows,
  type SqlRun,
} from '../sql-database.ts';
import { type SqlQuery, writeQuery } from '../sql-text.ts';
import { postgresFailure } from './postgres-failure.ts';
import { spokenPgValue } from './postgres-values.ts';

/** Callers at once for whom there is a query. A database has some hundred connections for everybody. */
const connectionsMax = 4;

/** Beyond these nobody would be answered in time. */
const waitingMax = 50;

/** A database that is well takes some milliseconds; the rest of the caller's patience belongs to the query. */
const connectMsMax = 2_000;

/** Kept for the next caller, and given back before a firewall forgets them. */
const idleMs = 30_000;

/** What PostgreSQL takes to send `statement_timeout` its way, and we to hear of it. */
const graceMs = 500;

/** The code of a connection that was dead when it was to be used. */
const staleCode = 'STALE';

interface PostgresMeans extends SqlMeans {
  readonly connectionString: string;
  readonly warnings: readonly string[];
  readonly log: ToolLog;
}

/**
 * Opens a pool for one query, and has the server read and plan the query. Throws `tools.fileInvalid` when it cannot be reached or
 * refuses the query.
 */
export async function openPostgres(query: SqlQuery, means: PostgresMeans): Promise<SqlDatabase> {
  const { connectionString, warnings, log, timeoutMs } = means;
  const pool = new pg.Pool({
    connectionString,
    max: connectionsMax,
    connectionTimeoutMillis: Math.min(connectMsMax, timeoutMs),
    idleTimeoutMillis: idleMs,
    allowExitOnIdle: true,
    application_name: 'parley',
    // What the server writes is made speakable here; the driver's own ideas of dates and numbers would lose digits and zones.
    types: { getTypeParser: () => (text: string) => text },
  });
  // A connection that breaks while nobody uses it is replaced when somebody does.
  pool.on('error', (error) => log('sqlConnectionLost', { code: postgresFailure(error).code }));
  // One that breaks while it is used fails its query; nobody else listens to it then.
  pool.on('connect', (client) => client.on('error', () => {}));
  const queries = new PostgresQueries(pool, query, means);
  try {
    const columns = await queries.columns();
    return {
      columns,
      warnings,
      query: (values, run) => queries.rows(values, run),
      close: async () => await pool.end().catch(() => {}),
    };
  } catch (error) {
    await pool.end().catch(() => {});
    const { code, message } = postgresFailure(error);
    throw new ParleyError('tools.fileInvalid', `PostgreSQL says (${code}): ${message}`);
  }
}

/** Runs one query, each time in a transaction of its own that can only read and is always rolled back. */
class PostgresQueries {
  readonly #pool: pg.Pool;
  readonly #declaration: string;
  /** The names of the parameters, in the order of their numbers. */
  readonly #names: readonly string[];
  readonly #means: SqlMeans;

  constructor(pool: pg.Pool, query: SqlQuery, means: SqlMeans) {
    this.#pool = pool;
    this.#names = [...new Set(query.places)];
    // A cursor lets the server stop after the rows that are wanted. It also takes no query that writes anything.
    this.#declaration = `DECLARE lookup NO SCROLL CURSOR FOR ${writeQuery(query, (name) => `$${this.#names.indexOf(name) + 1}`)}`;
    this.#means = means;
  }

  /** What the query gives. The server plans it without values, and runs nothing. */
  async columns(): Promise<string[]> {
    const run = { signal: AbortSignal.timeout(this.#means.timeoutMs), timeZone: 'UTC' };
    return await this.#inTransaction(new Map(), run, async (client) => {
      const { fields } = await client.query('FETCH 0 FROM lookup');
      return fields.map(({ name }) => name);
    });
  }

  async rows(values: ReadonlyMap<string, ArgumentValue>, run: SqlRun): Promise<SqlRows> {
    const { rowsMax } = this.#means;
    return await this.#inTransaction(values, run, async (client) => {
      const { fields, rows } = await client.query<(string | null)[]>({
        text: `FETCH ${rowsMax + 1} FROM lookup`,
        rowMode: 'array',
      });
      const spoken = rows.map((row) => row.map((value, index) => spokenPgValue(fields[index]?.dataTypeID ?? 0, value)));
      return { rows: spoken.slice(0, rowsMax), hasMore: spoken.length > rowsMax };
    });
  }

  /** A connection may have died unnoticed since it was used, and the next one may be sound. */
  async #inTransaction<Result>(
    values: ReadonlyMap<string, ArgumentValue>,
    run: SqlRun,
    work: (client: pg.PoolClient) => Promise<Result>,
  ): Promise<Result> {
    try {
      return await this.#transaction(values, run, work);
    } catch (error) {
      if (!(error instanceof SqlFailure && error.code === staleCode)) throw error;
      return await this.#transaction(values, run, work);
    }
  }

  async #transaction<Result>(
    values: ReadonlyMap<string, ArgumentValue>,
    { signal, timeZone }: SqlRun,
    work: (client: pg.PoolClient) => Promise<Result>,
  ): Promise<Result> {
    if (this.#pool.waitingCount >= waitingMax) throw new SqlFailure('busy', 'POOL', 'Too many wait for the database.');
    const client = await this.#connect();
    const deadline = AbortSignal.any([signal, AbortSignal.timeout(this.#means.timeoutMs + graceMs)]);
    // A server that hangs answers neither this nor anything else: only to let go of the connection ends the wait.
    const release = releaseOnce(client);
    const letGo = (): void => release(true);
    if (deadline.aborted) letGo();
    deadline.addEventListener('abort', letGo, { once: true });
    let hasBegun = false;
    try {
      deadline.throwIfAborted();
      await client.query(this.#beginning(timeZone));
      hasBegun = true;
      const bound = this.#names.map((name) => textOf(values.get(name) ?? null));
      // Without `queryMode`, a query without values could be several statements; the driver knows it, and its types do not.
      const declaration = { text: this.#declaration, values: bound, queryMode: 'extended' };
      await client.query(declaration);
      const result = await work(client);
      await client.query('ROLLBACK');
      release(false);
      return result;
    } catch (error) {
      if (deadline.aborted) throw new SqlFailure('tooSlow', 'DEADLINE', 'It took longer than the tool may.');
      const failure = postgresFailure(error);
      await giveBack(client, failure, release);
      throw hasBegun || failure.failure !== 'lost' ? failure : new SqlFailure('lost', staleCode, failure.message);
    } finally {
      deadline.removeEventListener('abort', letGo);
    }
  }

  async #connect(): Promise<pg.PoolClient> {
    try {
      return await this.#pool.connect();
    } catch (error) {
      // The pool's own words have no code: it waited in vain, for a connection or for its turn.
      const isFull = this.#pool.totalCount >= connectionsMax && this.#pool.idleCount === 0;
      const { failure, code, message } = postgresFailure(error);
      if (code !== 'CONNECTION') throw new SqlFailure(failure === 'lost' ? 'unreachable' : failure, code, message);
      throw new SqlFailure(isFull ? 'busy' : 'unreachable', isFull ? 'POOL' : 'CONNECT', message);
    }
  }

  #beginning(timeZone: string): string {
    const { timeoutMs } = this.#means;
    return [
      'BEGIN READ ONLY',
      `SET LOCAL statement_timeout = ${Math.ceil(timeoutMs)}`,
      // A process of ours that stands still in between must not keep a snapshot open at the server.
      `SET LOCAL idle_in_transaction_session_timeout = ${Math.ceil(timeoutMs)}`,
      "SET LOCAL datestyle = 'ISO'",
      "SET LOCAL bytea_output = 'hex'",
      // "Today" in a query is the caller's.
      `SET LOCAL TIME ZONE ${pg.escapeLiteral(timeZone)}`,
    ].join('; ');
  }
}

/** A connection goes back to its pool once, whether it is sound or not: the end of the time may come in between. */
function releaseOnce(client: pg.PoolClient): (isBroken: boolean) => void {
  let isReleased = false;
  return (isBroken) => {
    if (isReleased) return;
    isReleased = true;
    client.release(isBroken);
  };
}

/** A connection on which only the query failed serves the next caller; any other is closed. */
async function giveBack(
  client: pg.PoolClient,
  { failure }: SqlFailure,
  release: (isBroken: boolean) => void,
): Promise<void> {
  if (failure === 'lost') return release(true);
  try {
    await client.query('ROLLBACK');
    release(false);
  } catch {
    release(true);
  }
}

function textOf(value: ArgumentValue): string | null {
  return value === null ? null : String(value);
}
