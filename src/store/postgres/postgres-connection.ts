import pg from 'pg';

/** A server that is there lets in within milliseconds. A call that is being taken over waits for no more. */
const connectMsMax = 1_500;

/** After this time without an answer the connection is given up. It is longer than the server works on a statement. */
const answerMsMax = 5_000;

/** Kept for the next question, and given back before a firewall forgets it. */
const idleMs = 30_000;

/** Types that hold numbers: bigint, integer, double precision. All others arrive as texts. */
const numberTypes: ReadonlySet<number> = new Set([20, 23, 701]);

const usual = {
  connectionTimeoutMillis: connectMsMax,
  query_timeout: answerMsMax,
  application_name: 'parley journal',
  keepAlive: true,
  types: {
    getTypeParser: (type: number) => (text: string) => (numberTypes.has(type) ? Number(text) : text),
  },
};

/** Opens a connection on which statements are sent without waiting for one another. Rejects with an error of the driver. */
export async function connectPostgres(connectionString: string): Promise<pg.Client> {
  const client = new pg.Client({ ...usual, connectionString, pipeline: true });
  // One that breaks while nobody uses it is replaced when somebody does.
  client.on('error', () => {});
  await client.connect();
  return client;
}

/** A connection that is there while somebody reads. */
export function readingPool(connectionString: string): pg.Pool {
  const pool = new pg.Pool({ ...usual, connectionString, max: 1, idleTimeoutMillis: idleMs, allowExitOnIdle: true });
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  return pool;
}
