/** What a sound of the caller stands for: a voice that says words, one that only hums, or anything else. */
export type StandInKind = 'voice' | 'hum' | 'noise';

const sampleRateHz = 8_000;

/** A period of the voice, in samples: 129 Hz. */
const periodSamples = 62;
const pitchHz = sampleRateHz / periodSamples;

/** The telephone carries nothing above this, and less and less below that. */
const harmonicHzMax = 3_400;
const lineHzMin = 200;

/** How wide the resonances of a mouth are, in Hz. */
const bandwidthsHz = [80, 110, 170] as const;

/** Resonances of a mouth, in Hz: of "ah" and "ee", and of closed lips. */
const ah = period([720, 1_200, 2_450], 1);
const ee = period([370, 1_950, 2_600], 1);
const mm = period([260, 1_050, 2_200], 2);

/** From "ah" to "ee" and back: as fast as syllables follow each other. */
const syllableSamples = 1_280;

/**
 * A sample of a voice that says "ah-ee-ah-ee", or hums, as it would be at that time: a sound with pitch, and with a mouth that moves or
 * does not. The loudness means nothing.
 */
export function standInSample(kind: 'voice' | 'hum', atSample: number): number {
  const inPeriod = atSample % periodSamples;
  if (kind === 'hum') return mm[inPeriod] ?? 0;
  const share = 0.5 - 0.5 * Math.cos((2 * Math.PI * atSample) / syllableSamples);
  return (1 - share) * (ah[inPeriod] ?? 0) + share * (ee[inPeriod] ?? 0);
}

/** One period of a vowel, of a mean square of 1. `fall`: by which power the harmonics of the throat fall off. */
function period(formantsHz: readonly number[], fall: number): Float64Array {
  const harmonics = Math.floor(harmonicHzMax / pitchHz);
  const wave = new Float64Array(periodSamples);
  for (let harmonic = 1; harmonic <= harmonics; harmonic += 1) {
    const size = resonance(formantsHz, harmonic * pitchHz) / harmonic ** fall;
    // With these phases the wave is flat, so that a loud one is not clipped (Schroeder).
    const phase = (Math.PI * harmonic * harmonic) / harmonics;
    for (let at = 0; at < periodSamples; at += 1) {
      wave[at] = (wave[at] ?? 0) + size * Math.sin((2 * Math.PI * harmonic * at) / periodSamples + phase);
    }
  }
  const rms = Math.sqrt(wave.reduce((sum, sample) => sum + sample * sample, 0) / periodSamples);
  return wave.map((sample) => sample / rms);
}

/** How much of a frequency comes through the mouth and the line. */
function resonance(formantsHz: readonly number[], hz: number): number {
  const through = formantsHz.map((formantHz, index) => {
    const width = bandwidthsHz[index] ?? 0;
    return formantHz ** 2 / Math.hypot(formantHz ** 2 - hz ** 2, width * hz);
  });
  return through.reduce((product, factor) => product * factor, 1) * (hz ** 2 / (hz ** 2 + lineHzMin ** 2));
}
