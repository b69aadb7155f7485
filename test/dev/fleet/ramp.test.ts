import { expect, test } from 'vitest';
import { type Ramp, RampedFleet } from '../../../dev/fleet/ramped-fleet.ts';
import { readScalingManifest } from '../../../dev/fleet/scaling-manifest.ts';
import { refusedOf } from '../../../dev/fleet/smallest-fleet.ts';

/** A process takes half of the minute to start. */
const ramp: Ramp = { calls: 600, rampMs: 60_000, startMs: 30_000 };
const manifest = readScalingManifest();

/** As many processes as all callers want in the end. */
const podsWanted = Math.ceil(ramp.calls / manifest.callsTarget);

test('the manifests aim at 60 % of what a process takes, and let all take as much', () => {
  expect(manifest.callsTarget / manifest.callsCarried).toBe(0.6);
  expect(manifest.callsMax).toBe(manifest.podsMax * manifest.callsCarried);
});

test('nobody is refused by processes that start while others have the whole limit', () => {
  const shared = { ...manifest, callsCarried: manifest.callsMax };
  const slower = { ...ramp, rampMs: 300_000 };
  const refused = Array.from({ length: 4 }, (_, seed) => refusedOf(shared, slower, seed));
  expect(refused).toEqual(refused.map(() => 0));
});

test('nobody of 600 callers in a minute is refused by as many processes as carry them at 60 %', () => {
  expect(podsWanted).toBeLessThanOrEqual(manifest.podsMax);
  const ready = { ...manifest, podsMin: podsWanted };
  const refused = Array.from({ length: 6 }, (_, seed) => refusedOf(ready, ramp, seed));
  expect(refused).toEqual(refused.map(() => 0));
});

test('nor by a single one more than can hold them all', () => {
  const ready = { ...manifest, podsMin: Math.ceil(ramp.calls / manifest.callsCarried) + 1 };
  const refused = Array.from({ length: 6 }, (_, seed) => refusedOf(ready, ramp, seed));
  expect(refused).toEqual(refused.map(() => 0));
});

test('what starts when it is wanted comes too late for a ramp of a minute', () => {
  const moments = new RampedFleet(manifest, ramp, 1).plays(120_000, 10_000);
  const { podsMin, callsCarried } = manifest;
  const early = moments.filter(({ atMs }) => atMs <= ramp.startMs);
  expect(early.map(({ ready }) => ready)).toEqual(early.map(() => podsMin));
  const atTheEnd = moments[6];
  expect(atTheEnd?.refused).toBeGreaterThan(ramp.calls / 2);
  expect(moments.at(-1)?.ready).toBeGreaterThan(podsMin);
  for (const { calls, ready } of moments) expect(calls).toBeLessThanOrEqual(ready * callsCarried);
});

test('every caller is taken or refused', () => {
  const moments = new RampedFleet(manifest, ramp, 2).plays(90_000, 90_000);
  const { calls = 0, refused = 0 } = moments.at(-1) ?? {};
  expect(calls + refused).toBe(ramp.calls);
});
