/**
 * A reply waits no longer than this, in ms. By the rule of barge-in it yields to 1.5 s of words of a caller who spoke first, which take little
 * less. What is no such words is no reason to wait on.
 */
const waitMsMax = 2_500;

/**
 * The first words of a reply wait while the caller speaks, as those of a person do. A model may take a pause within a sentence, or a noise
 * before it, for the end of the caller's turn. If it notices that, or the agent yields meanwhile, nothing of the reply was heard.
 */
export class FirstWords {
  #callerSpeaks = false;
  #sinceMs: number | null = null;

  /** Until when they wait, unless the caller stops before; in the past when they do not. */
  get untilMs(): number {
    return this.#sinceMs === null ? -Infinity : this.#sinceMs + waitMsMax;
  }

  /** Whether the caller speaks. Returns whether that is the end of a wait. */
  callerSpeaks(isSpeaking: boolean): boolean {
    this.#callerSpeaks = isSpeaking;
    return !isSpeaking && this.#sinceMs !== null;
  }

  /** A reply is there, of which nothing was sent. */
  came(nowMs: number): void {
    if (this.#callerSpeaks) this.#sinceMs = nowMs;
  }

  /** They are sent, or dropped. Returns how long they have waited, in ms; null if they have not. */
  left(nowMs: number): number | null {
    const sinceMs = this.#sinceMs;
    this.#sinceMs = null;
    return sinceMs === null ? null : nowMs - sinceMs;
  }
}
