import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { codec } from '../../dev/audio/codec.ts';
import { ownDown, ownUp } from '../../dev/audio/converter.ts';
import { measureQuality } from '../../dev/audio/quality.ts';
import { downFigures, isMet, speechFigures, upFigures } from '../../dev/audio/requirements.ts';
import { bandSnrDb } from '../../dev/audio/speech.ts';
import { measureSpeech, pcm16 } from '../../dev/audio/speech-chain.ts';
import { CallerUpsampler } from '../../src/audio/resample-up.ts';
import { readWav } from '../../src/audio/wav.ts';

describe('8 to 16 kHz', () => {
  test.each(upFigures(measureQuality(ownUp)))('$name: $value $sense $limit', (figure) => {
    expect(figure).toSatisfy(isMet);
  });
});

describe('24 to 8 kHz', () => {
  test.each(downFigures(measureQuality(ownDown)))('$name: $value $sense $limit', (figure) => {
    expect(figure).toSatisfy(isMet);
  });
});

describe.each(['wideband/recorded-24k.wav', 'agent/goodbye.wav'])(
  'the speech of %s through the whole chain',
  (file) => {
    const speech = measureSpeech(`fixtures/audio/${file}`, codec);

    test('is as loud as its requirements suppose, -20 dBFS', () => {
      expect(Math.abs(speech.levelDbfs + 20)).toBeLessThan(1);
    });

    test.each(speechFigures(speech))('$name: $value $sense $limit', (figure) => {
      expect(figure).toSatisfy(isMet);
    });
  },
);

test("a caller's recorded speech reaches 16 kHz as it was", () => {
  const { data, sampleRateHz } = readWav(readFileSync('fixtures/audio/caller/ask-for-person.wav'));
  const upsampler = new CallerUpsampler(codec);
  const heard = pcm16(Buffer.concat([upsampler.push(data), upsampler.flush()]));
  const spoken = { samples: Array.from(data, (code) => codec.decode[code] ?? 0), sampleRateHz, delayMs: 0 };
  expect(bandSnrDb(spoken, { samples: heard, sampleRateHz: 16_000, delayMs: 3.5625 })).toBeGreaterThan(70);
});
