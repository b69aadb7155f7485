import { expect, test } from 'vitest';
import { decibels, FrameFeatures, levelDbMin } from '../../../src/audio/voice/frame-features.ts';
import { fractionsOf, note, whiteNoise } from '../../../dev/voice/sounds/signal.ts';

/** The features of the last frame of a sound that is long enough for the pitch. */
function featuresOf(sound: Float64Array): FrameFeatures {
  const features = new FrameFeatures();
  for (let at = 0; at + 160 <= sound.length; at += 160) features.measure(sound.subarray(at, at + 160));
  return features;
}

const tones = (hz: readonly number[]): Float64Array => {
  const sounds = hz.map((one) => note(one, 200, [5_000], 1, 1e9));
  return new Float64Array(1_600).map((_, i) => sounds.reduce((sum, sound) => sum + (sound[i] ?? 0), 0));
};

/** Pulses of a throat, 120 in a second, through the resonance of a mouth. */
const vowel = (): Float64Array => {
  const sound = new Float64Array(1_600);
  for (let i = 2; i < sound.length; i++)
    sound[i] = (i % 66 === 0 ? 5_000 : 0) + 1.6 * (sound[i - 1] ?? 0) - 0.9 * (sound[i - 2] ?? 0);
  return sound;
};

test('decibels are those of a logarithm, for every power', () => {
  const powers = Array.from({ length: 4_000 }, (_, i) => 10 ** (i / 200 - 10));
  const off = powers.map((power) => Math.abs(decibels(power) - 10 * Math.log10(power)));
  expect(Math.max(...off)).toBeLessThan(0.002);
  expect([0, -1, Number.NaN].map(decibels)).toEqual([-300, -300, -300]);
});

test('a level is in dBFS, without DC', () => {
  expect(featuresOf(tones([1_000])).levelDb).toBeCloseTo(20 * Math.log10(5_000 / Math.SQRT2 / 32_768), 0);
  expect(featuresOf(new Float64Array(1_600).fill(20_000)).levelDb).toBe(levelDbMin);
  expect(featuresOf(new Float64Array(1_600)).levelDb).toBe(levelDbMin);
});

test.for([[[440, 480]], [[697, 1209]], [[941, 1633]], [[425]], [[400]], [[1_800]]] as const)(
  'of the tones %j a predictor leaves next to nothing',
  ([hz]) => {
    expect(featuresOf(tones(hz)).residualDb).toBeLessThan(-25);
  },
);

test('a vowel has a pitch and is no tone, noise has no pitch', () => {
  const voice = featuresOf(vowel());
  expect(voice.periodicity).toBeGreaterThan(0.9);
  expect(voice.residualDb).toBeGreaterThan(-15);
  const noise = featuresOf(whiteNoise(1_600, fractionsOf(1)).map((sample) => 3_000 * sample));
  expect(noise.periodicity).toBeLessThan(0.5);
  expect(noise.residualDb).toBeGreaterThan(-3);
});
