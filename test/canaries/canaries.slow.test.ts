import { expect, test } from 'vitest';
import { playCanaryCall } from './canary-calls.ts';

test('of a thousand calls that are full of secrets, none comes out', () => {
  const leaks = Array.from({ length: 1_000 }, (_, seed) => playCanaryCall(seed).leaks);
  expect(leaks.flat()).toEqual([]);
});
