import type { Clock } from './clock.ts';

/** How much may come: `atOnce`, and of what was used `perSecond` comes back. */
export interface Allowance {
  readonly atOnce: number;
  readonly perSecond: number;
}

/** Holds a remote to an allowance. It begins full. */
export class TokenBucket {
  readonly #allowance: Allowance;
  readonly #clock: Clock;
  #left: number;
  #countedMs: number;

  constructor(allowance: Allowance, clock: Clock) {
    this.#allowance = allowance;
    this.#clock = clock;
    this.#left = allowance.atOnce;
    this.#countedMs = clock.nowMs();
  }

  /** Takes so much out. Returns false when less is left, and then nothing is taken. */
  take(amount: number): boolean {
    const { atOnce, perSecond } = this.#allowance;
    const nowMs = this.#clock.nowMs();
    this.#left = Math.min(atOnce, this.#left + (perSecond * (nowMs - this.#countedMs)) / 1_000);
    this.#countedMs = nowMs;
    if (amount > this.#left) return false;
    this.#left -= amount;
    return true;
  }
}
