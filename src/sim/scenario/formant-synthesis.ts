import { rmsOfLevel, sineOfTurns } from '../caller/sound.ts';
import { seededRandom } from '../seeded-random.ts';

/** The resonances of a mouth in Hz, the lowest first: they make the vowel. */
export type Formants = readonly [number, number, number];

/** A syllable, as throat and mouth make it. Pitch and vowel glide from the first to the second. */
export interface Syllable {
  readonly ms: number;
  readonly pitchHz: readonly [number, number];
  readonly vowels: readonly [Formants, Formants];
  /** Closed lips let little more out than the lowest harmonics: a hum. Without a voice, nothing but breath comes. */
  readonly voice: 'spoken' | 'hummed' | 'none';
  /** How long the hiss is in which it ends, as an "s"; 0 for none. */
  readonly hissMs: number;
}

const sampleRateHz = 8000;
const bandwidthsHz = [80, 110, 170] as const;

/** The telephone carries nothing above this, and less and less below that. */
const harmonicHzMax = 3400;
const lineHzMin = 200;

/** How loud the voice is between two syllables, to 1 at its loudest: 17 dB softer. */
const betweenSyllables = 0.14;

/** The breath in every voice, and the hiss of an "s", to the voice at its loudest: 24 and 12 dB softer. */
const breathLoudness = 0.06;
const hissLoudness = 0.25;

/**
 * Speaks syllables one after the other, with `levelDbfs` on average (whole, RMS): samples of PCM16 at 8 kHz. A vowel is the harmonics of a
 * gliding pitch under the resonances of a mouth, which is known as formant synthesis.
 *
 * The arithmetic is exact, so the samples are the same on every machine.
 */
export function synthesize(syllables: readonly Syllable[], levelDbfs: number): Int16Array {
  const sound = syllables.flatMap(spoken);
  const gain = rmsOfLevel(levelDbfs) / rms(sound);
  return new Int16Array(sound.map((sample) => Math.max(-32_768, Math.min(32_767, Math.round(gain * sample)))));
}

function spoken(syllable: Syllable): number[] {
  const voiced = harmonics(syllable);
  const breath = whiteNoise(voiced.length);
  // What is left of noise when each sample is taken from the next is high.
  const hiss = breath.map((sample, at) => sample - 2 * (breath[at - 1] ?? 0) + (breath[at - 2] ?? 0));
  const gains = {
    voice: syllable.voice === 'none' ? 0 : 1 / rms(voiced),
    breath: breathLoudness / rms(breath),
    hiss: hissLoudness / rms(hiss),
  };
  const hissShare = syllable.hissMs / syllable.ms;
  return voiced.map((sample, at) => {
    const part = at / voiced.length;
    const hissPart = hissShare === 0 ? 0 : Math.max(0, (part - 1 + hissShare) / hissShare);
    const throat = loudness(part, syllable.voice) * (gains.voice * sample + gains.breath * (breath[at] ?? 0));
    return throat + swell(hissPart) * gains.hiss * (hiss[at] ?? 0);
  });
}

/** The voice of a syllable, as loud from its beginning to its end. */
function harmonics({ ms, pitchHz, vowels: [first, last], voice }: Syllable): number[] {
  const samples = (ms * sampleRateHz) / 1000;
  let turns = 0;
  return Array.from({ length: samples }, (_, at) => {
    const part = at / samples;
    const hz = between(...pitchHz, part);
    const formants = first.map((formantHz, index) => between(formantHz, last[index] ?? formantHz, part));
    turns += hz / sampleRateHz;
    // Each harmonic follows from the two before it: sin((n + 1)x) = 2 cos(x) sin(nx) - sin((n - 1)x).
    const twiceCosine = 2 * sineOfTurns(turns + 0.25);
    let before = 0;
    let sine = sineOfTurns(turns);
    let sum = 0;
    for (let harmonic = 1; harmonic * hz < harmonicHzMax; harmonic += 1) {
      const source = voice === 'hummed' ? harmonic * harmonic : harmonic;
      sum += (resonance(formants, harmonic * hz) / source) * sine;
      [before, sine] = [sine, twiceCosine * sine - before];
    }
    return sum;
  });
}

/** How much of a frequency comes through the mouth and the line. */
function resonance(formantsHz: readonly number[], hz: number): number {
  const hzSquare = hz * hz;
  let power = 1;
  for (let index = 0; index < formantsHz.length; index += 1) {
    const formantHz = formantsHz[index] ?? 0;
    const square = formantHz * formantHz;
    const width = bandwidthsHz[index] ?? 0;
    power *= (square * square) / ((square - hzSquare) * (square - hzSquare) + width * width * hzSquare);
  }
  return (Math.sqrt(power) * hzSquare) / (hzSquare + lineHzMin * lineHzMin);
}

function whiteNoise(samples: number): number[] {
  const next = seededRandom(samples);
  return Array.from({ length: samples }, () => next() / 0x8000_0000 - 1);
}

/** How loud a syllable is on its way: it swells faster than it dies away, and a hum does both alike. */
function loudness(part: number, voice: Syllable['voice']): number {
  const swelling = voice === 'hummed' ? part : Math.sqrt(part * Math.sqrt(part));
  return betweenSyllables + (1 - betweenSyllables) * swell(swelling);
}

/** From 0 to 1 and back again while a part goes from 0 to 1. */
function swell(part: number): number {
  const sine = sineOfTurns(part / 2);
  return sine * sine;
}

function between(from: number, to: number, part: number): number {
  return from + (to - from) * part;
}

function rms(sound: readonly number[]): number {
  return Math.sqrt(sound.reduce((sum, sample) => sum + sample * sample, 0) / sound.length);
}
