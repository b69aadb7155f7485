import { expect, test } from 'vitest';
import { heldBy, tellsHeld } from '../../dev/start/held.ts';
import { makeShortCalls, startSilentModel } from '../../dev/start/short-calls.ts';
import { SiegeService } from '../../dev/siege/siege-service.ts';
import { until } from '../until.ts';

test('hundreds of short calls leave no timer, no socket and no other handle behind', async ({ onTestFinished }) => {
  const model = await startSilentModel();
  onTestFinished(() => model.close());
  const service = await SiegeService.start(model.url, { ...tellsHeld, MAX_CONCURRENT_CALLS: '500' });
  onTestFinished(() => service.stop());
  await makeShortCalls(service.port, 20);
  let times = 0;
  const held = async (): Promise<number> => {
    times += 1;
    const { resources } = await heldBy(service, times);
    return Object.values(resources).reduce((sum, count) => sum + count, 0);
  };
  // The last connections take a moment to close on both sides. What is left are the sockets that listen and the threads.
  const first = await until('few handles', async () => (await held()) < 40 && held());
  await makeShortCalls(service.port, 300);
  expect(await until('no more than before', async () => (await held()) <= first)).toBe(true);
});
