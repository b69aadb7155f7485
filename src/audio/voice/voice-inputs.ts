import { voiceBands } from './band-split.ts';
import { FrameFeatures } from './frame-features.ts';
import { NoiseFloor } from './noise-floor.ts';

/** How much of the excess over noise counts, in dB, and by what it is divided to be near 1. */
const excessDbMin = -3;
const excessDbMax = 15;
const excessUnitDb = 8;

/** By how much noise varies counts up to so many dB, and is divided by so many. */
const spreadDbMax = 4;
const spreadUnitDb = 2;

/** What a predictor leaves counts down to so many dB, and is divided by so many. */
const residualDbMin = -24;
const residualUnitDb = 10;

/** How many silent frames in a row are taken for lost ones. */
const lostFramesMax = 3;

/** Where the inputs of a frame stand: what is kept of the frame before, and of the one before that, stands behind. */
const excessAt = 0;
const wholeAt = voiceBands;
const spreadAt = wholeAt + 5;
const lastAt = spreadAt + voiceBands;
const lastPeriodicityAt = lastAt + voiceBands;
const beforeLastAt = lastPeriodicityAt + 3;
const changeAt = beforeLastAt + voiceBands + 1;

/** How many figures describe a frame. */
export const voiceInputs = changeAt + voiceBands;

/**
 * What describes a frame of a line to the network that tells whether somebody speaks, all of it near 0 to 2: how far each band and the whole
 * are over their noise, and how much these noises vary; pitch, predictability and tilt; the same of the two frames before; and how much each
 * band changed. No level stands in it as it is, so a loud line and a soft one are alike.
 */
export class VoiceInputs {
  readonly values = new Float64Array(voiceInputs);
  readonly features = new FrameFeatures();
  readonly noise = new NoiseFloor();
  readonly #bandNoise = Array.from({ length: voiceBands }, () => new NoiseFloor());
  readonly #lastBandDb = new Float64Array(voiceBands);
  #isFirst = true;
  #silentFrames = 0;

  /** Takes the next 160 samples, in PCM16 units. */
  measure(samples: Float64Array): void {
    const { features, values } = this;
    features.measure(samples);
    if (this.#isFirst) this.#lastBandDb.set(features.bandDb);
    this.#isFirst = false;
    this.#silentFrames = 0;
    this.#shift();
    for (let band = 0; band < voiceBands; band++) this.#measureBand(band, features.bandDb[band] ?? 0);
    values[wholeAt] = excess(this.noise, features.levelDb);
    values[wholeAt + 1] = spread(this.noise);
    values[wholeAt + 2] = features.periodicity;
    values[wholeAt + 3] = Math.max(residualDbMin, features.residualDb) / residualUnitDb;
    values[wholeAt + 4] = features.tilt;
    this.noise.follow(features.levelDb);
  }

  /**
   * Takes a frame that is silent to the last bit. Returns whether that is silence: a few such frames in a row are lost ones, which tell nothing.
   * What comes after silence has nothing before it.
   */
  measureSilence(): boolean {
    this.#silentFrames += 1;
    if (this.#silentFrames <= lostFramesMax) return false;
    this.noise.fade();
    for (const noise of this.#bandNoise) noise.fade();
    this.values.fill(0);
    this.#isFirst = true;
    return true;
  }

  #measureBand(band: number, levelDb: number): void {
    const noise = this.#bandNoise[band];
    if (noise === undefined) return;
    this.values[excessAt + band] = excess(noise, levelDb);
    this.values[spreadAt + band] = spread(noise);
    this.values[changeAt + band] = Math.abs(levelDb - (this.#lastBandDb[band] ?? 0)) / excessUnitDb;
    this.#lastBandDb[band] = levelDb;
    noise.follow(levelDb);
  }

  /** What was the last frame is the one before. */
  #shift(): void {
    const { values } = this;
    values.copyWithin(beforeLastAt, lastAt, lastPeriodicityAt + 1);
    values.copyWithin(lastAt, excessAt, excessAt + voiceBands);
    values.copyWithin(lastPeriodicityAt, wholeAt + 2, wholeAt + 5);
  }
}

function excess(noise: NoiseFloor, levelDb: number): number {
  return Math.min(excessDbMax, Math.max(excessDbMin, noise.excessDb(levelDb))) / excessUnitDb;
}

function spread(noise: NoiseFloor): number {
  return Math.min(spreadDbMax, noise.spreadDb) / spreadUnitDb;
}
