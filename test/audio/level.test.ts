import { expect, test } from 'vitest';
import { readFileSync } from 'node:fs';
import { codec } from '../../dev/audio/codec.ts';
import { meanSquare, pauseMeanSquareMax, speechMeanSquareMin } from '../../src/audio/level.ts';
import { mulawSilence } from '../../src/audio/mulaw.ts';
import { readWav } from '../../src/audio/wav.ts';

test('the mean square of a square wave is the square of its amplitude', () => {
  const codes = Uint8Array.from({ length: 160 }, (_, i) => (i % 2 === 0 ? 0x80 : 0x00));
  expect(meanSquare(codes, codec)).toBe((32_124 / 32_768) ** 2);
});

test('silence has no level, and neither has an empty frame', () => {
  expect(meanSquare(new Uint8Array(160).fill(mulawSilence), codec)).toBe(0);
  expect(meanSquare(new Uint8Array(), codec)).toBe(0);
});

test('a spoken word is speech and the silence before it is a pause', () => {
  const { data } = readWav(readFileSync('fixtures/audio/caller/hello.wav'));
  const frames = Array.from({ length: Math.floor(data.length / 160) }, (_, i) =>
    meanSquare(data.subarray(160 * i, 160 * (i + 1)), codec),
  );
  expect(frames[0]).toBeLessThan(pauseMeanSquareMax);
  expect(frames.filter((level) => level > speechMeanSquareMin).length).toBeGreaterThan(frames.length / 2);
});
