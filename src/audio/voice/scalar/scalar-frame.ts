import { highPass, splitBands } from './band-split.ts';
import { type FrameArithmetic, voiceFrameSamples } from '../frame-arithmetic.ts';
import { findPitch } from './pitch.ts';
import { predict } from './predictor.ts';

/** The frame that is measured, without DC and rumble. All lines share it. */
const filtered = new Float64Array(voiceFrameSamples);

/** One number after the other. */
export const scalarFrame: FrameArithmetic = {
  samples: new Float64Array(voiceFrameSamples),
  measure(samples, line) {
    highPass(samples, filtered, line);
    splitBands(filtered, line);
    findPitch(filtered, line);
    predict(filtered, line);
  },
};
