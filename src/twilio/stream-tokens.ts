import { isSameSecret } from './same-secret.ts';

/** The tokens with which the streams of a call prove that they belong to it. There is one for each stream, and it works once. */
export class StreamTokens {
  readonly #make: (stream: number) => string;
  #latest: { readonly stream: number; readonly text: string; readonly isUsed: boolean } | null = null;

  /** `make` draws a token. */
  constructor(make: (stream: number) => string) {
    this.#make = make;
  }

  /** The token of a stream, the same for a repeated answer. The next stream's token replaces it. */
  of(stream: number): string {
    if (this.#latest?.stream !== stream) this.#latest = { stream, text: this.#make(stream), isUsed: false };
    return this.#latest.text;
  }

  /** Takes the token of the latest stream, once. Returns whether it was the right one. */
  claim(token: string): boolean {
    const latest = this.#latest;
    if (latest === null || latest.isUsed || !isSameSecret(token, latest.text)) return false;
    this.#latest = { ...latest, isUsed: true };
    return true;
  }

  /** No stream is accepted from here on. */
  revoke(): void {
    this.#latest = null;
  }
}
