import { expect, test } from 'vitest';
import { runBatch } from '../../../src/sim/run/batch.ts';
import { failureText } from '../../../src/sim/run/seed.ts';

// `seeds.slow.test.ts` plays fifteen times as many.
test('20 seeded calls, with all that goes wrong in them, end as they should', () => {
  const { failures, callMs } = runBatch({ from: 0, to: 20 });
  expect(failures.map(failureText).join('\n\n')).toBe('');
  expect(callMs / 20).toBeGreaterThan(4000);
});
