import { expect, test } from 'vitest';
import { clockTime } from '../../../src/store/history/clock-time.ts';

test('lengths read as people write them, in whole seconds that are over', () => {
  expect([7_900, 750_000, 3_723_000, -5].map(clockTime)).toEqual(['0:07', '12:30', '1:02:03', '0:00']);
});
