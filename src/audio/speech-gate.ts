import { meanSquare } from './level.ts';
import { mulawBytesPerMs, type MulawCodec } from './mulaw.ts';

/** Mean square of −46 dBFS: above the noise of telephone lines, below quiet speech. */
const speechMeanSquare = 2.5e-5;

/** A pause of this length ends a stretch of speech. */
const pauseMs = 300;

/** Shorter sounds are clicks and coughs. A "yes" has 300 ms. */
const speechMsMin = 160;

/** Nobody pauses so long within a sentence that waits for no answer. */
const endMs = 600;

/** What the gate found out with a piece of sound. */
export type GateNews = 'began' | 'ended' | null;

/**
 * A plain level gate: whether somebody speaks, told from loudness alone. It says `began` once a stretch of sound is long enough to be
 * speech, and `ended` when 600 ms of quiet have followed. Constant noise above its threshold keeps it open, so nothing may rely on it alone.
 */
export class SpeechGate {
  readonly #codec: MulawCodec;
  #isOpen = false;
  #speechMs = 0;
  #quietMs = 0;
  #openMs = 0;

  constructor(codec: MulawCodec) {
    this.#codec = codec;
  }

  /** Whether somebody speaks, pauses within a sentence included. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** How long the present or the last utterance is, pauses within it included and the one at its end not, in ms. */
  get openMs(): number {
    return this.#openMs;
  }

  /** How long the present stretch of speech is, in ms; 0 in a pause. */
  get speechMs(): number {
    return this.#speechMs;
  }

  isSpeech(mulaw: Uint8Array): boolean {
    return meanSquare(mulaw, this.#codec) >= speechMeanSquare;
  }

  /** Forgets the present stretch, as when what was heard so far is not to count. */
  restart(): void {
    this.#speechMs = 0;
  }

  /** Takes the next piece of sound (8 kHz mu-law), which is speech or not. */
  push(mulaw: Uint8Array, isSpeech: boolean): GateNews {
    const ms = mulaw.length / mulawBytesPerMs;
    if (!isSpeech) return this.quiet(ms);
    this.#speechMs += ms;
    if (this.#isOpen) this.#openMs += this.#quietMs + ms;
    this.#quietMs = 0;
    if (this.#isOpen || this.#speechMs < speechMsMin) return null;
    this.#isOpen = true;
    this.#openMs = this.#speechMs;
    return 'began';
  }

  /** So many milliseconds were quiet. */
  quiet(ms: number): GateNews {
    this.#quietMs += ms;
    if (this.#quietMs >= pauseMs) this.#speechMs = 0;
    if (!this.#isOpen || this.#quietMs < endMs) return null;
    this.#isOpen = false;
    return 'ended';
  }
}
