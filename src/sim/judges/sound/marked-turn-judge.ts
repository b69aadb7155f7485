import { meanSquare, speechMeanSquareMin } from '../../../audio/level.ts';
import type { MulawCodec } from '../../../audio/mulaw.ts';
import type { CallEffect } from '../../../call/effects.ts';
import type { CallEvent } from '../../../call/events.ts';

const mulawBytesPerMs = 8;

/** So much loud sound in a row, short pauses included, is a voice and no click. */
const speechMsMin = 600;
const pauseMsMax = 300;

/** What a greeting that stalls, and a turn that is being decided on, may take. */
const turnMsMax = 6_000;

/** Judges whether a model that does not detect turns is told of each one: what a caller says in silence must become a turn (GM-VAD-6). */
export class MarkedTurnJudge {
  readonly #codec: MulawCodec;
  readonly #complain: (sentence: string) => void;
  #isOpen = false;
  #speechMs = 0;
  #quietMs = 0;
  /** Since when the caller has said enough for a turn. */
  #owedSinceMs: number | null = null;

  /** `complain`: takes what does not hold, in words. */
  constructor(codec: MulawCodec, complain: (sentence: string) => void) {
    this.#codec = codec;
    this.#complain = complain;
  }

  /** Looks at one step of a call. `isMarked`: a session listens for which turns are marked, and the agent is silent. */
  step(event: CallEvent, effects: readonly CallEffect[], isMarked: boolean): void {
    for (const { type } of effects) {
      if (type === 'model.activityStart') this.#isOpen = true;
      else if (type === 'model.activityEnd' || type === 'model.open' || type === 'model.close') this.#isOpen = false;
    }
    if (!isMarked || this.#isOpen) return this.#forget();
    if (event.type === 'stream.media') this.#listen(event.audio, event.atMs);
    if (this.#owedSinceMs === null || event.atMs - this.#owedSinceMs < turnMsMax) return;
    this.#forget();
    this.#complain('the caller spoke in a silence, and it became no turn');
  }

  #listen(audio: Uint8Array, atMs: number): void {
    const ms = audio.length / mulawBytesPerMs;
    if (meanSquare(audio, this.#codec) >= speechMeanSquareMin) {
      this.#speechMs += ms;
      this.#quietMs = 0;
    } else this.#quietMs += ms;
    if (this.#quietMs > pauseMsMax) this.#speechMs = 0;
    if (this.#speechMs >= speechMsMin) this.#owedSinceMs ??= atMs;
  }

  #forget(): void {
    this.#speechMs = 0;
    this.#quietMs = 0;
    this.#owedSinceMs = null;
  }
}
