import type { MulawCodec } from '../../audio/mulaw.ts';
import { type GateNews, SpeechGate } from '../../audio/speech-gate.ts';
import type { CallerEar } from '../turns/caller-ear.ts';

/** The ear says that the caller has stopped 0.3 s after the last of the voice. As long again, and the pause is the one that ends speech by level. */
const offsetMsMin = 300;

/** So much sound without a voice is noise, in ms: the ear notices each voice sooner. */
export const noiseMsMin = 300;

/**
 * Whether the caller speaks. Level tells it, as long as the line is quiet. In noise the level never falls; there the ear tells when the
 * caller has stopped, and when the caller speaks again.
 */
export class CallerGate {
  readonly #gate: SpeechGate;
  readonly #ear: CallerEar;
  #isOpen = false;
  /** How long the utterance was that the ear told of last; null when level told it. */
  #heardMs: number | null = null;
  /** How long the latest words are that the ear has heard since level has opened it; null for none. */
  #wordsMs: number | null = null;

  constructor(codec: MulawCodec, ear: CallerEar) {
    this.#gate = new SpeechGate(codec);
    this.#ear = ear;
  }

  /** Whether somebody speaks, pauses within a sentence included. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Whether the line is as loud as speech, whatever it is. */
  get isLoud(): boolean {
    return this.#gate.isOpen;
  }

  /** Whether the caller has stopped, as far as the ear tells, in noise that is as loud as speech. */
  get isNoise(): boolean {
    return this.#gate.isOpen && !this.#isOpen && !this.#ear.isSpeaking;
  }

  /** Whether there has been sound for a while in which the ear hears nobody. */
  get hasNobody(): boolean {
    return !this.#ear.isSpeaking && this.speechMs >= noiseMsMin;
  }

  /** How long the present or the last utterance is, pauses within it included and the one at its end not, in ms. */
  get openMs(): number {
    return this.#heardMs ?? this.#gate.openMs;
  }

  /** How long the present stretch of sound is, in ms; 0 in a pause. */
  get speechMs(): number {
    return this.#gate.speechMs;
  }

  isSpeech(mulaw: Uint8Array): boolean {
    return this.#gate.isSpeech(mulaw);
  }

  /** Forgets the present stretch, as when what was heard so far is not to count. */
  restart(): void {
    this.#gate.restart();
  }

  /** Takes the next piece of sound (8 kHz mu-law), which is speech or not by its level, and which the ear has heard. */
  push(mulaw: Uint8Array, isSpeech: boolean): GateNews {
    return this.#told(this.#gate.push(mulaw, isSpeech));
  }

  /** So many milliseconds were quiet. */
  quiet(ms: number): GateNews {
    return this.#told(this.#gate.quiet(ms));
  }

  #told(byLevel: GateNews): GateNews {
    if (byLevel === 'began') this.#heardMs = this.#wordsMs = null;
    const isOpen = byLevel === null ? this.#gate.isOpen && this.#hears() : byLevel === 'began';
    if (isOpen === this.#isOpen) return null;
    this.#isOpen = isOpen;
    return isOpen ? 'began' : 'ended';
  }

  /**
   * While level tells nothing: whether the caller speaks by what the ear has heard since it was opened; in a pause, level tells how long
   * that is. What is less than a word neither opens it, nor hides that the words before it are over.
   */
  #hears(): boolean {
    const { isSpeaking, sinceOnsetMs, sinceOffsetMs, mayHoldWord } = this.#ear;
    const isWords = mayHoldWord && sinceOnsetMs <= this.#gate.openMs + offsetMsMin;
    if (isWords) this.#wordsMs = Math.min(this.#gate.openMs, sinceOnsetMs - sinceOffsetMs);
    if (this.#wordsMs === null || this.#gate.speechMs === 0) return this.#isOpen;
    if (this.#isOpen ? isSpeaking || sinceOffsetMs < offsetMsMin : !isSpeaking || !isWords) return this.#isOpen;
    this.#heardMs = this.#wordsMs;
    return !this.#isOpen;
  }
}
