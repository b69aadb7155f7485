/** Samples of a frame: 20 ms at 8 kHz. */
export const voiceFrameSamples = 160;

/** Into so many bands the sound of a telephone is split: up to 0.5, 1, 2, 3 and 4 kHz. */
export const voiceBands = 5;

/**
 * The pitch is looked for in the mean of every four samples: at 2 kHz, where the first formant and the harmonics below it are. So many of
 * the frames before are kept: with those of the frame, they are 49 ms.
 */
export const pitchKept = 58;

/** Where what is kept of a line stands: the filters of the splits; the last sample that the high-pass gave, and the last that came in; the pitch. */
export const splitsAt = 0;
export const lastOutAt = splitsAt + 8;
export const lastInAt = lastOutAt + 1;
export const pitchAt = lastInAt + 1;

/** Where what was found of the last frame stands. `FrameArithmetic` says what each means. */
export const powerAt = pitchAt + pitchKept;
export const periodicityAt = powerAt + 1;
export const tiltAt = periodicityAt + 1;
export const leftAt = tiltAt + 1;
export const bandPowersAt = leftAt + 1;

/** How many numbers a line needs. */
export const lineNumbers = bandPowersAt + voiceBands;

/**
 * What is summed up over the samples of a frame. All of it is sums, products, quotients and roots of 64 bits in one order, so that the same
 * frames give the same figures on every machine.
 */
export interface FrameArithmetic {
  /** Room for the samples of a frame, which all lines share: those that stand here need not be copied. */
  readonly samples: Float64Array;
  /**
   * Takes the next 160 samples of a line, in PCM16 units, and finds:
   *
   * - its mean power above 130 Hz, and that of each band, in squared PCM16 units;
   * - its periodicity: how well it repeats itself at the pitch of a voice, 0 to 1;
   * - its tilt: how much of it is low, -1 to 1;
   * - what is left of its power by a predictor of two tones, 0 to 1.
   */
  measure(samples: Float64Array, line: Float64Array): void;
}
