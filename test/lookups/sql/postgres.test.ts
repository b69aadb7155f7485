import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import { inSchema, noDatabase, ownName, testDatabase } from '../../test-database.ts';
import { TcpProxy } from '../../tcp-proxy.ts';
import { until } from '../../until.ts';
import { injections, parameter, SqlScene } from './sql-scene.ts';

const given = await testDatabase();

test('PostgreSQL is there to be asked', async ({ skip }) => {
  if (given === null) return skip(noDatabase);
  const client = new pg.Client({ connectionString: given });
  await client.connect();
  expect((await client.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  await client.end();
});

describe.skipIf(given === null)('PostgreSQL', () => {
  const schema = ownName();
  const admin = new pg.Client({ connectionString: given ?? '' });
  const address = new URL(inSchema(given ?? 'postgres://none/', schema));
  // By it our connections are told from those of other test runs at the same server.
  address.searchParams.set('application_name', schema);
  const scene = new SqlScene(address.href);

  const orderOf = {
    query: 'SELECT number, status FROM orders WHERE number = :number',
    parameters: { number: parameter('text') },
  };

  beforeAll(async () => {
    await admin.connect();
    await admin.query(`
      CREATE SCHEMA ${schema};
      SET search_path = ${schema};
      CREATE TABLE orders (number text, status text, id serial);
      INSERT INTO orders VALUES ('A1', 'shipped'), ('A2', 'packed');
      CREATE TABLE secrets (secret text);
      INSERT INTO secrets VALUES ('hidden');
      CREATE FUNCTION quietly_insert() RETURNS int LANGUAGE plpgsql AS
        $$ BEGIN INSERT INTO orders VALUES ('A3', 'made up'); RETURN 1; END $$;
      CREATE FUNCTION quietly_allow() RETURNS text LANGUAGE sql AS
        $$ SELECT set_config('transaction_read_only', 'off', false) $$;
    `);
  });

  afterEach(async () => {
    await scene.close();
    const { rows } = await admin.query('SELECT count(*)::int AS count FROM orders');
    if (JSON.stringify(rows) !== '[{"count":2}]') throw new Error('A lookup changed the table.');
    scene.lines.length = 0;
  });

  afterAll(async () => {
    await admin.query(`DROP SCHEMA ${schema} CASCADE`);
    await admin.end();
  });

  /** The backends that work for us at this moment. */
  async function busyPids(): Promise<number[]> {
    const { rows } = await admin.query<{ pid: number }>(
      "SELECT pid FROM pg_stat_activity WHERE application_name = $1 AND state = 'active'",
      [schema],
    );
    return rows.map(({ pid }) => pid);
  }

  test('binds what the model gives, and answers in sentences', async () => {
    const lookup = await scene.open(orderOf);
    expect(await scene.run(lookup, { number: 'A1' })).toEqual({
      status: 'found',
      result: 'The number is A1. The status is shipped.',
    });
    expect(await scene.run(lookup, { number: 'A9' })).toMatchObject({ status: 'not_found', retryable: false });
    expect((await scene.ask({ ...orderOf, answer: '{number}: {status}.' }, { number: 'A2' }))?.['result']).toBe(
      'A2: packed.',
    );
  });

  test.each(injections)('takes %j for a value and nothing else', async (number) => {
    const answer = await scene.ask(orderOf, { number });
    // A text with a zero in it is none that PostgreSQL takes.
    expect(answer?.['status']).toBe(number.includes('\u0000') ? 'failed' : 'not_found');
  });

  test('says its values as one speaks, and times as they are where the agent is', async () => {
    const lookup = await scene.open({
      query: `SELECT 9007199254740993::bigint AS big, 12.50::numeric AS price, true AS paid, '\\x010203'::bytea AS photo,
        '2026-03-04'::date AS day, '14:30'::time AS hour, '2026-03-04T13:30:00Z'::timestamptz AS at, NULL AS missing,
        ARRAY['red', 'light blue'] AS colours, 'x '::char(9) AS padded, '{"a": 1}'::jsonb AS json,
        '1 day 2 hours'::interval AS wait`,
    });
    const context = {
      call: { callSid: 'CA1', from: null, to: null, agent: 'a', languageTag: null, timeZone: 'Europe/Vienna' },
    };
    expect((await scene.run(lookup, {}, context))?.['result']).toBe(
      'The big is 9007199254740993. The price is 12.50. The paid is yes. The photo is 3 bytes of data. ' +
        'The day is Wednesday, 4 March 2026. The hour is 14:30. The at is Wednesday, 4 March 2026, 14:30. ' +
        'The colours is red, light blue. The padded is x. The json is {"a": 1}. The wait is 1 day 02:00:00.',
    );
  });

  test('of a million rows fetches the first few, and says that there are more', async () => {
    expect(await scene.ask({ query: 'SELECT i FROM generate_series(1, 1000000) AS i', rows_max: 2 })).toMatchObject({
      result: 'Record 1: The i is 1. Record 2: The i is 2.',
      message: expect.stringContaining('There are more than these 2.'),
    });
  });

  test.each([
    'SELECT pg_sleep(60)::text AS slept',
    'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i % 9 + 1 FROM n) SELECT max(i) AS i FROM n',
  ])('ends at the server what does not end: %s', async (query) => {
    expect(await scene.ask({ query }, {}, { timeoutMs: 500 })).toEqual({
      status: 'failed',
      retryable: false,
      message: 'The database takes too long. Tell the caller that this cannot be looked up at the moment.',
    });
    expect(scene.lines).toMatchObject([{ event: 'sqlFailed', fields: { failure: 'tooSlow', code: '57014' } }]);
    expect(await busyPids()).toEqual([]);
  });

  test.each([
    [
      'WITH x AS (INSERT INTO orders VALUES (1) RETURNING number) SELECT * FROM x',
      '(0A000): DECLARE CURSOR must not contain',
    ],
    ['WITH x AS (SELECT 1) DELETE FROM orders', '(42601)'],
    ['SELECT * FROM orders FOR UPDATE', '(25006)'],
    ['SELECT * INTO copies FROM orders', '(42601)'],
    ['SELECT missing FROM orders', '(42703): column "missing" does not exist'],
    ['SELECT a FROM nowhere', '(42P01)'],
    ['SELECT 1 AS a, 2 AS a', 'two columns named a'],
  ])('refuses at start: %s', async (query, why) => {
    const opening = scene.open({ query });
    await expect(opening).rejects.toMatchObject({ code: 'tools.fileInvalid', message: expect.stringContaining(why) });
  });

  test.each([
    ['SELECT quietly_insert() AS done', '25006'],
    ["SELECT nextval('orders_id_seq') AS next", '25006'],
    ['SELECT quietly_allow() AS allowed FROM orders', '25001'],
  ])('lets nothing happen in secret: %s', async (query, code) => {
    expect(await scene.ask({ query })).toEqual({
      status: 'failed',
      retryable: false,
      message: 'The database does not answer this. Tell the caller that this cannot be looked up at the moment.',
    });
    expect(scene.lines).toMatchObject([{ event: 'sqlFailed', fields: { failure: 'refused', code } }]);
  });

  test('takes back what a transaction may do that only reads', async () => {
    expect(await scene.ask({ query: 'SELECT lo_create(424242) AS made' })).toMatchObject({ status: 'found' });
    const { rows } = await admin.query('SELECT oid FROM pg_largeobject_metadata WHERE oid = 424242');
    expect(rows).toEqual([]);
  });

  test('says that values do not fit, and nothing that the server said', async () => {
    const fields = {
      query: 'SELECT number FROM orders WHERE id = :id::int',
      parameters: { id: parameter('text') },
    };
    expect(await scene.ask(fields, { id: 'seven' })).toEqual({
      status: 'failed',
      retryable: true,
      message: 'The database cannot compare these values. Ask the caller for them again, and look once more.',
    });
    expect(scene.lines).toMatchObject([
      { fields: { code: '22P02', pii: { message: expect.stringContaining('seven') } } },
    ]);
  });

  test('that ends a connection in the middle is asked anew by the next caller', async () => {
    const lookup = await scene.open({
      query: 'SELECT pg_sleep(:seconds)::text AS slept',
      parameters: { seconds: parameter('integer') },
    });
    const asking = scene.run(lookup, { seconds: 60 });
    const pid = await until('the query at the server', async () => (await busyPids())[0]);
    await admin.query('SELECT pg_terminate_backend($1)', [pid]);
    expect(await asking).toMatchObject({
      status: 'failed',
      retryable: true,
      message: expect.stringContaining('The connection to the database broke off.'),
    });
    expect(await scene.run(lookup, { seconds: 0 })).toMatchObject({ status: 'found' });
  });

  test('that was restarted while nobody asked is asked as if nothing had been', async () => {
    const lookup = await scene.open(orderOf);
    await scene.run(lookup, { number: 'A1' });
    await admin.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1', [schema]);
    await until('the connection to be missed', () => scene.lines.find(({ event }) => event === 'sqlConnectionLost'));
    expect(await scene.run(lookup, { number: 'A1' })).toMatchObject({ status: 'found' });
  });

  test('is asked by four callers at once, and says to the fifth that it is busy', async () => {
    const lookup = await scene.open({ query: 'SELECT pg_sleep(60)::text AS slept' }, { timeoutMs: 4_000 });
    const answers = await Promise.all(Array.from({ length: 5 }, async () => await scene.run(lookup)));
    const messages = answers.map((answer) => String(answer?.['message']));
    expect(messages.filter((message) => message.startsWith('The database takes too long.'))).toHaveLength(4);
    expect(messages.filter((message) => message.startsWith('The database is busy.'))).toHaveLength(1);
  });

  test('is not waited for by a caller who has hung up', async () => {
    const lookup = await scene.open({ query: 'SELECT pg_sleep(2)::text AS slept' });
    const abort = new AbortController();
    const asking = scene.run(lookup, {}, { signal: abort.signal });
    await until('the query at the server', async () => (await busyPids()).length === 1);
    abort.abort();
    expect(await asking).toMatchObject({ status: 'failed' });
    // Nor is a connection taken for one who has hung up before.
    for (let caller = 0; caller < 5; caller += 1) {
      expect(await scene.run(lookup, {}, { signal: abort.signal })).toMatchObject({ status: 'failed' });
    }
    await until('the server to be done', async () => (await busyPids()).length === 0);
  });

  describe('behind a network that fails', () => {
    test('and is silent in the middle of a query costs no more than the time of the tool', async (context) => {
      const proxy = await TcpProxy.open(context, address.href);
      const behind = new SqlScene(proxy.address);
      const lookup = await behind.open(orderOf, { timeoutMs: 600 });
      proxy.pause();
      expect(await behind.run(lookup, { number: 'A1' })).toMatchObject({
        status: 'failed',
        message: expect.stringContaining('The database takes too long.'),
      });
      proxy.cut();
      expect(await behind.run(lookup, { number: 'A1' })).toMatchObject({ status: 'found' });
      await behind.close();
    });

    test('and is down says that it cannot be reached, and answers when it is back', async (context) => {
      const proxy = await TcpProxy.open(context, address.href);
      const behind = new SqlScene(proxy.address);
      const lookup = await behind.open(orderOf);
      await proxy.stop();
      expect(await behind.run(lookup, { number: 'A1' })).toEqual({
        status: 'failed',
        retryable: true,
        message: 'The database cannot be reached. Tell the caller that this cannot be looked up at the moment.',
      });
      await proxy.listen();
      expect(await behind.run(lookup, { number: 'A1' })).toMatchObject({ status: 'found' });
      await behind.close();
    });
  });

  test('that cannot be reached is refused at start, without its password', async (context) => {
    const proxy = await TcpProxy.open(context, address.href);
    await proxy.stop();
    const away = new URL(proxy.address);
    away.password = 'tops3cret';
    for (const [database, why] of [
      [away.href, /^PostgreSQL says \(ECONNREFUSED\): /],
      [given?.replace(/[^/]*$/, 'parley_none'), /^PostgreSQL says \(3D000\): database "parley_none" does not exist$/],
      ['postgres://user:tops3cret@ho st/db', /^"database" is no address like postgres:/],
    ] as const) {
      const opening = scene.open({ ...orderOf, database });
      await expect(opening).rejects.toMatchObject({ code: 'tools.fileInvalid', message: expect.stringMatching(why) });
      await expect(opening).rejects.not.toThrow('tops3cret');
    }
  });
});
