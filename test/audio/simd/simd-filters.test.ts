import fc from 'fast-check';
import { expect, test } from 'vitest';
import { codec } from '../../../dev/audio/codec.ts';
import { blockCodes, type AudioFilters } from '../../../src/audio/block-filters.ts';
import { filtersFor } from '../../../src/audio/filters.ts';
import { scalarFilters } from '../../../src/audio/scalar/scalar-filters.ts';
import { lowUnity, simdFilters } from '../../../src/audio/simd/simd-filters.ts';
import { downTaps, upTaps } from '../../../src/audio/taps.ts';
import { anyCuts, firstDifference, noise, propertySettings } from '../streams.ts';

const scalar = scalarFilters(codec);

/** Noise, and what is as loud as can be: both ends of the scale in the rhythm of the taps' signs, and a constant. */
const loudest = (length: number): Uint8Array =>
  Uint8Array.from({ length }, (_, byte) => ((byte >> 1) % 3 === 0 ? [0x00, 0x80] : [0xff, 0x7f])[byte % 2] ?? 0);
const sounds = [noise(12_000), loudest(12_000), new Uint8Array(12_000).fill(0x7f), new Uint8Array(12_000).fill(0x80)];

function upward(filters: AudioFilters, codes: Uint8Array, cuts: readonly number[]): Uint8Array {
  const filter = filters.up();
  const pcm16k = new Uint8Array(4 * codes.length);
  for (let start = 0, cut = 0; start < codes.length; cut++) {
    const size = Math.min(1 + ((cuts[cut % cuts.length] ?? 0) % blockCodes), codes.length - start);
    filter.convert(codes, start, size, pcm16k);
    start += size;
  }
  return pcm16k;
}

function downward(filters: AudioFilters, pcm24k: Uint8Array, cuts: readonly number[]): Uint8Array {
  const filter = filters.down();
  const mulaw = new Uint8Array(pcm24k.length / 6);
  for (let start = 0, cut = 0; start < mulaw.length; cut++) {
    const size = Math.min(1 + ((cuts[cut % cuts.length] ?? 0) % blockCodes), mulaw.length - start);
    filter.convert(pcm24k, 6 * start, size, mulaw, start);
    start += size;
  }
  return mulaw;
}

test.runIf(simdFilters(codec) !== null)('both kinds of filters give the same bits, however the sound is cut', () => {
  const simd = filtersFor(codec);
  fc.assert(
    fc.property(fc.constantFrom(...sounds), anyCuts, anyCuts, (sound, cuts, others) => {
      expect(firstDifference(upward(simd, sound, cuts), upward(scalar, sound, others))).toBe(-1);
      expect(firstDifference(downward(simd, sound, cuts), downward(scalar, sound, others))).toBe(-1);
    }),
    propertySettings,
  );
});

test('no sum of one half of the taps exceeds 32 bits, whatever the samples', () => {
  for (const taps of [upTaps, downTaps]) {
    const highs = taps.map((tap) => Math.round(tap / lowUnity));
    const lows = taps.map((tap, index) => tap - lowUnity * (highs[index] ?? 0));
    for (const half of [highs, lows]) {
      expect(2 * 32_768 * half.reduce((sum, tap) => sum + Math.abs(tap), 0)).toBeLessThan(2 ** 31);
      expect(half.every((tap) => Math.abs(tap) < 32_768)).toBe(true);
    }
  }
});
