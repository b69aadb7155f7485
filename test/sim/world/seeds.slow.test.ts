import { expect, test } from 'vitest';
import { runBatch } from '../../../src/sim/run/batch.ts';
import { failureText } from '../../../src/sim/run/seed.ts';

test('300 seeded calls, with all that goes wrong in them, end as they should', () => {
  const { failures, callMs } = runBatch({ from: 0, to: 300 });
  expect(failures.map(failureText).join('\n\n')).toBe('');
  expect(callMs / 300).toBeGreaterThan(4000);
});
