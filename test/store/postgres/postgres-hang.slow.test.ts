import { expect, test } from 'vitest';
import { TcpProxy } from '../../tcp-proxy.ts';
import { noDatabase, testDatabase } from '../../test-database.ts';
import { until } from '../../until.ts';
import { parties, saidLine, settled } from '../journal-scene.ts';
import { PostgresScene } from './postgres-scene.ts';

test('a database that is silent is given up after some seconds, and asked by another connection', async (context) => {
  if ((await testDatabase()) === null) return context.skip(noDatabase);
  const scene = new PostgresScene(context);
  const proxy = await TcpProxy.open(context, await scene.address());
  const journal = await scene.open({ connectionString: proxy.address });
  const record = journal.accept('CA1', parties, () => {});
  expect(await settled(journal, 'CA1')).toBe(true);
  proxy.pause();
  record.append(saidLine('into the silence'));
  await until('the stall to show', () => journal.state.kind === 'failing');
  await until('the recovery', () => journal.state.kind === 'open' && journal.state.queuedEntries === 0);
  expect((await journal.read('CA1'))?.entries).toMatchObject([{ n: 1 }, { n: 2, text: 'into the silence' }]);
});
