import { expect, test } from 'vitest';
import { mulawCodec } from '../../../../src/sounds/mulaw-codec.ts';
import { addSamples, amplitudes, loudnessOf } from '../../../../web/call/sound/mulaw-sound.ts';

test('every code sounds as the telephone has it', () => {
  const codes = Uint8Array.from({ length: 256 }, (_, code) => code);
  const samples = new Float32Array(256);
  addSamples(codes, 0, samples, 1);
  const wrong = codes.filter((code) => Math.abs((samples[code] ?? 0) - (mulawCodec.decode[code] ?? 0) / 32_124) > 1e-6);
  expect([...wrong]).toEqual([]);
});

test('a louder code counts more', () => {
  const quiet = loudnessOf(0xff);
  expect([quiet, loudnessOf(0x7f), loudnessOf(0x80), loudnessOf(0x00)]).toEqual([0, 0, 127, 127]);
  expect(amplitudes[127]).toBe(1);
  expect(amplitudes.every((amplitude, at) => at === 0 || amplitude > (amplitudes[at - 1] ?? 0))).toBe(true);
});

test('two sides add up, and where a lane has ended there is silence', () => {
  const samples = new Float32Array(3);
  addSamples(Uint8Array.of(0x80, 0x80), 0, samples, 0.5);
  addSamples(Uint8Array.of(0x80), 0, samples, 0.25);
  expect([...samples]).toEqual([0.75, 0.5, 0]);
});
