import { readFileSync } from 'node:fs';
import alawmulaw from 'alawmulaw';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { readWav } from '../../../src/audio/wav.ts';
import { SpeechDetector } from '../../../src/sim/model/hearing/speech-detector.ts';
import { fixedThreshold } from '../../../src/sim/model/hearing/speech-threshold.ts';

const { mulaw } = alawmulaw;
const index = new URL('../../../fixtures/audio/clips.json', import.meta.url);
const files = Object.values(
  z.record(z.string(), z.looseObject({ file: z.string() })).parse(JSON.parse(readFileSync(index, 'utf8'))),
).map(({ file }) => file);

// A pause inside a clip that ended the turn would make every scenario answer half a sentence.
test.each(files.filter((file) => file.startsWith('caller/')))('%s is one turn of speech', (file) => {
  const wav = readWav(readFileSync(new URL(file, index)));
  expect([wav.encoding, wav.sampleRateHz, wav.channels]).toEqual(['mulaw', 8000, 1]);
  const samples = Int16Array.from([...mulaw.decode(wav.data), ...new Int16Array(8000)]);
  const detector = new SpeechDetector({ startMs: 40, silenceMs: 600, threshold: fixedThreshold(184) });
  expect(detector.feed(new Uint8Array(samples.buffer), 8000)).toEqual(['started', 'ended']);
});
