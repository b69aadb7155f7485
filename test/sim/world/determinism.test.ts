import { expect, test } from 'vitest';
import { type Batch, runBatch } from '../../../src/sim/run/batch.ts';
import { seededScenario } from '../../../src/sim/seeds/seeded-scenario.ts';
import { inThread } from './in-thread.ts';

const batch: Batch = { from: 4000, to: 4003 };

test('a seed gives the same trace on every run and in another thread', async () => {
  const { hash } = runBatch(batch);
  expect(runBatch(batch).hash).toBe(hash);
  expect(await inThread(batch)).toMatchObject({ hash });
});

test('neighbouring seeds are different calls', () => {
  const calls = Array.from({ length: 100 }, (_, seed) => JSON.stringify({ ...seededScenario(seed), why: '', seed: 0 }));
  expect(new Set(calls).size).toBe(100);
});
