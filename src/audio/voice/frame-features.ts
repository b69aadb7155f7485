import { BandSplit, voiceBands } from './band-split.ts';

/** Samples of a frame: 20 ms at 8 kHz. */
export const voiceFrameSamples = 160;

/** The pitch is looked for in every fourth sample: at 2 kHz, where the first formant and the harmonics below it are. */
const pitchStep = 4;
const pitchFrameSamples = voiceFrameSamples / pitchStep;

/** Lags of 5 to 17 ms. A higher voice repeats itself after two or three periods as well, and narrow noise does not after so long. */
const lagMin = 10;
const lagMax = 34;

/** What is held against its past: 32 ms. */
const pitchWindowSamples = 64;
const pitchHistorySamples = pitchWindowSamples + lagMax;

/** A linear predictor of this order predicts two tones. */
const predictorOrder = 4;

/** The high-pass of the input: -3 dB at 130 Hz. It takes away DC and what is left of rumble. */
const highPassPole = 0.9;

/** Below it, a frame holds nothing but the last bit of its encoding: -84 dBFS. */
export const levelDbMin = -84;

/** Full scale of PCM16 as a power, in dB. */
const fullScaleDb = 90.308_998_699_194_36;

/** 10 log10 of 2. */
const dbPerOctave = 3.010_299_956_639_812;

/**
 * What a frame of telephone sound tells about who may be speaking. One object serves one line and is filled again with each frame:
 * nothing is allocated. All of it is exact arithmetic, so that the same frames give the same figures on every machine.
 */
export class FrameFeatures {
  /** The frame's power above 130 Hz, in dBFS: -84 to 0. */
  levelDb = levelDbMin;
  /** How well the sound repeats itself at the pitch of a voice, 0 to 1: voices and tones are near 1. */
  periodicity = 0;
  /** What a predictor of two tones leaves of the frame's power, in dB: -20 and below for tones, more for most voices, near 0 for noise. */
  residualDb = 0;
  /** How much of the sound is low, -1 to 1: voices are above 0.5, the hiss of an "s" below 0. */
  tilt = 0;
  /** The power of each band, in dBFS: -84 to 0. */
  readonly bandDb = new Float64Array(voiceBands).fill(levelDbMin);

  readonly #bands = new BandSplit(voiceFrameSamples);
  readonly #filtered = new Float64Array(voiceFrameSamples);
  readonly #forward = new Float64Array(voiceFrameSamples);
  readonly #backward = new Float64Array(voiceFrameSamples);
  readonly #pitchHistory = new Float64Array(pitchHistorySamples);
  #lastIn = 0;
  #lastOut = 0;

  /** Takes the next 160 samples, in PCM16 units. */
  measure(samples: Float64Array): void {
    const power = this.#highPass(samples);
    this.levelDb = dbfsOf(power);
    this.#bands.measure(this.#filtered);
    for (let band = 0; band < voiceBands; band++) this.bandDb[band] = dbfsOf(this.#bands.powers[band] ?? 0);
    this.#keepPitchSamples();
    this.periodicity = this.#periodicity();
    this.#predict(power);
  }

  #highPass(samples: Float64Array): number {
    const filtered = this.#filtered;
    let lastIn = this.#lastIn;
    let lastOut = this.#lastOut;
    let sum = 0;
    for (let i = 0; i < voiceFrameSamples; i++) {
      const sample = samples[i] ?? 0;
      lastOut = sample - lastIn + highPassPole * lastOut;
      lastIn = sample;
      filtered[i] = lastOut;
      sum += lastOut * lastOut;
    }
    this.#lastIn = lastIn;
    this.#lastOut = lastOut;
    return sum / voiceFrameSamples;
  }

  #keepPitchSamples(): void {
    const history = this.#pitchHistory;
    const filtered = this.#filtered;
    history.copyWithin(0, pitchFrameSamples);
    const begin = pitchHistorySamples - pitchFrameSamples;
    for (let i = 0; i < pitchFrameSamples; i++) {
      const at = pitchStep * i;
      const sum = (filtered[at] ?? 0) + (filtered[at + 1] ?? 0) + (filtered[at + 2] ?? 0) + (filtered[at + 3] ?? 0);
      history[begin + i] = sum / pitchStep;
    }
  }

  #periodicity(): number {
    const history = this.#pitchHistory;
    let power = 0;
    for (let i = lagMax; i < pitchHistorySamples; i++) power += (history[i] ?? 0) ** 2;
    // One bit of PCM16 has no pitch.
    if (power < pitchWindowSamples) return 0;
    // What lies a lag before the window changes by a sample at each end from one lag to the next.
    let pastPower = 0;
    for (let i = lagMax - lagMin; i < pitchHistorySamples - lagMin; i++) pastPower += (history[i] ?? 0) ** 2;
    let best = 0;
    for (let lag = lagMin; lag <= lagMax; lag++) {
      const product = productAt(history, lag);
      // Compared by their squares: one root for all lags.
      if (product > 0) best = Math.max(best, (product * product) / (pastPower + 1));
      const before = history[lagMax - lag - 1] ?? 0;
      const last = history[pitchHistorySamples - lag - 1] ?? 0;
      pastPower = Math.max(0, pastPower + before * before - last * last);
    }
    return Math.min(1, Math.sqrt(best / power));
  }

  /** Burg's method: what is left of a frame once each of its samples is predicted from the four beside it. */
  #predict(power: number): void {
    const forward = this.#forward;
    const backward = this.#backward;
    forward.set(this.#filtered);
    backward.set(this.#filtered);
    let left = 1;
    for (let order = 1; order <= predictorOrder; order++) {
      const reflection = reflectionOf(forward, backward, order);
      if (order === 1) this.tilt = reflection;
      left *= 1 - reflection * reflection;
      if (order === predictorOrder) break;
      // From behind, so that each sample is read before it is written.
      for (let i = voiceFrameSamples - 1; i >= order; i--) {
        const ahead = forward[i] ?? 0;
        const behind = backward[i - 1] ?? 0;
        forward[i] = ahead - reflection * behind;
        backward[i] = behind - reflection * ahead;
      }
    }
    this.residualDb = power > 1 ? Math.max(-40, decibels(left)) : 0;
  }
}

/** Multiplies the window of the pitch with what lies a lag before it. Four sums that do not wait for each other take a third of the time. */
function productAt(history: Float64Array, lag: number): number {
  let first = 0;
  let second = 0;
  let third = 0;
  let fourth = 0;
  for (let i = lagMax; i < pitchHistorySamples; i += 4) {
    first += (history[i] ?? 0) * (history[i - lag] ?? 0);
    second += (history[i + 1] ?? 0) * (history[i + 1 - lag] ?? 0);
    third += (history[i + 2] ?? 0) * (history[i + 2 - lag] ?? 0);
    fourth += (history[i + 3] ?? 0) * (history[i + 3 - lag] ?? 0);
  }
  return first + second + (third + fourth);
}

/** How well what lies ahead and what lies behind foresee each other, -1 to 1, at this order of the predictor. */
function reflectionOf(forward: Float64Array, backward: Float64Array, order: number): number {
  let evenProduct = 0;
  let oddProduct = 0;
  let evenPowers = 0;
  let oddPowers = 0;
  // The frame is of even length; of its beginning nothing is left at each order.
  for (let i = order; i < voiceFrameSamples; i += 2) {
    const ahead = forward[i] ?? 0;
    const behind = backward[i - 1] ?? 0;
    evenProduct += ahead * behind;
    evenPowers += ahead * ahead + behind * behind;
    if (i + 1 === voiceFrameSamples) break;
    const nextAhead = forward[i + 1] ?? 0;
    const nextBehind = backward[i] ?? 0;
    oddProduct += nextAhead * nextBehind;
    oddPowers += nextAhead * nextAhead + nextBehind * nextBehind;
  }
  const powers = evenPowers + oddPowers;
  return powers > 0 ? (2 * (evenProduct + oddProduct)) / powers : 0;
}

function dbfsOf(power: number): number {
  return Math.max(levelDbMin, decibels(power) - fullScaleDb);
}

/**
 * 10 log10 of a power, within 0.002 dB, from its binary form alone: engines round logarithms differently. -300 for zero.
 */
export function decibels(power: number): number {
  if (!(power > 1e-30)) return -300;
  let octaves = 0;
  let rest = power;
  while (rest >= 65_536) {
    rest /= 65_536;
    octaves += 16;
  }
  while (rest < 1) {
    rest *= 65_536;
    octaves -= 16;
  }
  const whole = 31 - Math.clz32(rest);
  const part = rest / (1 << whole) - 1;
  // log2(1 + part), least error over 0 to 1.
  const fraction = part * (1.439_289 + part * (-0.680_378 + part * (0.322_536 - part * 0.081_447)));
  return dbPerOctave * (octaves + whole + fraction);
}
