import { describe, expect, test } from 'vitest';
import { Autoscaler } from '../../../dev/fleet/autoscaler.ts';
import { readScalingManifest } from '../../../dev/fleet/scaling-manifest.ts';

/** Thirty calls for each of 2 to 20 pods. In half a minute there may be twice as many, or two more. */
const manifest = readScalingManifest();

describe('the simulated autoscaler', () => {
  test('leaves pods alone that have a tenth more calls than they are to have', () => {
    const autoscaler = new Autoscaler(manifest);
    expect(autoscaler.looks(0, 66)).toBe(0);
    expect(autoscaler.looks(15_000, 67)).toBe(1);
    expect(autoscaler.pods).toBe(3);
  });

  test('adds as many as its more generous policy allows in a period', () => {
    const autoscaler = new Autoscaler(manifest);
    expect([0, 15_000, 30_000, 45_000, 60_000].map((nowMs) => autoscaler.looks(nowMs, 540))).toEqual([2, 0, 4, 0, 8]);
    expect(autoscaler.looks(90_000, 540)).toBe(2);
    expect(autoscaler.pods).toBe(18);
  });

  test('wants no more pods than there may be', () => {
    const autoscaler = new Autoscaler({ ...manifest, podsMin: 15 });
    expect(autoscaler.looks(0, 10_000)).toBe(5);
    expect(autoscaler.looks(60_000, 10_000)).toBe(0);
  });
});
