import type { Clock, Timer } from './clock.ts';

/** How late the process is with whatever comes in. */
export interface EventLoopDelay {
  /** In nine of ten moments of the last five seconds it was no later than this, in ms. 0 while too little is known. */
  p90Ms(): number;
}

/** How often it looks. A process that is late looks less often, which makes no moment count for more. */
const lookMs = 50;

/** So far back it counts. */
const windowMs = 5_000;

/** After less time nothing is said: a process that has just started is late with everything. */
const knownAfterMs = 1_000;

interface Look {
  readonly atMs: number;
  readonly lateMs: number;
}

/** The delay as timers show it: each is due in a while, fires later, and after everything that has come by then was handled. */
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

  p90Ms(): number {
    const nowMs = this.#clock.nowMs();
    this.#forgetBefore(nowMs - windowMs);
    if (nowMs - this.#sinceMs < knownAfterMs) return 0;
    const sorted = this.#looks.map(({ lateMs }) => lateMs).toSorted((a, b) => a - b);
    return sorted[Math.ceil(0.9 * sorted.length) - 1] ?? 0;
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
