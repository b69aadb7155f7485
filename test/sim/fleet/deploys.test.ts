import { expect, test } from 'vitest';
import { handedOverUnheard } from './deploys.ts';

test('a deploy is not heard by callers: some of those that the slow tests look at', () => {
  expect(handedOverUnheard(1, 4)).toBeGreaterThan(1);
});
