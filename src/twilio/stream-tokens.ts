import { timingSafeEqual } from 'node:crypto';

/** What the streams of a call must bring to prove that they are the ones that were asked for: a token for each, which works once. */
export class StreamTokens {
  readonly #make: (stream: number) => string;
  #latest: { readonly stream: number; readonly text: string; readonly isUsed: boolean } | null = null;

  /** `make` writes the token of a stream, given its number. */
  constructor(make: (stream: number) => string) {
    this.#make = make;
  }

  /** The token of a stream. A repeated answer repeats it, and with the next stream's it is worth nothing any more. */
  of(stream: number): string {
    if (this.#latest?.stream !== stream) this.#latest = { stream, text: this.#make(stream), isUsed: false };
    return this.#latest.text;
  }

  /** Takes the token of the latest stream, once. Returns whether it was that. */
  claim(token: string): boolean {
    const latest = this.#latest;
    if (latest === null || latest.isUsed) return false;
    // The bytes are compared, because texts of one length may have more of them, at which the comparison would throw.
    const [given, expected] = [Buffer.from(token), Buffer.from(latest.text)];
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) return false;
    this.#latest = { ...latest, isUsed: true };
    return true;
  }

  /** No stream may come any more. */
  revoke(): void {
    this.#latest = null;
  }
}
