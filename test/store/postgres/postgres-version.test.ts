import { describe, expect, test } from 'vitest';
import { postgresMigrations } from '../../../src/store/postgres/postgres-statements.ts';
import { testDatabase } from '../../test-database.ts';
import { saidLine } from '../journal-scene.ts';
import { storeContract } from '../store-contract.ts';
import { PostgresScene } from './postgres-scene.ts';
import { makeBefore, versionsOf } from './version-before.ts';

const isMissing = (await testDatabase()) === null;

// `postgres-version.slow.test.ts` has the one that takes over.
describe.skipIf(isMissing)('a process of the version before, beside one of this version', () => {
  describe('which wrote first', () => {
    storeContract((context) => versionsOf(context, (process) => process === 'a'));
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
