import { expect, test } from 'vitest';
import { runBatch } from '../../../src/sim/run/batch.ts';
import { failureText } from '../../../src/sim/run/seed.ts';

// `seeds.slow.test.ts` plays five times as many.
test('60 seeded calls, with all that goes wrong in them, end as they should', () => {
  const { failures, callMs } = runBatch({ from: 0, to: 60 });
  expect(failures.map(failureText).join('\n\n')).toBe('');
  expect(callMs / 60).toBeGreaterThan(4000);
});
