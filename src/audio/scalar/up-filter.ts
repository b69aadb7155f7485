import { blockCodes } from '../block-filters.ts';
import { tapUnity, upTaps } from '../taps.ts';

const sideTaps = Float64Array.from(upTaps);

/** A point between two samples is made of as many to its left as to its right, the newest of which is in the block. */
const historySamples = 2 * sideTaps.length - 1;

/**
 * Doubles the sampling rate of a telephone-band signal: a half-band filter whose every other output is an input
 * sample, untouched. Delay 57 samples at 16 kHz (3.56 ms).
 *
 * It works on blocks: put samples into `input`, call `run`, take twice as many from `output`.
 */
export class UpFilter {
  /** Samples that one `run` can take. */
  static readonly blockSamples = blockCodes;

  /** The next block at 8 kHz. */
  readonly input: Float64Array;
  /** The last block at 16 kHz; the next `run` overwrites it. */
  readonly output = new Float64Array(2 * UpFilter.blockSamples);

  // Earlier samples and the block in one piece, so that the inner loop needs no wrap-around.
  readonly #window = new Float64Array(historySamples + UpFilter.blockSamples);

  constructor() {
    this.input = this.#window.subarray(historySamples);
  }

  /** Filters the first `samples` (0 to `blockSamples`) of `input`. */
  run(samples: number): void {
    const window = this.#window;
    const output = this.output;
    for (let i = 0; i < samples; i++) {
      const right = i + sideTaps.length;
      const left = right - 1;
      let sum = 0;
      for (let pair = 0; pair < sideTaps.length; pair++) {
        sum += (sideTaps[pair] ?? 0) * ((window[left - pair] ?? 0) + (window[right + pair] ?? 0));
      }
      output[2 * i] = sum / tapUnity;
      output[2 * i + 1] = window[right] ?? 0;
    }
    window.copyWithin(0, samples, samples + historySamples);
  }

  /** Forgets all earlier samples. */
  reset(): void {
    this.#window.fill(0);
  }
}
