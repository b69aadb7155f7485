import { describe, expect, test } from 'vitest';
import { FaultPlan } from '../../../src/sim/faults/fault-plan.ts';
import { Link } from '../../../src/sim/faults/link.ts';
import { seededRandom } from '../../../src/sim/seeded-random.ts';

describe('a process that is too busy', () => {
  const plan = new FaultPlan([{ fault: 'serviceBusy', atMs: 1_000, forMs: 1_000, everyMs: 700, busyMs: 400 }]);

  test('does nothing for a while again and again, and then all that came', () => {
    const times = [999, 1_000, 1_399, 1_400, 1_699, 1_700, 2_099, 2_100, 2_399, 2_400, 2_500];
    expect(times.map((atMs) => plan.idleFromMs(atMs, 0))).toEqual([
      999, 1_400, 1_400, 1_400, 1_699, 2_100, 2_100, 2_100, 2_399, 2_400, 2_500,
    ]);
  });

  test('turns nothing round that comes on one way', () => {
    for (const rank of [0, 1, 2]) {
      const done = Array.from({ length: 3_000 }, (_, atMs) => plan.idleFromMs(atMs, rank));
      expect(done).toEqual(done.toSorted((one, other) => one - other));
    }
    expect([plan.idleFromMs(1_400, 1), plan.idleFromMs(1_401, 2)]).toEqual([1_401, 1_402]);
  });

  test('is as late as that', () => {
    expect([plan.lateMsMax, new FaultPlan([{ fault: 'timersLate', byMs: 30 }]).lateMsMax]).toEqual([400, 30]);
  });
});

test('a link that delivers in bursts holds everything back again and again', () => {
  const bursts = { fault: 'bursts', link: 'mediaIn', atMs: 100, forMs: 250, everyMs: 200, holdMs: 150 } as const;
  const plan = new FaultPlan([bursts, { fault: 'latency', link: 'media', ms: 0, jitterMs: 0 }]);
  const link = new Link(plan.link('media', 'In'), seededRandom(1));
  expect([99, 100, 249, 260, 300, 460, 510].map((atMs) => link.arrivalMs(atMs))).toEqual([
    99, 250, 250, 260, 450, 460, 510,
  ]);
  expect(plan.link('media', 'Out').stalls).toEqual([]);
});
