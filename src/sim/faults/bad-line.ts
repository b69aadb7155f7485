import type { MulawCodec } from '../../audio/mulaw.ts';
import { mulawSilence } from '../../audio/mulaw.ts';
import type { NextRandom } from '../seeded-random.ts';
import { Link } from './link.ts';

/** How bad: a call from a moving car, which people still carry on. */
const lossInThousand = 30;
/** A loss takes up to so many frames in a row. */
const burstFramesMax = 3;
const link = { latencyMs: 40, jitterMs: 120, stalls: [] };
/** White noise of about -52 dBFS, in PCM16 units: to be heard, and below what counts as speech anywhere. */
const noisePeak = 140;

const frameMs = 20;
/** Frames that came late and wait for their turn. Older ones are dropped, so that the delay does not grow. */
const waitingFramesMax = 8;

/** One direction of a bad telephone line: it loses frames, is uneven, and hisses. Frames are its time. */
export class BadLine {
  readonly #codec: MulawCodec;
  readonly #nextRandom: NextRandom;
  readonly #link: Link;
  readonly #travelling: { readonly arrivesMs: number; readonly audio: Uint8Array }[] = [];
  #frames = 0;
  #burstFrames = 0;

  constructor(codec: MulawCodec, nextRandom: NextRandom) {
    this.#codec = codec;
    this.#nextRandom = nextRandom;
    this.#link = new Link(link, nextRandom);
  }

  /** Takes a frame at one end, and gives the one that comes out at the other end meanwhile. */
  pass(audio: Uint8Array): Uint8Array {
    const atMs = this.#frames * frameMs;
    this.#frames += 1;
    if (!this.#isLost()) this.#travelling.push({ arrivesMs: this.#link.arrivalMs(atMs), audio });
    if (this.#travelling.length > waitingFramesMax) this.#travelling.shift();
    const next = this.#travelling[0];
    if (next === undefined || next.arrivesMs > atMs) return this.#hiss(audio.length);
    this.#travelling.shift();
    return this.#noisy(next.audio);
  }

  #isLost(): boolean {
    if (this.#burstFrames === 0 && this.#nextRandom() % 1000 < lossInThousand)
      this.#burstFrames = 1 + (this.#nextRandom() % burstFramesMax);
    if (this.#burstFrames === 0) return false;
    this.#burstFrames -= 1;
    return true;
  }

  #hiss(bytes: number): Uint8Array {
    return this.#noisy(new Uint8Array(bytes).fill(mulawSilence));
  }

  #noisy(audio: Uint8Array): Uint8Array {
    const { decode, encode } = this.#codec;
    return audio.map((code) => {
      const noise = (this.#nextRandom() % (2 * noisePeak + 1)) - noisePeak;
      const sample = Math.max(-32_768, Math.min(32_767, (decode[code] ?? 0) + noise));
      return encode[sample + 32_768] ?? mulawSilence;
    });
  }
}
