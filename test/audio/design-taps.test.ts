import { expect, test } from 'vitest';
import { tapsFile } from '../../src/audio/design-taps.ts';
import { downCentreTap, downTaps, tapUnity, upTaps } from '../../src/audio/taps.ts';

const sumOf = (taps: readonly number[]): number => taps.reduce((sum, tap) => sum + tap, 0);

test('taps.ts holds what design-taps.ts designs, to the last digit', async () => {
  await expect(tapsFile()).toMatchFileSnapshot('../../src/audio/taps.ts');
});

test('the taps of each filter add up to exactly one, so that a constant stays what it is', () => {
  expect(2 * sumOf(upTaps)).toBe(tapUnity);
  expect(2 * sumOf(downTaps) + downCentreTap).toBe(tapUnity);
});

test('no sum of products with PCM16 samples can exceed what Float64 adds exactly', () => {
  expect(32_768 * (2 * sumOf(upTaps.map(Math.abs)) + tapUnity)).toBeLessThan(2 ** 53);
  expect(32_768 * (2 * sumOf(downTaps.map(Math.abs)) + downCentreTap)).toBeLessThan(2 ** 53);
});
