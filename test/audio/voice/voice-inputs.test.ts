import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { readRecordings } from '../../../dev/voice/material/voices.ts';
import { decoded } from '../../../dev/voice/sounds/talkers.ts';
import { VoiceInputs, voiceInputs } from '../../../src/audio/voice/voice-inputs.ts';
import { fractionsOf, note, whiteNoise } from '../../../dev/voice/sounds/signal.ts';

const noise = whiteNoise(160 * 200, fractionsOf(4));
const tone = note(1_500, 4_000, [1], 1, 1e9);

/** Two hundred frames of noise, and some of a tone over it, so many times as loud as they are. */
function inputsOf(gain: number, toneFrames: number): Float64Array {
  const inputs = new VoiceInputs();
  for (let frame = 0; frame < 200; frame++) {
    const isTone = frame >= 200 - toneFrames;
    const samples = new Float64Array(160).map((_, i) => {
      const at = 160 * frame + i;
      return gain * ((noise[at] ?? 0) + (isTone ? 10 * (tone[at] ?? 0) : 0));
    });
    inputs.measure(samples);
  }
  return inputs.values;
}

test('a loud line and a soft one give the same inputs', () => {
  const [soft, loud] = [inputsOf(100, 3), inputsOf(1_000, 3)];
  expect(soft).toHaveLength(voiceInputs);
  for (const [at, value] of soft.entries()) expect(loud[at]).toBeCloseTo(value, 2);
});

test('a sound stands out in its band, and did not in the frames before', () => {
  const [, , band = 0] = inputsOf(100, 1);
  const [first = 0] = inputsOf(100, 1);
  expect(band).toBeGreaterThan(1.2);
  expect(first).toBeLessThan(0.5);
  // The same band one and two frames before.
  expect(inputsOf(100, 1)[17]).toBeLessThan(0.5);
  expect(inputsOf(100, 2)[17]).toBeGreaterThan(1.2);
  expect(inputsOf(100, 2)[25]).toBeLessThan(0.5);
  expect(inputsOf(100, 3)[25]).toBeGreaterThan(1.2);
});

test('three silent frames are lost ones, and silence lets the noise fade and what was before it go', () => {
  const inputs = new VoiceInputs();
  for (let frame = 0; frame < 50; frame++)
    inputs.measure(noise.subarray(160 * frame, 160 * frame + 160).map((sample) => 1_000 * sample));
  const { noiseDb } = inputs;
  expect(Array.from({ length: 5 }, () => inputs.measureSilence())).toEqual([false, false, false, true, true]);
  expect(inputs.noiseDb).toBeCloseTo(noiseDb - 0.8, 6);
  expect(Math.max(...inputs.values)).toBe(0);
  inputs.measure(noise.subarray(0, 160));
  expect(inputs.measureSilence()).toBe(false);
});

// A figure that differs in its last bit may decide otherwise when a recorded call is run again.
test('a minute of speech gives the same inputs to the last bit, on every machine', () => {
  const inputs = new VoiceInputs();
  const hash = createHash('sha256');
  for (const { mulaw } of readRecordings('tuned').filter(({ voice }) => voice === 'it-carlo')) {
    const speech = decoded(mulaw);
    for (let at = 0; at + 160 <= speech.length; at += 160) {
      inputs.measure(speech.subarray(at, at + 160));
      hash.update(new Uint8Array(inputs.values.slice().buffer));
    }
  }
  expect(hash.digest('hex')).toBe('e64a552aa1aef64e1457d8d7e93443719b4801186fecb7706fba102e216b2892');
});
