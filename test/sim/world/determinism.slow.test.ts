import { expect, test } from 'vitest';
import { type Batch, runBatch } from '../../../src/sim/run/batch.ts';
import { inThread } from './in-thread.ts';

const batch: Batch = { from: 4000, to: 4006 };

test('a seed gives the same trace in two threads at once', async () => {
  const { hash } = runBatch(batch);
  expect(await Promise.all([inThread(batch), inThread(batch)])).toMatchObject([{ hash }, { hash }]);
});
