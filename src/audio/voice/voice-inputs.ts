import { voiceBands } from './frame-arithmetic.ts';
import { featureNumbers, FrameFeatures } from './frame-features.ts';
import { floorNumbers, NoiseFloors } from './noise-floors.ts';

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

/** The floors are those of the bands, and of the whole behind them. */
const floors = voiceBands + 1;
const wholeFloor = voiceBands;

/** Where the parts have their numbers in the memory of a line. */
const valuesAt = featureNumbers;
const lastBandDbAt = valuesAt + voiceInputs;
const floorsAt = lastBandDbAt + voiceBands;

/** How many numbers a line needs for them. */
export const inputNumbers = floorsAt + floors * floorNumbers;

/**
 * What describes a frame of a line to the network that tells whether somebody speaks, all of it near 0 to 2: how far each band and the whole
 * are over their noise, and how much these noises vary; pitch, predictability and tilt; the same of the two frames before; and how much each
 * band changed. No level stands in it as it is, so a loud line and a soft one are alike.
 */
export class VoiceInputs {
  readonly values: Float64Array;
  readonly features: FrameFeatures;
  readonly #noise: NoiseFloors;
  readonly #memory: Float64Array;
  #isFirst = true;
  #silentFrames = 0;

  /** Keeps its numbers at the beginning of this memory. */
  constructor(memory = new Float64Array(inputNumbers)) {
    this.#memory = memory;
    this.features = new FrameFeatures(memory);
    this.values = memory.subarray(valuesAt, valuesAt + voiceInputs);
    this.#noise = new NoiseFloors(floors, memory, floorsAt);
  }

  /** The level of the line's noise, in dBFS. */
  get noiseDb(): number {
    return this.#noise.levelDb(wholeFloor);
  }

  /** Takes the next 160 samples, in PCM16 units. */
  measure(samples: Float64Array): void {
    const { features, values } = this;
    features.measure(samples);
    this.#silentFrames = 0;
    this.#shift();
    for (let band = 0; band < voiceBands; band++) this.#measureBand(band, features.bandDb[band] ?? 0);
    this.#isFirst = false;
    const { levelDb } = features;
    values[wholeAt] = this.#excess(wholeFloor, levelDb);
    values[wholeAt + 1] = this.#spread(wholeFloor);
    values[wholeAt + 2] = features.periodicity;
    values[wholeAt + 3] = Math.max(residualDbMin, features.residualDb) / residualUnitDb;
    values[wholeAt + 4] = features.tilt;
    this.#noise.follow(wholeFloor, levelDb);
  }

  /**
   * Takes a frame that is silent to the last bit. Returns whether that is silence: a few such frames in a row are lost ones, which tell nothing.
   * What comes after silence has nothing before it.
   */
  measureSilence(): boolean {
    this.#silentFrames += 1;
    if (this.#silentFrames <= lostFramesMax) return false;
    this.#noise.fade();
    this.values.fill(0);
    this.#isFirst = true;
    return true;
  }

  #measureBand(band: number, levelDb: number): void {
    const { values } = this;
    const lastDb = this.#isFirst ? levelDb : (this.#memory[lastBandDbAt + band] ?? 0);
    values[excessAt + band] = this.#excess(band, levelDb);
    values[spreadAt + band] = this.#spread(band);
    values[changeAt + band] = Math.abs(levelDb - lastDb) / excessUnitDb;
    this.#memory[lastBandDbAt + band] = levelDb;
    this.#noise.follow(band, levelDb);
  }

  #excess(floor: number, levelDb: number): number {
    const excessDb = levelDb - this.#noise.levelDb(floor);
    return Math.min(excessDbMax, Math.max(excessDbMin, excessDb)) / excessUnitDb;
  }

  #spread(floor: number): number {
    return Math.min(spreadDbMax, this.#noise.spreadDb(floor)) / spreadUnitDb;
  }

  /** What was the last frame is the one before. */
  #shift(): void {
    const { values } = this;
    // One by one: for so few, calling the engine's own copy takes longer than the copy.
    for (let i = 0; i <= voiceBands; i++) values[beforeLastAt + i] = values[lastAt + i] ?? 0;
    for (let i = 0; i < voiceBands; i++) values[lastAt + i] = values[excessAt + i] ?? 0;
    for (let i = 0; i < 3; i++) values[lastPeriodicityAt + i] = values[wholeAt + 2 + i] ?? 0;
  }
}
