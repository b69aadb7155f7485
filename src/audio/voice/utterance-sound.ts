import { voiceBands } from './frame-arithmetic.ts';
import type { SoundFeatures } from './frame-features.ts';

/** A frame whose periodicity is less has no pitch: a hiss, a cough, a knock, noise. */
const pitchMin = 0.35;

/** What is softer than the loudest frame by more than this is a pause, in dB. */
const pauseDb = 15;

/**
 * The spectrum of a hum varies at most so much for each dB by which it is over the noise of the line, as the mean variance of its bands in
 * dB²; what is further over it varies no more. Words of 0.3 s vary more than that: the softer they are over noise, the less is seen of it.
 */
const humVariancePerDb = 0.33;
const clearDb = 34;

/** Less voice than this tells nothing of that: 160 ms. */
const humFramesMin = 8;

/** So many of its frames have a pitch, at least. */
const humPitchShareMin = 0.5;

/** The uppermost band holds little of a telephone voice. */
const shapeBands = voiceBands - 1;

const frameMs = 20;

/**
 * What one utterance was like so far. Words move the mouth, and the spectrum with it, many times a second; "mm-hm" does not. So a hum is an
 * utterance with a pitch whose spectrum hardly changes, whatever it is, and how its loudness and its pitch move makes no difference.
 */
export class UtteranceSound {
  readonly #sums = new Float64Array(shapeBands);
  readonly #squares = new Float64Array(shapeBands);
  /** The shape of the last frame's spectrum, and by how much those so far differ from the ones before them, in all. */
  readonly #lastDb = new Float64Array(shapeBands);
  #changesDb = 0;
  #periodicities = 0;
  #frames = 0;
  #voicedFrames = 0;
  #loudestDb = -Infinity;
  #clearestDb = 0;

  /** How much of it was voice, in ms. */
  get voicedMs(): number {
    return frameMs * this.#voicedFrames;
  }

  /** How much of its sound has a pitch, 0 to 1, in hundredths. */
  get voicedShare(): number {
    return this.#frames === 0 ? 0 : hundredths(this.#voicedFrames / this.#frames);
  }

  /** How much its spectrum moves, in dB² for each dB over the noise, in hundredths. */
  get articulation(): number {
    return hundredths(this.#variance / Math.max(1, this.#clearestDb));
  }

  /** How much its bands change from one frame to the next, on average, in dB, in hundredths. */
  get changeDb(): number {
    return this.#frames < 2 ? 0 : hundredths(this.#changesDb / shapeBands / (this.#frames - 1));
  }

  /** How well its frames repeat themselves, on average, 0 to 1, in hundredths. */
  get periodicity(): number {
    return this.#frames === 0 ? 0 : hundredths(this.#periodicities / this.#frames);
  }

  /** Whether it is no more than a hum, as far as it was heard. It means something after some 0.3 s. */
  get isHumLike(): boolean {
    if (this.#voicedFrames < Math.max(humFramesMin, humPitchShareMin * this.#frames)) return false;
    return this.#variance <= humVariancePerDb * this.#clearestDb;
  }

  /** How much its spectrum varies: the mean variance of its bands over its frames, in dB². */
  get #variance(): number {
    if (this.#frames === 0) return 0;
    let sum = 0;
    for (let band = 0; band < shapeBands; band++) {
      const mean = (this.#sums[band] ?? 0) / this.#frames;
      sum += (this.#squares[band] ?? 0) / this.#frames - mean * mean;
    }
    return sum / shapeBands;
  }

  /** Forgets the utterance: another one begins. */
  begin(): void {
    if (this.#frames === 0) return;
    this.#sums.fill(0);
    this.#squares.fill(0);
    this.#changesDb = 0;
    this.#periodicities = 0;
    this.#frames = 0;
    this.#voicedFrames = 0;
    this.#loudestDb = -Infinity;
    this.#clearestDb = 0;
  }

  /** Takes a frame that is like a voice, and how far it is over the noise of the line, in dB. */
  add({ bandDb, levelDb, periodicity }: SoundFeatures, excessDb: number): void {
    this.#loudestDb = Math.max(this.#loudestDb, levelDb);
    this.#clearestDb = Math.min(clearDb, Math.max(this.#clearestDb, excessDb));
    if (levelDb < this.#loudestDb - pauseDb) return;
    const isFirst = this.#frames === 0;
    this.#frames += 1;
    this.#periodicities += periodicity;
    if (periodicity >= pitchMin) this.#voicedFrames += 1;
    for (let band = 0; band < shapeBands; band++) {
      const shapeDb = (bandDb[band] ?? 0) - levelDb;
      if (!isFirst) this.#changesDb += Math.abs(shapeDb - (this.#lastDb[band] ?? 0));
      this.#lastDb[band] = shapeDb;
      this.#sums[band] = (this.#sums[band] ?? 0) + shapeDb;
      this.#squares[band] = (this.#squares[band] ?? 0) + shapeDb * shapeDb;
    }
  }
}

function hundredths(value: number): number {
  return Math.round(100 * value) / 100;
}
