import type { CallHealth } from './peers/peers-orders.ts';
import { quantilesOf } from '../figures/quantiles.ts';

/** By how much an attack may delay another call: less than a caller notices, and a pause that sounds like a network's. */
const p99GrowthMsMax = 20;
const longestGrowthMsMax = 150;

/** What the process may hold: what a small machine has. */
const peakMbMax = 300;

/** A generator or a measuring peer that was later than this measured the machine and not the service. */
const lateMsMax = 5;

/** A service waits longer for a busy machine than a generator does, but not ten times as long. */
const explainedTimes = 10;

/** How long messages of the healthy call were on their way, in ms. */
export interface Delays {
  readonly p99Ms: number;
  readonly longestMs: number;
}

/** What was seen while one attack went on. */
export interface SiegeSight {
  readonly health: CallHealth;
  /** The peak of the service's memory; null when its process died. */
  readonly peakMb: number | null;
  /** How late the generator's own timers were at the 99th percentile. */
  readonly generatorLateMs: number;
}

/** `void`: nobody was hurt as far as counts tell, but the machine was too busy to measure delays. */
export type SiegeVerdict = 'PASS' | 'FAIL' | 'void';

/** The delays of a span of time. A call of which nothing came through has waited for ever. */
export function delaysOf(tripsMs: readonly number[]): Delays {
  if (tripsMs.length === 0) return { p99Ms: Infinity, longestMs: Infinity };
  const at = quantilesOf(tripsMs);
  return { p99Ms: at(0.99), longestMs: at(1) };
}

/** Whom an attack hurt, as far as counts tell: one sentence each. */
export function lossesOf({ health, peakMb }: SiegeSight): string[] {
  const said: string[] = [];
  if (peakMb === null) said.push('the process died');
  else if (health.broken !== '') said.push(`the call broke: ${health.broken}`);
  if (health.lost > 0) said.push(`${health.lost} frames lost`);
  if (peakMb !== null && peakMb > peakMbMax) said.push(`${peakMb} MB`);
  return said;
}

/**
 * How much later the call was than in the quiet phase: one sentence for each bound that does not hold. On a machine that was too busy to
 * measure, only what it cannot explain counts.
 */
export function delaysBeyond(sight: SiegeSight, quiet: Delays): string[] {
  const { p99Ms, longestMs } = delaysOf(sight.health.tripsMs);
  const allowedMs = isMeasured(sight) ? 0 : explainedTimes * latenessOf(sight);
  const said: string[] = [];
  if (p99Ms > quiet.p99Ms + p99GrowthMsMax + allowedMs) said.push('late at p99');
  if (longestMs > quiet.longestMs + longestGrowthMsMax + allowedMs) said.push('late once');
  return said;
}

/** Whether the delays say all about the service. */
export function isMeasured(sight: SiegeSight): boolean {
  return latenessOf(sight) <= lateMsMax;
}

function latenessOf({ health, generatorLateMs }: SiegeSight): number {
  return Math.max(health.lateMs, generatorLateMs);
}
