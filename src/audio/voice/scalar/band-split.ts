import { bandPowersAt, lastInAt, lastOutAt, powerAt, splitsAt, voiceFrameSamples } from '../frame-arithmetic.ts';

/** The high-pass of the input: -3 dB at 130 Hz. It takes away DC and what is left of rumble. */
const highPassPole = 0.9;

/** The poles of the two all-pass filters of a split. Their sum is what lies below the middle of the band, their difference what lies above. */
const upperPole = 0.64;
const lowerPole = 0.17;

/** The halves of the whole band, and the lower half of its lower one. All lines share them: they are of the frame that is measured. */
const below2 = new Float64Array(voiceFrameSamples / 2);
const above2 = new Float64Array(voiceFrameSamples / 2);
const below1 = new Float64Array(voiceFrameSamples / 4);

/** Takes DC and rumble out of a frame, and finds the power of what is left. */
export function highPass(samples: Float64Array, filtered: Float64Array, line: Float64Array): void {
  let lastIn = line[lastInAt] ?? 0;
  let lastOut = line[lastOutAt] ?? 0;
  let sum = 0;
  for (let i = 0; i < filtered.length; i++) {
    const sample = samples[i] ?? 0;
    lastOut = sample - lastIn + highPassPole * lastOut;
    lastIn = sample;
    filtered[i] = lastOut;
    sum += lastOut * lastOut;
  }
  line[lastInAt] = lastIn;
  line[lastOutAt] = lastOut;
  line[powerAt] = sum / filtered.length;
}

/** Splits a frame into bands by halves, each at half the rate, and finds the power of each. */
export function splitBands(filtered: Float64Array, line: Float64Array): void {
  splitWhole(filtered, line);
  splitHalves(line);
  splitLowest(line);
}

function splitWhole(filtered: Float64Array, line: Float64Array): void {
  let even = line[splitsAt] ?? 0;
  let odd = line[splitsAt + 1] ?? 0;
  for (let i = 0; i < below2.length; i++) {
    const first = filtered[2 * i] ?? 0;
    const second = filtered[2 * i + 1] ?? 0;
    const upper = even + upperPole * first;
    even = first - upperPole * upper;
    const lower = odd + lowerPole * second;
    odd = second - lowerPole * lower;
    below2[i] = upper + lower;
    above2[i] = upper - lower;
  }
  line[splitsAt] = even;
  line[splitsAt + 1] = odd;
}

/** Both halves at once: neither waits for the other. */
function splitHalves(line: Float64Array): void {
  let even = line[splitsAt + 2] ?? 0;
  let evenAbove = line[splitsAt + 3] ?? 0;
  let odd = line[splitsAt + 4] ?? 0;
  let oddAbove = line[splitsAt + 5] ?? 0;
  let sum2 = 0;
  let sum3 = 0;
  let sum4 = 0;
  for (let i = 0; i < below1.length; i++) {
    const first = below2[2 * i] ?? 0;
    const second = below2[2 * i + 1] ?? 0;
    const upper = even + upperPole * first;
    even = first - upperPole * upper;
    const lower = odd + lowerPole * second;
    odd = second - lowerPole * lower;
    below1[i] = upper + lower;
    const band2 = upper - lower;
    sum2 += band2 * band2;
    const firstAbove = above2[2 * i] ?? 0;
    const secondAbove = above2[2 * i + 1] ?? 0;
    const upperAbove = evenAbove + upperPole * firstAbove;
    evenAbove = firstAbove - upperPole * upperAbove;
    const lowerAbove = oddAbove + lowerPole * secondAbove;
    oddAbove = secondAbove - lowerPole * lowerAbove;
    // What lies above the middle comes out upside down.
    const band4 = upperAbove + lowerAbove;
    const band3 = upperAbove - lowerAbove;
    sum3 += band3 * band3;
    sum4 += band4 * band4;
  }
  line[splitsAt + 2] = even;
  line[splitsAt + 3] = evenAbove;
  line[splitsAt + 4] = odd;
  line[splitsAt + 5] = oddAbove;
  line[bandPowersAt + 2] = sum2 / (16 * below1.length);
  line[bandPowersAt + 3] = sum3 / (16 * below1.length);
  line[bandPowersAt + 4] = sum4 / (16 * below1.length);
}

function splitLowest(line: Float64Array): void {
  let even = line[splitsAt + 6] ?? 0;
  let odd = line[splitsAt + 7] ?? 0;
  let sum0 = 0;
  let sum1 = 0;
  for (let i = 0; i < below1.length / 2; i++) {
    const first = below1[2 * i] ?? 0;
    const second = below1[2 * i + 1] ?? 0;
    const upper = even + upperPole * first;
    even = first - upperPole * upper;
    const lower = odd + lowerPole * second;
    odd = second - lowerPole * lower;
    const band0 = upper + lower;
    const band1 = upper - lower;
    sum0 += band0 * band0;
    sum1 += band1 * band1;
  }
  line[splitsAt + 6] = even;
  line[splitsAt + 7] = odd;
  line[bandPowersAt] = sum0 / (32 * below1.length);
  line[bandPowersAt + 1] = sum1 / (32 * below1.length);
}
