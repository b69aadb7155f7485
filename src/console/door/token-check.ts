import { createHash, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../../system/clock.ts';

/** Wrong tokens from one place in a minute. A person who mistypes needs few, and a machine that tries all gets nowhere. */
const failuresMax = 10;
const failureMs = 60_000;

/** Places whose failures are counted. The one that was first is forgotten for another. */
const placesMax = 1_000;

/** What comes of a token. `tooOften`: this place has to wait, and nothing was compared. */
export type TokenVerdict = 'right' | 'wrong' | 'tooOften';

/** Compares tokens with the right one in constant time, and so often. */
export class TokenCheck {
  readonly #clock: Pick<Clock, 'nowMs'>;
  readonly #right: Uint8Array;
  readonly #failures = new Map<string, { count: number; readonly untilMs: number }>();

  constructor(token: string, clock: Pick<Clock, 'nowMs'>) {
    this.#right = digest(token);
    this.#clock = clock;
  }

  /** `place`: where the token comes from, as an address. */
  try(token: string, place: string): TokenVerdict {
    const nowMs = this.#clock.nowMs();
    let failures = this.#failures.get(place);
    if (failures !== undefined && nowMs >= failures.untilMs) {
      this.#failures.delete(place);
      failures = undefined;
    }
    if (failures !== undefined && failures.count >= failuresMax) return 'tooOften';
    if (timingSafeEqual(digest(token), this.#right)) return 'right';
    if (failures === undefined) this.#begin(place, nowMs);
    else failures.count += 1;
    return 'wrong';
  }

  #begin(place: string, nowMs: number): void {
    this.#failures.set(place, { count: 1, untilMs: nowMs + failureMs });
    const [oldest] = this.#failures.keys();
    if (this.#failures.size > placesMax && oldest !== undefined) this.#failures.delete(oldest);
  }
}

function digest(text: string): Uint8Array {
  return createHash('sha256').update(text).digest();
}
