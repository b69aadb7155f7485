import { expect, test } from 'vitest';
import { gainTable, withGain } from '../../src/audio/gain.ts';
import { mulawCodec } from '../../src/sounds/mulaw-codec.ts';

const everyCode = Uint8Array.from({ length: 256 }, (_, code) => code);

function samplesOf(mulaw: Uint8Array): number[] {
  return [...mulaw].map((code) => mulawCodec.decode[code] ?? NaN);
}

test('twelve decibels softer is a quarter, as near as mu-law comes to it', () => {
  const before = samplesOf(everyCode);
  samplesOf(withGain(everyCode, gainTable(mulawCodec, -12))).forEach((sample, code) => {
    const wanted = (before[code] ?? 0) * 10 ** (-12 / 20);
    expect(Math.abs(sample - wanted)).toBeLessThanOrEqual(Math.max(9, Math.abs(wanted) * 0.035));
  });
});

test('no gain changes no sample, and what would be too loud is as loud as can be', () => {
  expect(samplesOf(withGain(everyCode, gainTable(mulawCodec, 0)))).toEqual(
    samplesOf(everyCode).map((sample) => sample + 0),
  );
  const loud = samplesOf(withGain(everyCode, gainTable(mulawCodec, 60)));
  expect([Math.max(...loud), Math.min(...loud)]).toEqual([32_124, -32_124]);
});
