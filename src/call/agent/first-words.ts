/**
 * A reply waits no longer than this, in ms. By the rule of barge-in it yields to 1.5 s of words of a caller who spoke first, which take little
 * less. What is no such words is no reason to wait on.
 */
const waitMsMax = 2_500;

/** `pauses`: for less than a voice that goes on and on may pause. */
export type CallerState = 'speaks' | 'pauses' | 'isSilent';

/**
 * The first words of a reply wait while the caller speaks, as those of a person do. A model may take a pause within a sentence, or a noise
 * before it, for the end of the caller's turn. If it notices that, or the agent yields meanwhile, nothing of the reply was heard.
 *
 * Beside a voice that goes on and on, such as a television, each reply would wait in vain. So where one has waited, none does until nobody
 * was heard for a while.
 */
export class FirstWords {
  #caller: CallerState = 'isSilent';
  #sinceMs: number | null = null;
  #hasWaited = false;

  get areWaiting(): boolean {
    return this.#sinceMs !== null;
  }

  /** Until when they wait, unless the caller stops before; in the past when they do not. */
  get untilMs(): number {
    return this.#sinceMs === null ? -Infinity : this.#sinceMs + waitMsMax;
  }

  /** What the caller does. Returns whether that is the end of a wait. */
  callerIs(state: CallerState): boolean {
    this.#caller = state;
    if (state === 'isSilent') this.#hasWaited = false;
    return state !== 'speaks' && this.areWaiting;
  }

  /** A reply is there, of which nothing was sent. */
  came(nowMs: number): void {
    if (this.#caller !== 'speaks' || this.#hasWaited) return;
    this.#sinceMs = nowMs;
    this.#hasWaited = true;
  }

  /** They are sent, or dropped. Returns how long they have waited, in ms; null if they have not. */
  left(nowMs: number): number | null {
    const sinceMs = this.#sinceMs;
    this.#sinceMs = null;
    return sinceMs === null ? null : nowMs - sinceMs;
  }
}
