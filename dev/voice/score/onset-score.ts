import type { HeardVoice } from '../detectors/contender.ts';
import type { TestLine } from '../lines/test-line.ts';

/** An onset counts as noticed in time when it is told so soon after it, in ms. */
const inTimeMs = 120;

/** Before it, a detector may be so early: its onset is labelled where speech is loud, and breath comes before. */
const earlyMs = 60;

/** So long after the end of speech, an onset is still of its echo in the room, in ms. */
const afterMs = 200;

/** How well onsets were noticed. Counts add up over lines. */
export interface OnsetScore {
  /** How often somebody began to speak. */
  readonly spoken: number;
  /** How many of them were told within 120 ms. */
  readonly inTime: number;
  /** How many began while the detector heard a voice already: it told nothing. */
  readonly busy: number;
  /** How many were not told at all, though the detector heard no voice. */
  readonly missed: number;
  /** How late those were that were told, in ms. */
  readonly delaysMs: readonly number[];
  /** Onsets while nobody spoke, and for how long nobody did, in ms. */
  readonly falseOnsets: number;
  readonly quietMs: number;
}

export const noScore: OnsetScore = {
  spoken: 0,
  inTime: 0,
  busy: 0,
  missed: 0,
  delaysMs: [],
  falseOnsets: 0,
  quietMs: 0,
};

/** Scores what a detector heard on a line. */
export function scoreOnsets({ near, spans }: TestLine, { onsetsMs, offsetsMs }: HeardVoice): OnsetScore {
  const isBusyAt = (ms: number): boolean =>
    (onsetsMs.findLast((onset) => onset <= ms) ?? -1) > (offsetsMs.findLast((offset) => offset <= ms) ?? -1);
  let busy = 0;
  let missed = 0;
  const delaysMs: number[] = [];
  for (const { onsetMs, endMs } of spans) {
    const told = onsetsMs.find((ms) => ms > onsetMs - earlyMs && ms <= endMs);
    if (isBusyAt(onsetMs - earlyMs)) busy += 1;
    else if (told === undefined) missed += 1;
    else delaysMs.push(told - onsetMs);
  }
  const isSpoken = (ms: number): boolean =>
    spans.some(({ onsetMs, endMs }) => ms > onsetMs - earlyMs && ms <= endMs + afterMs);
  return {
    spoken: spans.length,
    inTime: delaysMs.filter((ms) => ms <= inTimeMs).length,
    busy,
    missed,
    delaysMs,
    falseOnsets: onsetsMs.filter((ms) => !isSpoken(ms)).length,
    quietMs: near.length / 8 - spans.reduce((sum, { onsetMs, endMs }) => sum + endMs + afterMs + earlyMs - onsetMs, 0),
  };
}

export function addedScores(one: OnsetScore, other: OnsetScore): OnsetScore {
  return {
    spoken: one.spoken + other.spoken,
    inTime: one.inTime + other.inTime,
    busy: one.busy + other.busy,
    missed: one.missed + other.missed,
    delaysMs: [...one.delaysMs, ...other.delaysMs],
    falseOnsets: one.falseOnsets + other.falseOnsets,
    quietMs: one.quietMs + other.quietMs,
  };
}

/** False onsets in an hour of the sound. */
export function falseOnsetsPerHour({ falseOnsets, quietMs }: OnsetScore): number {
  return quietMs === 0 ? 0 : (falseOnsets * 3_600_000) / quietMs;
}

/** The lower end of Wilson's 95 % interval of a share, 0 to 1. */
export function lowerBound(met: number, of: number): number {
  if (of === 0) return 0;
  const z = 1.96;
  const share = met / of;
  const centre = share + (z * z) / (2 * of);
  const spread = z * Math.sqrt((share * (1 - share)) / of + (z * z) / (4 * of * of));
  return (centre - spread) / (1 + (z * z) / of);
}
