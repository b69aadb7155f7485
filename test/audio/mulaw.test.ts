import { describe, expect, test } from 'vitest';
import { codec } from '../../dev/audio/codec.ts';
import { mulawSilence } from '../../src/audio/mulaw.ts';

describe('the mu-law codec', () => {
  test('decodes all 256 codes to the output values of G.711', () => {
    const wrong = Array.from(codec.decode.keys()).filter((code) => codec.decode[code] !== outputValue(code));
    expect(wrong).toEqual([]);
  });

  test('encodes all 65,536 samples to the interval of G.711 that holds them', () => {
    const wrong = allSamples().filter((sample) => encode(sample) !== codeOf(sample));
    expect(wrong).toEqual([]);
  });

  test('gives a sample on a decision value the interval farther from zero, for either sign', () => {
    const ties = decisionValues.slice(1, -1).map((value) => 4 * value);
    expect(ties.map((tie) => encode(tie))).toEqual(ties.map((_, i) => 0xff - (i + 1)));
    expect(ties.map((tie) => encode(-tie))).toEqual(ties.map((_, i) => 0x7f - (i + 1)));
  });

  test('clips what is louder than the last interval', () => {
    expect([encode(32_767), encode(-32_768)]).toEqual([0x80, 0x00]);
  });

  test('sends zero as the code of silence, which decodes to zero', () => {
    expect(encode(0)).toBe(mulawSilence);
    expect(codec.decode[mulawSilence]).toBe(0);
  });

  test('keeps every code through decoding and encoding, but for the second zero', () => {
    const changed = Array.from({ length: 256 }, (_, code) => code).filter(
      (code) => encode(codec.decode[code] ?? 0) !== code,
    );
    expect(changed).toEqual([0x7f]);
  });
});

/**
 * Tables 2a and 2b of G.711, in their unit of a 14-bit sample: eight segments of sixteen intervals, each segment's twice
 * as wide as the one before. Where the first interval of the first segment ends, at 1, the negative side begins at -1.
 */
const decisionValues = [0, 1];
for (let segment = 0, step = 2; segment < 8; segment++, step *= 2) {
  const intervals = segment === 0 ? 15 : 16;
  for (let i = 0; i < intervals; i++) decisionValues.push((decisionValues.at(-1) ?? 0) + step);
}

/** An interval is decoded to its middle, the first one to zero. */
const outputValues = decisionValues
  .slice(0, -1)
  .map((value, n) => (n === 0 ? 0 : (value + (decisionValues[n + 1] ?? 0)) / 2));

/** The code's bits are inverted on the line: 0xff is +0, 0x7f is -0, 0x80 and 0x00 are the loudest. */
function outputValue(code: number): number {
  const value = 4 * (outputValues[0x7f - (code & 0x7f)] ?? Number.NaN);
  return code < 0x80 && value > 0 ? -value : value;
}

function codeOf(sample: number): number {
  const magnitude = Math.abs(sample) / 4;
  const interval = decisionValues.findLastIndex((value) => value <= magnitude);
  return (sample < 0 ? 0x7f : 0xff) - Math.min(interval, 127);
}

function allSamples(): number[] {
  return Array.from({ length: 65_536 }, (_, i) => i - 32_768);
}

function encode(sample: number): number {
  return codec.encode[sample + 32_768] ?? Number.NaN;
}
