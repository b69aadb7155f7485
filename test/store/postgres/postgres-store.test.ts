import { describe, expect, test } from 'vitest';
import { noDatabase, testDatabase } from '../../test-database.ts';
import { historyContract, minuteMs } from '../history/history-contract.ts';
import { writtenItems } from '../history/written-calls.ts';
import { journalContract } from '../writing/journal-contract.ts';
import { clockContract, type MakePlace, storeContract } from '../store-contract.ts';
import { openHistory } from '../../../src/cli/history/journal-place.ts';
import { anyCall } from '../../../src/store/history/call-history.ts';
import { examinePostgres } from '../../../src/store/postgres/examine-postgres.ts';
import { postgresStatements } from '../../../src/store/postgres/postgres-statements.ts';
import { historyInPostgres } from '../../../src/store/postgres/open-postgres.ts';
import { PostgresHistory } from '../../../src/store/postgres/postgres-history.ts';
import { PostgresScene } from './postgres-scene.ts';

const isMissing = (await testDatabase()) === null;

test('PostgreSQL is there to keep journals', ({ skip }) => {
  if (isMissing) skip(noDatabase);
  expect(isMissing).toBe(false);
});

const makePlace: MakePlace = (context) => {
  const scene = new PostgresScene(context);
  const places = new Map<string, ReturnType<PostgresScene['place']>>();
  return (process) => {
    const place = places.get(process) ?? scene.place(process);
    places.set(process, place);
    return place;
  };
};

describe.skipIf(isMissing)('a journal in PostgreSQL', () => {
  storeContract(makePlace);
  clockContract(makePlace);

  // The talk that is read was looked up in a list of its places. A server whose memory did not hold the list went through it for each entry
  // of the call, and was still at it when the statement was broken off.
  test('is read of a long call in one pass, with one place looked up beforehand', async (context) => {
    const scene = new PostgresScene(context);
    await scene.place('a').unfinished();
    const values = new Map([
      ['callSid', `'CA1'`],
      ['limit', '10000'],
      ['talkMax', '5000'],
    ]);
    const query = postgresStatements.readEntries.replaceAll(/:(\w+)/g, (_all, name: string) => values.get(name) ?? '');
    const plan = JSON.stringify(await scene.sql(`explain ${query}`));
    expect(plan).toContain('InitPlan');
    expect(plan).not.toContain('SubPlan');
  });

  historyContract(async (context, calls) => {
    const scene = new PostgresScene(context);
    await scene.place('a').write(writtenItems(calls, minuteMs));
    const history = new PostgresHistory(await scene.address());
    context.onTestFinished(() => history.close());
    return history;
  });

  journalContract((context) => {
    const scene = new PostgresScene(context);
    return {
      open: (keepsWords) => scene.openUnthreaded({ keepsWords }),
      history: async () => {
        const history = new PostgresHistory(await scene.address());
        context.onTestFinished(() => history.close());
        return history;
      },
      sql: (text) => scene.sql(text),
      clock: scene,
    };
  });

  test('is read by a thread, and by a command, in the same way', async (context) => {
    const scene = new PostgresScene(context);
    const address = await scene.address();
    const thread = historyInPostgres(address);
    const command = openHistory({ DATABASE_URL: address, PARLEY_ENV_FILE: 'off' });
    context.onTestFinished(() => thread.close());
    context.onTestFinished(() => command.close());
    const place = { after: null, limit: 10 };
    for (const history of [thread, command])
      expect((await history.list(anyCall, place)).missing).toContain('There is no journal in the database');
    await scene
      .place('a')
      .write(writtenItems([{ callSid: 'CA1', from: '+15550101', entries: [], end: 'callerHungUp' }], 1));
    for (const history of [thread, command])
      expect((await history.list(anyCall, place)).calls).toMatchObject([
        { callSid: 'CA1', why: 'The caller hung up.' },
      ]);
    expect(await thread.find('CA1')).toEqual(await command.find('CA1'));
    await scene.sql("insert into journal_migrations values ('9998-newer', '2030-01-01')");
    expect((await thread.list(anyCall, place)).missing).toContain('A newer version of Parley shares the database.');
  });

  test('is not looked through by the server for longer than somebody waits', async (context) => {
    const scene = new PostgresScene(context);
    await scene
      .place('a')
      .write(writtenItems([{ callSid: 'CA1', from: '+15550101', entries: [], end: 'callerHungUp' }], 1));
    const history = new PostgresHistory(await scene.address());
    context.onTestFinished(() => history.close());
    await scene.sql(`alter table history rename to kept;
      create view history as select * from kept where pg_sleep(60)::text is not null`);
    const place = { after: null, limit: 10 };
    // It is the server that says so.
    await expect(history.list(anyCall, place)).rejects.toMatchObject({
      code: 'journal.unusable',
      message: expect.stringContaining('The search took too long.'),
    });
    await scene.sql('drop view history; alter table kept rename to history');
    expect((await history.list(anyCall, place)).calls).toMatchObject([{ callSid: 'CA1' }]);
  });

  test('is examined without a change', async (context) => {
    const scene = new PostgresScene(context);
    expect(await examinePostgres(await scene.address())).toBe(false);
    expect(await scene.sql("select to_regclass('journal_migrations')::text as there")).toEqual([{ there: null }]);
    await scene.place('a').unfinished();
    expect(await examinePostgres(await scene.address())).toBe(true);
    await scene.sql('drop table history');
    await expect(examinePostgres(await scene.address())).rejects.toMatchObject({ code: 'journal.unusable' });
  });
});
