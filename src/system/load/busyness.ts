import { performance } from 'node:perf_hooks';
import type { Clock, Timer } from '../clock.ts';

/** How busy the process is. */
export interface Busyness {
  /** Whether it works for the larger part of the time, so that less work is worth more than the last milliseconds. */
  readonly isBusy: boolean;
}

const lookMs = 1_000;

/** The part of the last second in which the process was not idle, from which on it is busy; and below which it is so no more. */
const busyPart = 0.75;
const calmPart = 0.65;

/** How much of the time since the last look the process was not idle, 0 to 1. */
export type WorkedPart = () => number;

/** The busyness of this process, which is looked at each second. */
export class MeasuredBusyness implements Busyness {
  readonly #clock: Clock;
  readonly #workedPart: WorkedPart;
  #isBusy = false;
  #timer: Timer;

  constructor(clock: Clock, workedPart: WorkedPart = eventLoopPart()) {
    this.#clock = clock;
    this.#workedPart = workedPart;
    this.#timer = this.#lookAgain();
  }

  get isBusy(): boolean {
    return this.#isBusy;
  }

  /** Looks no more. */
  stop(): void {
    this.#timer.cancel();
  }

  #lookAgain(): Timer {
    return this.#clock.lazily(lookMs, () => {
      this.#isBusy = this.#workedPart() >= (this.#isBusy ? calmPart : busyPart);
      this.#timer = this.#lookAgain();
    });
  }
}

function eventLoopPart(): WorkedPart {
  let last = performance.eventLoopUtilization();
  return () => {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, last);
    last = now;
    return utilization;
  };
}
