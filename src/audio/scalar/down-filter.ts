import { blockCodes } from '../block-filters.ts';
import { downCentreTap, downTaps, tapUnity } from '../taps.ts';

const sideTaps = Float64Array.from(downTaps);

/** The farthest tap's distance from the centre, in samples at 24 kHz: of every three distances, one has no tap. */
const reachSamples = (3 * sideTaps.length) / 2 - 1;

/** A triple gives its output with its last sample, whose window of `2 * reachSamples + 1` then begins this far back. */
const historySamples = 2 * reachSamples - 2;

/**
 * Divides the sampling rate by three after removing what 8 kHz cannot carry: a third-band filter. Delay 84 samples at
 * 24 kHz (3.5 ms).
 *
 * It works on blocks: put samples into `input`, call `run`, take a third as many from `output`.
 */
export class DownFilter {
  /** Outputs that one `run` can give. */
  static readonly blockOutputs = blockCodes;

  /** The next block at 24 kHz. */
  readonly input: Float64Array;
  /** The last block at 8 kHz; the next `run` overwrites it. */
  readonly output = new Float64Array(DownFilter.blockOutputs);

  // Earlier samples and the block in one piece, so that the inner loop needs no wrap-around.
  readonly #window = new Float64Array(historySamples + 3 * DownFilter.blockOutputs);

  constructor() {
    this.input = this.#window.subarray(historySamples);
  }

  /** Filters the first `outputs` (0 to `blockOutputs`) triples of `input`. */
  run(outputs: number): void {
    const window = this.#window;
    const output = this.output;
    for (let i = 0; i < outputs; i++) {
      const centre = 3 * i + reachSamples;
      let sum = downCentreTap * (window[centre] ?? 0);
      for (let tap = 0, distance = 1; tap < sideTaps.length; tap += 2, distance += 3) {
        sum +=
          (sideTaps[tap] ?? 0) * ((window[centre - distance] ?? 0) + (window[centre + distance] ?? 0)) +
          (sideTaps[tap + 1] ?? 0) * ((window[centre - distance - 1] ?? 0) + (window[centre + distance + 1] ?? 0));
      }
      output[i] = sum / tapUnity;
    }
    window.copyWithin(0, 3 * outputs, 3 * outputs + historySamples);
  }

  /** Forgets all earlier samples. */
  reset(): void {
    this.#window.fill(0);
  }
}
