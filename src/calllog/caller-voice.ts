import { meanSquare, speechMeanSquareMin } from '../audio/level.ts';
import { mulawBytesPerMs, type MulawCodec } from '../audio/mulaw.ts';

/** Twilio's timestamps waver by less than a frame; from two frames on, sound is missing. */
const gapMsMin = 40;

/** The caller's sound as a log shows it: when the caller spoke, and what never came. */
export class CallerVoice {
  readonly #codec: MulawCodec;
  /** The timestamp that the next frame should have; NaN before the first of a stream. */
  #nextTimestampMs = Number.NaN;
  #lastSpeechMs: number | null = null;
  #spokeAtMs = -Infinity;
  #missingMs = 0;

  constructor(codec: MulawCodec) {
    this.#codec = codec;
  }

  /** Sound that never came, by the timestamps, in ms. */
  get missingMs(): number {
    return this.#missingMs;
  }

  /** When the caller was last heard to speak, in ms since the call began; -Infinity when never. */
  get spokeAtMs(): number {
    return this.#spokeAtMs;
  }

  /** When the caller was last heard to speak, in ms since the call began; null when not since an answer. */
  get lastSpeechMs(): number | null {
    return this.#lastSpeechMs;
  }

  /** Timestamps count from the start of each stream (TW-STREAM-4). */
  streamStarted(): void {
    this.#nextTimestampMs = Number.NaN;
  }

  /** Takes a frame that arrived at `atMs`. Returns how much sound before it is missing, in ms; 0 when none is. */
  heard(audio: Uint8Array, timestampMs: number, atMs: number): number {
    const gapMs = Number.isNaN(this.#nextTimestampMs) ? 0 : timestampMs - this.#nextTimestampMs;
    this.#nextTimestampMs = timestampMs + audio.length / mulawBytesPerMs;
    if (meanSquare(audio, this.#codec) >= speechMeanSquareMin) {
      this.#lastSpeechMs = atMs;
      this.#spokeAtMs = atMs;
    }
    if (gapMs < gapMsMin) return 0;
    this.#missingMs += gapMs;
    return gapMs;
  }

  /** The same; null when not since the last time it was asked here. */
  takeLastSpeech(): number | null {
    const atMs = this.#lastSpeechMs;
    this.#lastSpeechMs = null;
    return atMs;
  }
}
