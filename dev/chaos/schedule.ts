import type { Draw } from '../../src/sim/seeds/draw.ts';
import { type ChaosRound, type ChaosFault, faultRules, type TimeRange } from './faults.ts';

/** A fault that is to come. */
export interface PlannedStrike {
  readonly fault: ChaosFault;
  /** The number of the process that is struck, counted from 0; where the database is, it means nothing. */
  readonly process: number;
  /** How long nothing happens before it. */
  readonly pauseMs: number;
  readonly lastsMs: number;
  /** By how much a slow database is late. */
  readonly delayMs: number;
}

/** The first pause lets calls come to speak. */
const firstPauseMs: TimeRange = { min: 3_000, max: 5_000 };

/** Each way. */
const slowMs: TimeRange = { min: 300, max: 1_000 };

/** The faults of a round, without end, drawn from a seed: like cards, so that each fault and each process comes as often as any other. */
export function* plannedStrikes(round: ChaosRound, processes: number, draw: Draw): Generator<PlannedStrike, never> {
  const faults = cards(round.faults, draw);
  const struck = cards(
    Array.from({ length: processes }, (_, at) => at),
    draw,
  );
  let pause = firstPauseMs;
  for (;;) {
    const fault = faults.next().value;
    const { lastsMs, restMs } = faultRules[fault];
    yield {
      fault,
      process: struck.next().value,
      pauseMs: drawn(pause, draw),
      lastsMs: drawn(lastsMs, draw),
      delayMs: drawn(slowMs, draw),
    };
    pause = restMs;
  }
}

/** Cards from a deck that is shuffled anew whenever it is used up. */
function* cards<Card>(deck: readonly Card[], draw: Draw): Generator<Card, never> {
  for (;;) {
    const left = [...deck];
    while (left.length > 0) yield* left.splice(draw.int(0, left.length - 1), 1);
  }
}

/** By how much the clock of each process is ahead of this machine's, in ms: the first and the last are as far apart as is allowed. */
export function clocksAhead({ clocksApartMs }: ChaosRound, processes: number): number[] {
  return Array.from({ length: processes }, (_, at) =>
    Math.round(clocksApartMs * (at / Math.max(1, processes - 1) - 0.5)),
  );
}

function drawn({ min, max }: TimeRange, draw: Draw): number {
  return draw.int(min, max);
}
