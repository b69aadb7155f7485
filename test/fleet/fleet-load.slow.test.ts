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

// `fleet-load.test.ts` has two seeds of each trouble, for as long as a few processes need to fall.
test.for([4, 12, 13])('nor in 20,000 while processes are killed or stand still (seed %i)', (seed) => {
  expect(new LoadedFleet(seed, ['kill', 'stop']).runs(20_000).overMost).toBe(0);
});

test.for([7, 8, 14])('nor more than the calls of those that are cut off in 20,000 (seed %i)', (seed) => {
  expect(new LoadedFleet(seed, ['kill', 'cutOff']).runs(20_000).unexplainedMost).toBe(0);
});
