import { type MulawCodec, mulawSilence } from './mulaw.ts';
import { roundToPcm16 } from './pcm16.ts';
import { UpFilter } from './up-filter.ts';

/** Codes of silence that bring out the end of the sound: just more than the filter's delay. `flush` returns four bytes for each. */
export const callerTailCodes = 29;

/** The caller's voice of one call on its way to the model: 8 kHz mu-law in, 16 kHz PCM16 little-endian out. */
export class CallerUpsampler {
  readonly #decode: Float64Array;
  readonly #filter = new UpFilter();
  /** Whether the filter holds sound that `flush` must bring out. */
  #holdsSound = false;

  constructor(codec: MulawCodec) {
    this.#decode = codec.decode;
  }

  /**
   * Takes any number of mu-law codes and returns four bytes (two samples) for each, in a buffer of its own. The sound
   * comes 3.56 ms late; the first call begins with that much silence.
   */
  push(mulaw: Uint8Array): Uint8Array {
    const pcm16k = new Uint8Array(4 * mulaw.length);
    for (let start = 0; start < mulaw.length; start += UpFilter.blockSamples) {
      this.#convert(mulaw, start, Math.min(UpFilter.blockSamples, mulaw.length - start), pcm16k);
    }
    return pcm16k;
  }

  /** Returns the 3.6 ms still inside the filter, then begins anew. Empty when nothing was pushed since the last end. */
  flush(): Uint8Array {
    const tail = this.push(new Uint8Array(this.#holdsSound ? callerTailCodes : 0).fill(mulawSilence));
    this.reset();
    return tail;
  }

  /** Forgets the sound so far: the next push begins as the first one did. */
  reset(): void {
    this.#filter.reset();
    this.#holdsSound = false;
  }

  #convert(mulaw: Uint8Array, start: number, samples: number, pcm16k: Uint8Array): void {
    const decode = this.#decode;
    const { input, output } = this.#filter;
    for (let i = 0; i < samples; i++) input[i] = decode[mulaw[start + i] ?? 0] ?? 0;
    this.#filter.run(samples);
    this.#holdsSound = true;
    for (let i = 0, byte = 4 * start; i < 2 * samples; i++, byte += 2) {
      const sample = roundToPcm16(output[i] ?? 0);
      pcm16k[byte] = sample;
      pcm16k[byte + 1] = sample >> 8;
    }
  }
}
