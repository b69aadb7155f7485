import { describe, expect, test } from 'vitest';
import { LoadedFleet } from './loaded-fleet.ts';

describe('a fleet that is offered half as many calls again as it may have', () => {
  test.for([2, 3])('has none beyond the limit while processes are killed or stand still (seed %i)', (seed) => {
    const fleet = new LoadedFleet(seed, ['kill', 'stop']).runs(5_000);
    expect(fleet.overMost).toBe(0);
  });

  test.for([9, 10])('has none beyond it where calls are sent on from full processes to others (seed %i)', (seed) => {
    const fleet = new LoadedFleet(seed, ['kill', 'stop', 'late'], 40).runs(5_000);
    expect(fleet.overMost).toBe(0);
    expect(fleet.sentOn).toBeGreaterThan(500);
  });

  test.for([5, 6])('has no more beyond it than the calls of those that are cut off (seed %i)', (seed) => {
    const fleet = new LoadedFleet(seed, ['kill', 'cutOff']).runs(5_000);
    expect(fleet.unexplainedMost).toBe(0);
  });
});
