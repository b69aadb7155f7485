import { createHmac, scryptSync, timingSafeEqual } from 'node:crypto';

/** What is signed. A signature of one kind is none of another. */
type Signed = 'site' | 'pass';

/**
 * The key of all processes that have the same ADMIN_TOKEN. It is made slowly, because whoever sees a signature may try tokens on a machine
 * of their own.
 */
export class FleetKey {
  readonly #key: Uint8Array;

  constructor(token: string) {
    this.#key = scryptSync(token, 'Parley: the pages of a fleet', 32);
  }

  /** Null without an ADMIN_TOKEN. */
  static of(token: string | null): FleetKey | null {
    return token === null ? null : new FleetKey(token);
  }

  /** Signs these texts, in this order. */
  sign(what: Signed, texts: readonly string[]): string {
    return createHmac('sha256', this.#key)
      .update(JSON.stringify([what, ...texts]))
      .digest('base64url');
  }

  isSigned(signature: string, what: Signed, texts: readonly string[]): boolean {
    const [given, right] = [Buffer.from(signature), Buffer.from(this.sign(what, texts))];
    return given.length === right.length && timingSafeEqual(given, right);
  }
}
