import type { Clock } from './clock.ts';

/** What may be taken at once, and how fast what was taken comes back. */
export interface TokenRate {
  readonly burst: number;
  readonly perSecond: number;
}

/** A budget that is used up by taking and fills up again with time. It is full at first. */
export class TokenBucket {
  readonly #clock: Pick<Clock, 'nowMs'>;
  readonly #rate: TokenRate;
  #left: number;
  #atMs: number;

  constructor(clock: Pick<Clock, 'nowMs'>, rate: TokenRate) {
    this.#clock = clock;
    this.#rate = rate;
    this.#left = rate.burst;
    this.#atMs = clock.nowMs();
  }

  /** Takes so much of it and returns true; if less is left, takes nothing and returns false. */
  take(amount: number): boolean {
    const nowMs = this.#clock.nowMs();
    const { burst, perSecond } = this.#rate;
    this.#left = Math.min(burst, this.#left + ((nowMs - this.#atMs) / 1000) * perSecond);
    this.#atMs = nowMs;
    if (this.#left < amount) return false;
    this.#left -= amount;
    return true;
  }
}
