import { meanSquare, speechMeanSquareMin } from '../../audio/level.ts';
import { mulawBytesPerMs, type MulawCodec } from '../../audio/mulaw.ts';
import type { TimeSpan } from './recorded-timeline.ts';

/** When the caller spoke since somebody last asked: from the first loud frame to the last. */
export class SpeechSince {
  readonly #codec: MulawCodec;
  #span: TimeSpan | null = null;

  constructor(codec: MulawCodec) {
    this.#codec = codec;
  }

  /** Takes a frame that arrived at `atMs`. */
  heard(audio: Uint8Array, atMs: number): void {
    if (meanSquare(audio, this.#codec) < speechMeanSquareMin) return;
    this.#span = { fromMs: this.#span?.fromMs ?? atMs - audio.length / mulawBytesPerMs, toMs: atMs };
  }

  /** The span, which begins anew after this; null when nobody spoke. */
  take(): TimeSpan | null {
    const span = this.#span;
    this.#span = null;
    return span;
  }
}
