import { expect, test } from 'vitest';
import { type ChaosRound, chaosRounds, faultRules } from '../../../dev/chaos/faults.ts';
import { clocksAhead, type PlannedStrike, plannedStrikes } from '../../../dev/chaos/schedule.ts';
import { seededRandom } from '../../../src/sim/seeded-random.ts';
import { Draw } from '../../../src/sim/seeds/draw.ts';

const round: ChaosRound = { name: 'test', faults: ['kill', 'stop'], clocksApartMs: 5_000, limitShare: 2, spans: 1 };

function planned(seed: number, count: number): PlannedStrike[] {
  const strikes = plannedStrikes(round, 3, new Draw(seededRandom(seed)));
  return Array.from({ length: count }, () => strikes.next().value);
}

test('the same seed strikes the same processes at the same moments', () => {
  expect(planned(7, 20)).toEqual(planned(7, 20));
  expect(planned(7, 20)).not.toEqual(planned(8, 20));
});

test('each fault and each process comes as often as any other', () => {
  const strikes = planned(3, 12);
  for (const fault of round.faults) expect(strikes.filter((one) => one.fault === fault)).toHaveLength(6);
  for (const process of [0, 1, 2]) expect(strikes.filter((one) => one.process === process)).toHaveLength(4);
});

test('a fault lasts as long as its kind may, and the next one waits until its kind has left nothing behind', () => {
  const strikes = planned(5, 30);
  for (const [at, { fault, lastsMs }] of strikes.entries()) {
    const rule = faultRules[fault];
    expect(lastsMs).toBeGreaterThanOrEqual(rule.lastsMs.min);
    expect(lastsMs).toBeLessThanOrEqual(rule.lastsMs.max);
    expect(strikes[at + 1]?.pauseMs ?? Infinity).toBeGreaterThanOrEqual(rule.restMs.min);
  }
});

test('the clocks of the processes are as far apart as is asked, and no further', () => {
  expect(clocksAhead(round, 3)).toEqual([-2_500, 0, 2_500]);
});

test('every kind of fault has a round, and no two rounds have the same name', () => {
  expect(new Set(chaosRounds.flatMap(({ faults }) => faults))).toEqual(new Set(Object.keys(faultRules)));
  expect(new Set(chaosRounds.map(({ name }) => name)).size).toBe(chaosRounds.length);
});
