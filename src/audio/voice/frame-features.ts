import { bandPowersAt, leftAt, lineNumbers, periodicityAt, powerAt, tiltAt, voiceBands } from './frame-arithmetic.ts';
import { frameArithmetic } from './voice-arithmetic.ts';

/** Below it, a frame holds nothing but the last bit of its encoding: -84 dBFS. */
export const levelDbMin = -84;

/** Less than this a predictor leaves of no frame, in dB. */
const residualDbMin = -40;

/** Full scale of PCM16 as a power, in dB. */
const fullScaleDb = 90.308_998_699_194_36;

/** 10 log10 of 2. */
const dbPerOctave = 3.010_299_956_639_812;

/** Where the decibels of the last frame stand: behind what was found of it. */
const levelDbAt = lineNumbers;
const residualDbAt = levelDbAt + 1;
const bandDbAt = residualDbAt + 1;

/** How many numbers a line needs for all of them. */
export const featureNumbers = bandDbAt + voiceBands;

/** What a frame of telephone sound tells about who may be speaking, as far as it shows how a voice sounds. */
export interface SoundFeatures {
  /** The frame's power above 130 Hz, in dBFS: -84 to 0. */
  readonly levelDb: number;
  /** How well the sound repeats itself at the pitch of a voice, 0 to 1: voices and tones are near 1. */
  readonly periodicity: number;
  /** The power of each band, in dBFS: -84 to 0. */
  readonly bandDb: Float64Array;
}

/**
 * What a frame of telephone sound tells about who may be speaking. One object serves one line and is filled again with each frame:
 * nothing is allocated. All of it is exact arithmetic, so that the same frames give the same figures on every machine.
 */
export class FrameFeatures implements SoundFeatures {
  readonly bandDb: Float64Array;
  readonly #line: Float64Array;

  /** Keeps its numbers at the beginning of this memory. */
  constructor(memory = new Float64Array(featureNumbers)) {
    this.#line = memory;
    this.bandDb = memory.subarray(bandDbAt, featureNumbers).fill(levelDbMin);
    memory[levelDbAt] = levelDbMin;
  }

  get levelDb(): number {
    return this.#line[levelDbAt] ?? 0;
  }

  get periodicity(): number {
    return this.#line[periodicityAt] ?? 0;
  }

  /** What a predictor of two tones leaves of the frame's power, in dB: -20 and below for tones, more for most voices, near 0 for noise. */
  get residualDb(): number {
    return this.#line[residualDbAt] ?? 0;
  }

  /** How much of the sound is low, -1 to 1: voices are above 0.5, the hiss of an "s" below 0. */
  get tilt(): number {
    return this.#line[tiltAt] ?? 0;
  }

  /** Takes the next 160 samples, in PCM16 units. */
  measure(samples: Float64Array): void {
    const line = this.#line;
    frameArithmetic.measure(samples, line);
    const power = line[powerAt] ?? 0;
    line[levelDbAt] = dbfsOf(power);
    line[residualDbAt] = power > 1 ? Math.max(residualDbMin, decibels(line[leftAt] ?? 0)) : 0;
    for (let band = 0; band < voiceBands; band++) line[bandDbAt + band] = dbfsOf(line[bandPowersAt + band] ?? 0);
  }
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
