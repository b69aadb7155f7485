import { describe, expect, test } from 'vitest';
import { noDatabase, testDatabase } from '../../test-database.ts';
import { historyContract, minuteMs } from '../history/history-contract.ts';
import { writtenItems } from '../history/written-calls.ts';
import { storeContract } from '../store-contract.ts';
import { PostgresHistory } from '../../../src/store/postgres/postgres-history.ts';
import { PostgresScene } from './postgres-scene.ts';

const isMissing = (await testDatabase()) === null;

test('PostgreSQL is there to keep journals', ({ skip }) => {
  if (isMissing) skip(noDatabase);
  expect(isMissing).toBe(false);
});

describe.skipIf(isMissing)('a journal in PostgreSQL', () => {
  storeContract((context) => {
    const scene = new PostgresScene(context);
    const places = new Map<string, ReturnType<PostgresScene['place']>>();
    return (process) => {
      const place = places.get(process) ?? scene.place(process);
      places.set(process, place);
      return place;
    };
  });

  historyContract(async (context, calls) => {
    const scene = new PostgresScene(context);
    await scene.place('a').write(writtenItems(calls, minuteMs));
    const history = new PostgresHistory(await scene.address());
    context.onTestFinished(() => history.close());
    return history;
  });
});
