/** Into so many bands the sound of a telephone is split: up to 0.5, 1, 2, 3 and 4 kHz. */
export const voiceBands = 5;

/** The poles of the two all-pass filters of a split. Their sum is what lies below the middle of the band, their difference what lies above. */
const upperPole = 0.64;
const lowerPole = 0.17;

/** Splits a stream into the lower and the upper half of its band, each at half its rate. */
class HalfBandSplit {
  readonly low: Float64Array;
  readonly high: Float64Array;
  #evenState = 0;
  #oddState = 0;

  constructor(samples: number) {
    this.low = new Float64Array(samples / 2);
    this.high = new Float64Array(samples / 2);
  }

  split(sound: Float64Array): void {
    const { low, high } = this;
    let even = this.#evenState;
    let odd = this.#oddState;
    for (let i = 0; i < low.length; i++) {
      const first = sound[2 * i] ?? 0;
      const second = sound[2 * i + 1] ?? 0;
      const upper = even + upperPole * first;
      even = first - upperPole * upper;
      const lower = odd + lowerPole * second;
      odd = second - lowerPole * lower;
      low[i] = (upper + lower) / 2;
      high[i] = (upper - lower) / 2;
    }
    this.#evenState = even;
    this.#oddState = odd;
  }
}

/** Splits the frames of a line into bands and tells the power of each. Nothing is allocated for a frame. */
export class BandSplit {
  /** The mean power of each band over the frame, in squared PCM16 units: up to 0.5, 1, 2, 3 and 4 kHz. */
  readonly powers = new Float64Array(voiceBands);
  readonly #whole: HalfBandSplit;
  readonly #below2: HalfBandSplit;
  readonly #above2: HalfBandSplit;
  readonly #below1: HalfBandSplit;

  /** For frames of so many samples at 8 kHz, a multiple of eight. */
  constructor(frameSamples: number) {
    this.#whole = new HalfBandSplit(frameSamples);
    this.#below2 = new HalfBandSplit(frameSamples / 2);
    this.#above2 = new HalfBandSplit(frameSamples / 2);
    this.#below1 = new HalfBandSplit(frameSamples / 4);
  }

  /** Takes the next frame, in PCM16 units. */
  measure(sound: Float64Array): void {
    this.#whole.split(sound);
    this.#below2.split(this.#whole.low);
    this.#above2.split(this.#whole.high);
    this.#below1.split(this.#below2.low);
    this.powers[0] = powerOf(this.#below1.low);
    this.powers[1] = powerOf(this.#below1.high);
    this.powers[2] = powerOf(this.#below2.high);
    // What lies above the middle comes out upside down.
    this.powers[3] = powerOf(this.#above2.high);
    this.powers[4] = powerOf(this.#above2.low);
  }
}

function powerOf(sound: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < sound.length; i++) sum += (sound[i] ?? 0) ** 2;
  return sum / sound.length;
}
