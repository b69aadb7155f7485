import type { Clock, Timer } from '../clock.ts';

/** How late the process is with whatever comes in. */
export interface EventLoopDelay {
  /**
   * In ms: the 90th percentile of how late timers were in the last five seconds, or the least late of the last three, whichever is more. 0
   * while too little is known.
   */
  delayMs(): number;
}

/** How often it looks. A process that is late looks less often, which makes no moment count for more. */
const lookMs = 50;

/** So far back it counts. */
const windowMs = 5_000;

/** A process that was late so often in a row is not late by accident, and need not be so for seconds before it counts. */
const rowLooks = 3;

/** After less time nothing is said: a process that has just started is late with everything. */
const knownAfterMs = 1_000;

interface Look {
  readonly atMs: number;
  readonly lateMs: number;
}

/** The delay as timers show it: each fires when everything that came before it was handled, and so much later than it was due. */
export class MeasuredDelay implements EventLoopDelay {
  readonly #clock: Clock;
  /** The oldest first. */
  readonly #looks: Look[] = [];
  readonly #sinceMs: number;
  #timer: Timer;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#sinceMs = clock.nowMs();
    this.#timer = this.#lookAgain();
  }

  delayMs(): number {
    const nowMs = this.#clock.nowMs();
    this.#forgetBefore(nowMs - windowMs);
    if (nowMs - this.#sinceMs < knownAfterMs) return 0;
    const sorted = this.#looks.map(({ lateMs }) => lateMs).toSorted((a, b) => a - b);
    const p90Ms = sorted[Math.ceil(0.9 * sorted.length) - 1] ?? 0;
    return this.#looks.length < rowLooks ? p90Ms : Math.max(p90Ms, this.#latelyMs);
  }

  /** The process was at least so late each of the last times. */
  get #latelyMs(): number {
    return this.#looks.slice(-rowLooks).reduce((least, { lateMs }) => Math.min(least, lateMs), Infinity);
  }

  /** Looks no more. */
  stop(): void {
    this.#timer.cancel();
  }

  #lookAgain(): Timer {
    const dueMs = this.#clock.nowMs() + lookMs;
    return this.#clock.lazily(lookMs, () => {
      const atMs = this.#clock.nowMs();
      this.#looks.push({ atMs, lateMs: atMs - dueMs });
      this.#forgetBefore(atMs - windowMs);
      this.#timer = this.#lookAgain();
    });
  }

  #forgetBefore(atMs: number): void {
    while ((this.#looks[0]?.atMs ?? Infinity) < atMs) this.#looks.shift();
  }
}
