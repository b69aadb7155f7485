/** How far the filter reaches, in samples of the slower side: 24 on either side fall off within 500 Hz. */
const reachSamples = 24;

/** Of half the slower rate: what lies above is filtered away. */
const passed = 0.9;

/** Shape of the window: the higher, the less comes through above, and the softer is the edge. 60 dB. */
const kaiserBeta = 5.65;

/** Changes the rate of sound that comes piece by piece: a windowed sinc, and so without the hiss that mere interpolation adds. */
export class SincResampler {
  /** Input samples by which the position moves for each output sample, as a fraction of whole numbers. */
  readonly #step: number;
  readonly #phases: number;
  readonly #taps: readonly Float32Array[];
  readonly #reach: number;
  /** The last input, as far as the filter still needs it. */
  #input: Float32Array;
  /** Where in `#input` the next output sample lies: whole samples, and phases. */
  #at: number;
  #phase = 0;

  constructor(fromHz: number, toHz: number) {
    const common = greatestCommonDivisor(fromHz, toHz);
    this.#phases = toHz / common;
    this.#step = fromHz / common;
    const stretch = Math.max(1, fromHz / toHz);
    this.#reach = Math.ceil(reachSamples * stretch);
    this.#taps = Array.from({ length: this.#phases }, (_, phase) => tapsOf(phase / this.#phases, this.#reach, stretch));
    this.#input = new Float32Array(2 * this.#reach);
    this.#at = this.#reach;
  }

  /** Takes sound of the one rate, and gives what there is of the other. */
  convert(samples: Float32Array): Float32Array {
    const input = new Float32Array(this.#input.length + samples.length);
    input.set(this.#input);
    input.set(samples, this.#input.length);
    const output: number[] = [];
    while (this.#at + this.#reach < input.length) {
      output.push(this.#sampleOf(input));
      this.#phase += this.#step;
      this.#at += Math.floor(this.#phase / this.#phases);
      this.#phase %= this.#phases;
    }
    const keptFrom = Math.min(input.length, this.#at - this.#reach);
    this.#input = input.slice(keptFrom);
    this.#at -= keptFrom;
    return Float32Array.from(output);
  }

  #sampleOf(input: Float32Array): number {
    const taps = this.#taps[this.#phase] ?? new Float32Array();
    const first = this.#at - this.#reach + 1;
    let sum = 0;
    for (let tap = 0; tap < taps.length; tap += 1) sum += (taps[tap] ?? 0) * (input[first + tap] ?? 0);
    return sum;
  }
}

/** The filter for an output that lies `fraction` of an input sample behind one. */
function tapsOf(fraction: number, reach: number, stretch: number): Float32Array {
  const taps = Float32Array.from({ length: 2 * reach }, (_, tap) => {
    const distance = (tap - reach + 1 - fraction) / stretch;
    return sinc(distance * passed) * kaiser(distance / reachSamples);
  });
  // Each filter must leave the level as it is, or the pattern of the phases would be heard.
  const sum = taps.reduce((total, tap) => total + tap, 0);
  return taps.map((tap) => tap / sum);
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

function kaiser(x: number): number {
  return Math.abs(x) >= 1 ? 0 : bessel(kaiserBeta * Math.sqrt(1 - x * x)) / bessel(kaiserBeta);
}

/** The modified Bessel function of order 0, by its series. */
function bessel(x: number): number {
  let term = 1;
  let sum = 1;
  for (let n = 1; n < 25; n += 1) {
    term *= (x / (2 * n)) ** 2;
    sum += term;
  }
  return sum;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
