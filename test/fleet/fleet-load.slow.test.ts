import { expect, test } from 'vitest';
import { LoadedFleet } from './loaded-fleet.ts';

test('a fleet has no call beyond the limit in 100,000 admissions, while processes are killed and start anew', () => {
  const fleet = new LoadedFleet(1, ['kill']).runs(100_000);
  expect(fleet.killed).toBeGreaterThan(20);
  expect(fleet.overMost).toBe(0);
  expect(fleet.refused).toBeGreaterThan(10_000);
});

test('nor in 100,000 that full processes send on to others, while some are late', () => {
  const fleet = new LoadedFleet(2, ['kill', 'late'], 40).runs(100_000);
  expect(fleet.killed).toBeGreaterThan(20);
  expect(fleet.overMost).toBe(0);
  expect(fleet.sentOn).toBeGreaterThan(10_000);
});
