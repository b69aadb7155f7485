import { createHmac } from 'node:crypto';
import type { Clock } from '../../system/clock.ts';
import { TokenBucket } from '../../system/token-bucket.ts';

/** Where a process proves that it is the one that is reached, over HTTP and over WebSocket: with a nonce as its query. */
export const identityPath = '/identity';

/** A check asks four times. Whoever asks more often is no check. */
const rate = { burst: 20, perSecond: 1 };

/**
 * What tells this process from every other: it answers a nonce with its HMAC, under a secret that never leaves the process. Whoever asks
 * the process directly and through its public address learns whether both are the same; a stranger learns nothing.
 */
export class Identity {
  readonly #secret: string;
  readonly #budget: TokenBucket;

  constructor(secret: string, clock: Clock) {
    this.#secret = secret;
    this.#budget = new TokenBucket(clock, rate);
  }

  /** Whether a nonce may be answered: 32 to 64 letters, digits, `-` and `_`, and not one too many. */
  admits(nonce: unknown): nonce is string {
    return typeof nonce === 'string' && /^[\w-]{32,64}$/.test(nonce) && this.#budget.take(1);
  }

  answer(nonce: string): string {
    return createHmac('sha256', this.#secret).update(nonce).digest('base64url');
  }
}
