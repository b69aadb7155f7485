/** A stream that breaks more often than this will break again: a person or a goodbye is the better answer. */
const returnsMax = 5;

/** A stream that has lived this long did not break for the same reason as the one before. */
const stableMs = 60_000;

/**
 * The streams of a call, numbered from 1, and how often one had to be asked for again. Twilio may ask late, or again, what comes after a
 * stream that another one has followed: such a question gets the answer that was given last, and changes nothing.
 */
export class StreamNumbers {
  #latest = 0;
  #returns = 0;
  #sinceMs = 0;

  /** Whether another stream was asked for since this one. A question without a number is taken to be about the latest. */
  isPast(stream: number | null): boolean {
    return stream !== null && stream < this.#latest;
  }

  /** Twilio names a stream. A higher number was given by an earlier process, and must not be given again. */
  met(stream: number | null): void {
    this.#latest = Math.max(this.#latest, stream ?? 0);
  }

  started(nowMs: number): void {
    this.#sinceMs = nowMs;
  }

  /** The number of the stream that Twilio is told to open. */
  next(): number {
    this.#latest += 1;
    return this.#latest;
  }

  /** A stream broke. Returns whether another one is worth asking for. */
  mayReturn(nowMs: number): boolean {
    if (nowMs - this.#sinceMs >= stableMs) this.#returns = 0;
    this.#returns += 1;
    return this.#returns <= returnsMax;
  }
}
