import { type NextRandom, seededRandom } from '../../../src/sim/seeded-random.ts';

/** Every sound of the bench is a series of samples in PCM16 units (-32768 to 32767) at this rate, Float64 until it is encoded. */
const sampleRateHz = 8000;

/** Samples of 20 ms: a frame of a media stream. */
export const frameSamples = 160;

/** Random numbers, evenly between 0 and 1. */
export type NextFraction = () => number;

export function fractionsOf(seed: number): NextFraction {
  const next: NextRandom = seededRandom(seed);
  return () => next() / 2 ** 32;
}

export function between(draw: NextFraction, low: number, high: number): number {
  return low + (high - low) * draw();
}

export function samplesOf(seconds: number): number {
  return Math.round(seconds * sampleRateHz);
}

/** White noise of unit power. */
export function whiteNoise(samples: number, draw: NextFraction): Float64Array {
  // The sum of three even draws is bell-shaped enough for an ear.
  return new Float64Array(samples).map(() => 2 * (draw() + draw() + draw() - 1.5));
}

/** A second-order filter section: `low` and `high` pass what lies below or above `hz`, `band` what lies around it. */
export function filtered(
  sound: Float64Array,
  kind: 'low' | 'high' | 'band',
  hz: number,
  q = Math.SQRT1_2,
): Float64Array {
  const angle = (2 * Math.PI * hz) / sampleRateHz;
  const alpha = Math.sin(angle) / (2 * q);
  const cosine = Math.cos(angle);
  const edge = kind === 'low' ? 1 - cosine : 1 + cosine;
  const [b0, b1, b2] = kind === 'band' ? [alpha, 0, -alpha] : [edge / 2, kind === 'low' ? edge : -edge, edge / 2];
  const scale = 1 + alpha;
  const out = new Float64Array(sound.length);
  let x1 = 0;
  let x2 = 0;
  let y1 = 0;
  let y2 = 0;
  for (let i = 0; i < sound.length; i++) {
    const x0 = sound[i] ?? 0;
    const y0 = (b0 * x0 + b1 * x1 + b2 * x2 + 2 * cosine * y1 - (1 - alpha) * y2) / scale;
    x2 = x1;
    x1 = x0;
    y2 = y1;
    y1 = y0;
    out[i] = y0;
  }
  return out;
}

/** What a telephone line leaves of a sound: 300 to 3400 Hz, 24 dB an octave outside. */
export function telephoneBand(sound: Float64Array): Float64Array {
  const [wide, narrow] = [0.541, 1.307];
  const high = filtered(filtered(sound, 'high', 300, wide), 'high', 300, narrow);
  return filtered(filtered(high, 'low', 3400, wide), 'low', 3400, narrow);
}

/** Adds a piece to a sound at a place, so many times as loud; what hangs over the end is cut. */
export function addAt(sound: Float64Array, at: number, piece: Float64Array, gain = 1): void {
  for (let i = Math.max(0, -at); i < piece.length && at + i < sound.length; i++)
    sound[at + i] = (sound[at + i] ?? 0) + gain * (piece[i] ?? 0);
}

/** One tone with its harmonics, each so strong as its share says, which swells within `riseMs` and dies away with `fallMs`. */
export function note(hz: number, ms: number, shares: readonly number[], riseMs: number, fallMs: number): Float64Array {
  return new Float64Array(samplesOf(ms / 1000)).map((_, i) => {
    const atMs = (1000 * i) / sampleRateHz;
    const shape = Math.min(1, atMs / riseMs) * Math.exp(-atMs / fallMs) * Math.min(1, (ms - atMs) / 5);
    let sum = 0;
    for (const [harmonic, share] of shares.entries())
      sum += share * Math.sin((2 * Math.PI * hz * (harmonic + 1) * i) / sampleRateHz);
    return shape * sum;
  });
}

/** A burst of noise around a frequency that dies away. */
export function burst(draw: NextFraction, hz: number, q: number, ms: number, fallMs: number): Float64Array {
  const noise = filtered(whiteNoise(samplesOf(ms / 1000), draw), 'band', hz, q);
  return noise.map((value, i) => value * Math.exp((-1000 * i) / sampleRateHz / fallMs));
}
