import { type Ramp, RampedFleet } from './ramped-fleet.ts';
import type { ScalingManifest } from './scaling-manifest.ts';

/** How often a ramp is played before a fleet counts as large enough. */
export const draws = 50;

/** How many callers of a ramp a fleet refuses. */
export function refusedOf(manifest: ScalingManifest, ramp: Ramp, seed: number): number {
  const fleet = new RampedFleet(manifest, ramp, seed);
  fleet.plays(ramp.rampMs, ramp.rampMs);
  return fleet.refused;
}

/**
 * From how many processes on, there before the ramp begins, nobody is refused, whatever is drawn; null when all that there may be are too few.
 */
export function smallestFleet(manifest: ScalingManifest, ramp: Ramp): number | null {
  const seeds = Array.from({ length: draws }, (_, seed) => seed);
  let smallest: number | null = null;
  for (let podsMin = manifest.podsMax; podsMin > 0; podsMin -= 1) {
    if (seeds.some((seed) => refusedOf({ ...manifest, podsMin }, ramp, seed) > 0)) break;
    smallest = podsMin;
  }
  return smallest;
}
