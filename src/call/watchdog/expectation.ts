import type { Patience } from '../call-settings.ts';

/** Tone and phrase come in turn, and no faster than they can be heard. */
const comfortPeriodMsMin = 4_000;

/** What the caller waits to hear from the model. */
export type Expected = 'greeting' | 'answer' | 'question' | 'rest' | 'toolResult' | 'sentence' | 'anything';

/** What the caller hears meanwhile: a soft comfort tone, or a spoken filler phrase. */
export type Comfort = 'tone' | 'phrase';

/** What the caller waits to hear, since when, and when the silence needs a sound. */
export class Expectation {
  readonly #patience: Patience;
  #expected: Expected | null = null;
  #sinceMs = 0;
  #renewedMs = 0;
  #comforts = 0;
  #hasGreeted = false;

  constructor(patience: Patience) {
    this.#patience = patience;
  }

  /** Whether the caller has heard anything of the model yet. Until then, the greeting is what is expected. */
  get hasGreeted(): boolean {
    return this.#hasGreeted;
  }

  greeted(): void {
    this.#hasGreeted = true;
  }

  get expected(): Expected | null {
    return this.#expected;
  }

  get sinceMs(): number {
    return this.#sinceMs;
  }

  /** Since when the model has had its time for what is expected of it. */
  get renewedMs(): number {
    return this.#renewedMs;
  }

  /** From this moment on the model must say something. What was expected before has been waited for already. */
  expect(expected: Expected, nowMs: number): void {
    if (this.#expected === null) this.#sinceMs = nowMs;
    this.#expected = this.#hasGreeted ? expected : 'greeting';
    this.#renewedMs = nowMs;
  }

  /** Nothing is expected: words have come, or the caller speaks. */
  satisfied(): void {
    this.#expected = null;
    this.#comforts = 0;
  }

  /** The model's time for it begins anew. */
  renew(nowMs: number): void {
    this.#renewedMs = nowMs;
  }

  /** When the caller must hear a sound, if it has been quiet since `quietSinceMs`; null when nothing is expected. */
  comfortDeadlineMs(quietSinceMs: number): number | null {
    if (this.#expected === null) return null;
    const { toneMs, phraseMs } = this.#patience;
    // Tone and phrase in turn, with the wait that lies between the first two: a tone is no answer, and must not go on for ever.
    const period = Math.floor(this.#comforts / 2) * Math.max(2 * (phraseMs - toneMs), comfortPeriodMsMin);
    return Math.max(this.#sinceMs, quietSinceMs) + period + (this.#comforts % 2 === 0 ? toneMs : phraseMs);
  }

  takeComfort(): Comfort {
    this.#comforts += 1;
    return this.#comforts % 2 === 1 ? 'tone' : 'phrase';
  }

  /** The caller hears a new stream, in which no such sound has been heard yet. */
  comfortAnew(): void {
    this.#comforts = 0;
  }
}
