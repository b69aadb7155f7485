/** A mark that takes longer than this was held up on its way, even around the world on a bad day. */
const roundTripMsMax = 1_500;

/** How fast a longer way is learned: by this share of the difference with each reply. A shorter one is believed at once. */
const learnedShare = 1 / 4;

/** How long a message to Twilio and its answer are on their way, learned from marks. */
export class RoundTrip {
  #ms: number | null = null;

  /** One direction of it in ms, as far as we can know. */
  get halfMs(): number {
    return (this.#ms ?? 0) / 2;
  }

  /** A mark took so much longer than its audio plays. `isFirst`: nothing that was sent before can have held it up. */
  seen(ms: number, isFirst: boolean): void {
    const seenMs = Math.min(roundTripMsMax, Math.max(0, ms));
    if (this.#ms === null || seenMs < this.#ms) this.#ms = seenMs;
    else if (isFirst) this.#ms += (seenMs - this.#ms) * learnedShare;
  }
}
