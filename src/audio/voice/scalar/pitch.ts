import { periodicityAt, pitchAt, pitchKept } from '../frame-arithmetic.ts';

/** Lags of 5 to 17 ms. A higher voice repeats itself after two or three periods as well, and narrow noise does not after so long. */
const lagMin = 10;
const lagMax = 34;

/** What is held against its past: 32 ms. */
const windowSamples = 64;

/** What a line has kept, then the samples of its frame. The last ones are the window, the rest is its past. All lines share it. */
const sound = new Float64Array(lagMax + windowSamples);
const earlier = sound.subarray(0, pitchKept);
const latest = sound.subarray(pitchKept);
const kept = sound.subarray(-pitchKept);

/** Finds how well a frame repeats itself, and keeps what the next one is held against. */
export function findPitch(filtered: Float64Array, line: Float64Array): void {
  for (let i = 0, at = pitchAt; i < earlier.length; i++, at++) earlier[i] = line[at] ?? 0;
  for (let i = 0; i < latest.length; i++) {
    const sum = (filtered[4 * i] ?? 0) + (filtered[4 * i + 1] ?? 0) + (filtered[4 * i + 2] ?? 0);
    latest[i] = (sum + (filtered[4 * i + 3] ?? 0)) / 4;
  }
  for (let i = 0, at = pitchAt; i < kept.length; i++, at++) line[at] = kept[i] ?? 0;
  line[periodicityAt] = periodicity();
}

function periodicity(): number {
  let power = 0;
  // What lies a lag before the window changes by a sample at each end from one lag to the next.
  let pastPower = 0;
  for (let i = lagMax; i < sound.length; i++) {
    const sample = sound[i] ?? 0;
    const past = sound[i - lagMin] ?? 0;
    power += sample * sample;
    pastPower += past * past;
  }
  // One bit of PCM16 has no pitch.
  if (power < windowSamples) return 0;
  let best = 0;
  for (let lag = lagMin; lag <= lagMax; lag++) {
    const product = productAt(lag);
    // Compared by their squares: one root for all lags.
    if (product > 0) best = Math.max(best, (product * product) / (pastPower + 1));
    if (lag === lagMax) break;
    const before = sound[lagMax - lag - 1] ?? 0;
    const last = sound[sound.length - lag - 1] ?? 0;
    pastPower = Math.max(0, pastPower + before * before - last * last);
  }
  return Math.min(1, Math.sqrt(best / power));
}

/** Multiplies the window with what lies a lag before it. Four sums that do not wait for each other take a third of the time. */
function productAt(lag: number): number {
  let first = 0;
  let second = 0;
  let third = 0;
  let fourth = 0;
  for (let i = lagMax; i < sound.length; i += 4) {
    first += (sound[i] ?? 0) * (sound[i - lag] ?? 0);
    second += (sound[i + 1] ?? 0) * (sound[i + 1 - lag] ?? 0);
    third += (sound[i + 2] ?? 0) * (sound[i + 2 - lag] ?? 0);
    fourth += (sound[i + 3] ?? 0) * (sound[i + 3 - lag] ?? 0);
  }
  return first + second + (third + fourth);
}
