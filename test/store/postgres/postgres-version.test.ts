import { readFileSync } from 'node:fs';
import { describe, expect, test, type TestContext } from 'vitest';
import { connectPostgres } from '../../../src/store/postgres/postgres-connection.ts';
import { postgresMigrations } from '../../../src/store/postgres/postgres-statements.ts';
import { PostgresTables } from '../../../src/store/postgres/postgres-tables.ts';
import { SqlStore } from '../../../src/store/sql-store.ts';
import { testDatabase } from '../../test-database.ts';
import { saidLine } from '../journal-scene.ts';
import { storeContract, type StoreUnderTest } from '../store-contract.ts';
import { PostgresScene } from './postgres-scene.ts';

const isMissing = (await testDatabase()) === null;

/**
 * The tables and statements of the version that was released before. They are never changed; with a release, those of that release take
 * their place.
 */
const before = JSON.parse(readFileSync(new URL('version-before.json', import.meta.url), 'utf8'));

describe.skipIf(isMissing)('a process of the version before, beside one of this version', () => {
  describe('which wrote first', () => {
    storeContract((context) => versionsOf(context, (process) => process === 'a'));
  });

  describe('which takes over', () => {
    storeContract((context) => versionsOf(context, (process) => process !== 'a'));
  });
});

describe.skipIf(isMissing)('tables', () => {
  test('that several processes begin to make at once are made once', async (context) => {
    const scene = new PostgresScene(context);
    await scene.address();
    const places = ['a', 'b', 'c', 'd'].map((process) => scene.place(process));
    await Promise.all(places.map((place) => place.unfinished()));
    const applied = await scene.sql('select name from journal_migrations order by name');
    expect(applied.map(({ name }) => name)).toEqual(Object.keys(postgresMigrations));
  });

  test('of the version before are brought up to date, with all that they hold', async (context) => {
    const scene = new PostgresScene(context);
    await makeBefore(scene);
    await scene.sql(`insert into calls values ('CA1', 1, 2, 1, 'p', 1, 1, null, null);
      insert into entries values ('CA1', 1, 1, 1, 'said', '{"speaker":"caller","text":"hello","cut":false}')`);
    expect((await scene.place('a').read('CA1'))?.entries).toMatchObject([{ ...saidLine('hello'), fence: 1, n: 1 }]);
  });

  test('that are one version newer are used as they are', async (context) => {
    const scene = new PostgresScene(context);
    await scene.place('a').unfinished();
    await scene.sql(`alter table calls add column newer text not null default 'x';
      insert into journal_migrations values ('9998-newer', '2030-01-01')`);
    expect(await scene.place('a').unfinished()).toEqual([]);
  });

  test('that are two versions newer are left alone', async (context) => {
    const scene = new PostgresScene(context);
    await scene.place('a').unfinished();
    await scene.sql(
      `insert into journal_migrations values ('9998-newer', '2030-01-01'), ('9999-newest', '2030-01-01')`,
    );
    await expect(scene.place('a').unfinished()).rejects.toMatchObject({
      code: 'journal.otherVersion',
      message: expect.stringContaining('9998-newer and 9999-newest'),
    });
  });
});

/** Opens for each process a place of its version. The tables are those that the version before made, until this one looks at them. */
function versionsOf(context: TestContext, isBefore: (process: string) => boolean): (process: string) => StoreUnderTest {
  const scene = new PostgresScene(context);
  const made = makeBefore(scene);
  const address = made.then(() => scene.address());
  const places = new Map<string, StoreUnderTest>();
  return (process) => {
    const place =
      places.get(process) ??
      (isBefore(process) ? placeBefore(process, address, context) : scene.place(process, address));
    places.set(process, place);
    return place;
  };
}

async function makeBefore(scene: PostgresScene): Promise<void> {
  await scene.sql('create table journal_migrations (name text primary key, timestamp text not null)');
  for (const [name, texts] of Object.entries<readonly string[]>(before.migrations)) {
    for (const text of texts) await scene.sql(text);
    await scene.sql(`insert into journal_migrations values ('${name}', '2026-11-29')`);
  }
}

function placeBefore(process: string, address: Promise<string>, context: TestContext): StoreUnderTest {
  const client = address.then(connectPostgres);
  const store = client.then((one) => new SqlStore(new PostgresTables(one, before.statements), process, true));
  context.onTestFinished(async () => (await client).end());
  return {
    write: async (items) => (await store).write(items),
    read: async (callSid) => (await store).read(callSid),
    owner: async (callSid) => (await store).owner(callSid),
    takeOver: async (...taken) => (await store).takeOver(...taken),
    unfinished: async () => (await store).unfinished(),
    closeUnfinished: async (beforeMs, atMs, reason) => (await store).closeUnfinished(beforeMs, atMs, reason),
    tell: async () => (await store).tell(),
    prune: async (beforeMs) => (await store).prune(beforeMs),
  };
}
