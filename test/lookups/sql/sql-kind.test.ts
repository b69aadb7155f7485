import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import { sqlKind } from '../../../src/lookups/sql/sql-kind.ts';
import { injections, parameter, SqlScene } from './sql-scene.ts';

const folder = mkdtempSync(join(tmpdir(), 'parley-sqlite-'));
const path = join(folder, 'shop.db');
const scene = new SqlScene(path);

const orderOf = {
  query: 'SELECT number, status, delivery FROM orders WHERE number = :number',
  parameters: { number: parameter('text') },
};

beforeAll(() => makeShop(path, 'shipped'));

afterEach(async () => {
  await scene.close();
  scene.lines.length = 0;
});

afterAll(() => rmSync(folder, { recursive: true }));

describe('a query of SQLite', () => {
  test('binds what the model gives, and answers in sentences', async () => {
    const lookup = await scene.open(orderOf);
    expect(lookup.tools).toMatchObject([
      {
        name: 'look_up',
        effect: 'read',
        timeoutMs: 8_000,
        parameters: { type: 'object', properties: { number: { type: 'string' } }, required: ['number'] },
      },
    ]);
    expect(await scene.run(lookup, { number: 'A1' })).toEqual({
      status: 'found',
      result: 'The number is A1. The status is shipped. The delivery is Wednesday, 4 March 2026.',
    });
    expect(await scene.run(lookup, { number: 'A9' })).toMatchObject({ status: 'not_found', retryable: false });
    await expect(scene.run(lookup, { number: 7 })).rejects.toMatchObject({ code: 'tool.argumentsInvalid' });
  });

  test('is told in the words of the admin', async () => {
    const fields = {
      ...orderOf,
      answer: 'Order {number} is {status} and comes on {delivery}.',
      not_found: 'There is no such order. Ask whether it was placed in the shop.',
    };
    expect((await scene.ask(fields, { number: 'A1' }))?.['result']).toBe(
      'Order A1 is shipped and comes on Wednesday, 4 March 2026.',
    );
    expect((await scene.ask(fields, { number: 'A3' }))?.['result']).toBe('Order A3 is lost and comes on unknown.');
    expect((await scene.ask(fields, { number: 'A9' }))?.['message']).toBe(fields.not_found);
  });

  test('says its values as one speaks', async () => {
    const answer = await scene.ask({ query: 'SELECT big, price, paid, photo, at, missing FROM kinds' });
    expect(answer?.['result']).toBe(
      'The big is 9007199254740993. The price is 12.5. The paid is yes. The photo is 3 bytes of data. ' +
        'The at is Wednesday, 4 March 2026, 14:30.',
    );
  });

  test('takes parameters of every type, and none for one that was left out', async () => {
    const fields = {
      query:
        'SELECT :t AS t, :n + 1 AS n, :i + 1 AS i, CASE WHEN :b THEN 1 ELSE 2 END AS b, coalesce(:o, 7) AS o, :c AS c',
      parameters: {
        t: parameter('text'),
        n: parameter('number'),
        i: parameter('integer'),
        b: parameter('boolean'),
        o: parameter('integer', { optional: true }),
        c: parameter('text', { one_of: ['red', 'blue'] }),
      },
    };
    const args = { t: 'x', n: 1.5, i: 2, b: false, c: 'red' };
    expect((await scene.ask(fields, args))?.['result']).toBe(
      'The t is x. The n is 2.5. The i is 3. The b is 2. The o is 7. The c is red.',
    );
    for (const wrong of [
      { ...args, c: 'green' },
      { ...args, i: 1.5 },
      { ...args, t: 'x'.repeat(201) },
    ]) {
      await expect(scene.ask(fields, wrong)).rejects.toMatchObject({ code: 'tool.argumentsInvalid' });
    }
  });

  test('of a million rows gives the first few, and says that there are more', async () => {
    const answer = await scene.ask({
      query: 'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000) SELECT i FROM n',
      rows_max: 2,
    });
    expect(answer).toEqual({
      status: 'found',
      result: 'Record 1: The i is 1. Record 2: The i is 2.',
      message:
        'There are more than these 2. If the caller wants another one, ask for what tells it apart, and look again.',
    });
  });

  test('gives no more than a few thousand signs', async () => {
    const answer = await scene.ask({
      query: 'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT hex(zeroblob(4000)) AS x FROM n',
      rows_max: 10,
    });
    expect(String(answer?.['result']).length).toBeLessThan(4_100);
  });

  test('finds by full-text search', async () => {
    const fields = {
      query: 'SELECT body FROM notes WHERE notes MATCH :words',
      parameters: { words: parameter('text') },
    };
    expect((await scene.ask(fields, { words: 'opening' }))?.['result']).toBe('The body is the opening hours.');
    // What is no search is no internal of ours either.
    expect(await scene.ask(fields, { words: '"' })).toMatchObject({ status: 'failed', retryable: false });
  });

  test('goes on with a file that was put in its place', async () => {
    const lookup = await scene.open(orderOf);
    const newer = join(folder, 'newer.db');
    makeShop(newer, 'delivered');
    renameSync(path, join(folder, 'older.db'));
    expect(await scene.run(lookup, { number: 'A1' })).toEqual({
      status: 'failed',
      retryable: true,
      message: 'The database cannot be reached. Tell the caller that this cannot be looked up at the moment.',
    });
    expect(scene.lines).toMatchObject([{ event: 'sqlFailed', fields: { failure: 'unreachable', code: 'FILE' } }]);
    renameSync(newer, path);
    expect((await scene.run(lookup, { number: 'A1' }))?.['result']).toContain('delivered');
    renameSync(join(folder, 'older.db'), path);
    expect((await scene.run(lookup, { number: 'A1' }))?.['result']).toContain('shipped');
  });

  test('waits for who writes, and says that the database is busy', async () => {
    const writer = new DatabaseSync(path);
    const lookup = await scene.open(orderOf);
    writer.exec('BEGIN EXCLUSIVE');
    expect(await scene.run(lookup, { number: 'A1' })).toMatchObject({
      status: 'failed',
      message: 'The database is busy. Tell the caller that this cannot be looked up at the moment.',
    });
    writer.exec('ROLLBACK');
    writer.close();
    expect(await scene.run(lookup, { number: 'A1' })).toMatchObject({ status: 'found' });
  });

  test.each(injections)('takes %j for a value and nothing else', async (number) => {
    expect(await scene.ask(orderOf, { number })).toMatchObject({ status: 'not_found' });
  });
});

describe('a query that changes something', () => {
  test.each([
    ['WITH x AS (SELECT 1) DELETE FROM orders', 'not authorized'],
    ['WITH x AS (SELECT 1) INSERT INTO orders VALUES (1, 2, 3) RETURNING number', 'not authorized'],
  ])('is refused at start: %s', async (query, why) => {
    const opening = scene.open({ query });
    await expect(opening).rejects.toMatchObject({ code: 'tools.fileInvalid', message: expect.stringContaining(why) });
  });
});

test('a query that wants to load a program is refused when it runs', async () => {
  expect(await scene.ask({ query: "SELECT load_extension('x')" })).toMatchObject({
    status: 'failed',
    retryable: false,
  });
  expect(scene.lines).toMatchObject([{ fields: { failure: 'refused', pii: { message: 'not authorized' } } }]);
});

describe('an entry that cannot be used', () => {
  test.each([
    [{ query: 'SELECT missing FROM orders' }, `SQLite cannot ask ${path}: no such column: missing.`],
    [{ query: 'SELECT 1 AS a, 2 AS a' }, '"query" gives two columns named a; name one of them with AS.'],
    [
      { query: 'SELECT 1 AS a, 2 AS b', answer: '{a} {c} {}' },
      '"answer" names {c}, and the query gives a, b.\n"answer" names {}, and the query gives a, b.',
    ],
    [
      { database: join(folder, 'none.db'), query: 'SELECT 1' },
      `SQLite cannot ask ${join(folder, 'none.db')}: it cannot be read: it does not exist.`,
    ],
    [{ database: textFile(), query: 'SELECT 1 FROM t' }, `SQLite cannot ask ${textFile()}: file is not a database.`],
  ])('says why (case %#)', async (fields, message) => {
    await expect(scene.open(fields)).rejects.toMatchObject({ code: 'tools.fileInvalid', message });
  });

  test.each([
    { query: 'SELECT 1 FROM orders; DELETE FROM orders' },
    { query: 'DELETE FROM orders' },
    { query: "ATTACH 'x.db' AS x" },
    { query: 'PRAGMA writable_schema = 1' },
    { ...orderOf, parameters: {} },
    { query: 'SELECT 1', parameters: { a: parameter('text') } },
    { query: 'SELECT 1', rows_max: 0 },
    { query: 'SELECT 1', rows_max: 11 },
    { query: '' },
    { query: 'SELECT 1', columns: [] },
    { query: 'SELECT 1', parameters: { 'not-a-name': parameter('text') } },
    { query: 'SELECT 1', parameters: { a: parameter('date') } },
    { query: 'SELECT 1', parameters: { a: { type: 'text' } } },
  ])('is refused by its fields: %j', (fields) => {
    expect(sqlKind.fields.safeParse({ database: path, ...fields }).success).toBe(false);
  });

  test('goes to the processes of its database', () => {
    expect([laneOf('shop.db'), laneOf('postgres://h/d'), laneOf('postgresql://h/d')]).toEqual(['sqlite', 'web', 'web']);
  });
});

function makeShop(file: string, status: string): void {
  const database = new DatabaseSync(file);
  database.exec(`
    CREATE TABLE orders (number TEXT, status TEXT, delivery DATE);
    INSERT INTO orders VALUES ('A1', '${status}', '2026-03-04'), ('A2', 'packed', NULL), ('A3', 'lost', NULL);
    CREATE TABLE secrets (secret TEXT);
    INSERT INTO secrets VALUES ('hidden');
    CREATE TABLE kinds (big INTEGER, price REAL, paid BOOLEAN, photo BLOB, at DATETIME, missing TEXT);
    INSERT INTO kinds VALUES (9007199254740993, 12.5, 1, x'010203', '2026-03-04 14:30:00', NULL);
    CREATE VIRTUAL TABLE notes USING fts5(body);
    INSERT INTO notes VALUES ('the opening hours'), ('nothing else');
  `);
  database.close();
}

function laneOf(database: string): string {
  return sqlKind.lane(sqlKind.fields.parse({ database, query: 'SELECT 1' }));
}

function textFile(): string {
  const file = join(folder, 'text.db');
  writeFileSync(
    file,
    'This is no database, but it is long enough to be taken for one at first sight, is it not? '.repeat(9),
  );
  return file;
}
