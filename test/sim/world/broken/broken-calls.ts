import { expect, test } from 'vitest';
import { brokenDoors } from '../../../../src/sim/faults/fault.ts';
import { simulateCall } from '../../../../src/sim/run/call.ts';
import { scenarioOfSeed } from '../../../../src/sim/run/seed.ts';

/** Too few calls are redirected by REST: seeds come to it once in a while, and `test/host/call-doors.test.ts` each time. */
const doors = brokenDoors.filter((door) => door !== 'redirected');

/** Proves that calls of these seeds end in order when they break at any door. */
export function brokenCalls(seeds: readonly number[]): void {
  test.for(doors)('at %s ends in order', (door) => {
    const calls = seeds.map((seed) =>
      simulateCall({ ...scenarioOfSeed(seed), faults: [{ fault: 'callBroken', atMs: 0, door }] }, { hashes: false }),
    );
    expect(calls.flatMap(({ broken }) => broken)).toEqual([]);
    // It did break: such a call says nothing of its end.
    expect(calls.some(({ endReason }) => endReason === null)).toBe(true);
  });
}
