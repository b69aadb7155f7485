import { bandPowersAt, lastInAt, lastOutAt, powerAt, splitsAt, voiceFrameSamples } from '../frame-arithmetic.ts';

/** The high-pass of the input: -3 dB at 130 Hz. It takes away DC and what is left of rumble. */
const highPassPole = 0.9;

/** The poles of the two all-pass filters of a split. Their sum is what lies below the middle of the band, their difference what lies above. */
const upperPole = 0.64;
const lowerPole = 0.17;

/** What comes of each split, the lowest band first. All lines share them: they are of the frame that is measured. */
const [below2, above2] = halvesOf(voiceFrameSamples);
const [below1, band2] = halvesOf(below2.length);
const [band4, band3] = halvesOf(above2.length);
const [band0, band1] = halvesOf(below1.length);

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
  split(filtered, below2, above2, line, splitsAt, splitsAt + 1);
  split(below2, below1, band2, line, splitsAt + 2, splitsAt + 4);
  // What lies above the middle comes out upside down.
  split(above2, band4, band3, line, splitsAt + 3, splitsAt + 5);
  split(below1, band0, band1, line, splitsAt + 6, splitsAt + 7);
  for (const [band, { samples, splits }] of bands.entries()) line[bandPowersAt + band] = powerOf(samples, splits);
}

/** Each band, and how many splits it has been through. */
const bands = [
  { samples: band0, splits: 3 },
  { samples: band1, splits: 3 },
  { samples: band2, splits: 2 },
  { samples: band3, splits: 2 },
  { samples: band4, splits: 2 },
];

/** Splits a band into what lies below its middle and what lies above. `evenAt`, `oddAt`: where the line keeps the states of the two filters. */
function split(
  whole: Float64Array,
  below: Float64Array,
  above: Float64Array,
  line: Float64Array,
  evenAt: number,
  oddAt: number,
): void {
  let even = line[evenAt] ?? 0;
  let odd = line[oddAt] ?? 0;
  for (let i = 0; i < below.length; i++) {
    const first = whole[2 * i] ?? 0;
    const second = whole[2 * i + 1] ?? 0;
    const upper = even + upperPole * first;
    even = first - upperPole * upper;
    const lower = odd + lowerPole * second;
    odd = second - lowerPole * lower;
    below[i] = upper + lower;
    above[i] = upper - lower;
  }
  line[evenAt] = even;
  line[oddAt] = odd;
}

/** Each split doubles what comes out of it. */
function powerOf(samples: Float64Array, splits: number): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  return sum / (4 ** splits * samples.length);
}

function halvesOf(samples: number): readonly [below: Float64Array, above: Float64Array] {
  return [new Float64Array(samples / 2), new Float64Array(samples / 2)];
}
