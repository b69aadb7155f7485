import { expect, test } from 'vitest';
import { codec } from '../../../dev/audio/codec.ts';
import { makeLines } from '../../../dev/voice/lines/test-line.ts';
import { fractionsOf, whiteNoise } from '../../../dev/voice/sounds/signal.ts';
import { encoded } from '../../../dev/voice/lines/encoded.ts';
import { readRecordings } from '../../../dev/voice/material/voices.ts';
import { decoded } from '../../../dev/voice/sounds/talkers.ts';
import { VoiceDetector } from '../../../src/audio/voice/voice-detector.ts';

const framesPerHour = 180_000;
const played = new Uint8Array(0);

const noise = encoded(whiteNoise(160 * 500, fractionsOf(1)).map((sample) => 30_000 * sample));

const sounds: Readonly<Record<string, (frame: number) => Uint8Array>> = {
  'full-scale noise': (frame) => noise.subarray(160 * (frame % 500), 160 * (frame % 500) + 160),
  'clipped sound': (frame) => new Uint8Array(160).map((_, i) => ((160 * frame + i) % 37 < 19 ? 0x80 : 0x00)),
  DC: () => new Uint8Array(160).fill(0x90),
  silence: () => new Uint8Array(160).fill(0xff),
};

test.for(Object.keys(sounds))('after an hour of %s nobody is heard, and then a caller as soon as ever', (name) => {
  const detector = new VoiceDetector(codec);
  const frameOf = sounds[name];
  let onsets = 0;
  for (let frame = 0; frame < framesPerHour; frame++)
    if (frameOf !== undefined && detector.push(frameOf(frame), played) === 'onset') onsets += 1;
  expect(onsets).toBeLessThanOrEqual(1);
  expect(detector.isSpeaking).toBe(false);
  expect(Number.isFinite(detector.noiseDbfs)).toBe(true);
  const [line] = makeLines({ half: 'tuned', beside: 'fan', snrDb: 20, seed: 1, isRough: false });
  const [first] = line?.spans ?? [];
  const near = line?.near ?? played;
  const told: number[] = [];
  // The first two seconds are for the noise that begins: it may be taken for somebody.
  const pause = 160 * 100;
  for (let at = -pause; at < near.length; at += 160) {
    const from = ((at % 3_200) + 3_200) % 3_200;
    const frame = at < 0 ? near.subarray(from, from + 160) : near.subarray(at, at + 160);
    if (detector.push(frame, played) === 'onset' && at >= 0) told.push(at / 8 + 20);
  }
  expect(told[0]).toBeGreaterThan((first?.onsetMs ?? 0) - 60);
  expect(told[0]).toBeLessThanOrEqual((first?.onsetMs ?? 0) + 120);
});

test('a voice that clips is heard as often at the end of an hour as at its beginning', () => {
  const sentences = readRecordings('tuned').filter(
    ({ voice, name }) => voice === 'it-carlo' && name.startsWith('dir-'),
  );
  const said = sentences.flatMap(({ mulaw }) => [
    ...encoded(decoded(mulaw).map((sample) => 50 * sample)),
    // Two seconds in which the line is silent to the last bit.
    ...new Uint8Array(16_000).fill(0xff),
  ]);
  const line = Uint8Array.from(said.slice(0, said.length - (said.length % 160)));
  const detector = new VoiceDetector(codec);
  const onsets: number[] = [];
  const rounds = Math.floor((framesPerHour * 160) / line.length);
  for (let round = 0; round < rounds; round++) {
    let heard = 0;
    for (let at = 0; at < line.length; at += 160)
      if (detector.push(line.subarray(at, at + 160), played) === 'onset') heard += 1;
    onsets.push(heard);
  }
  expect(onsets[0]).toBeGreaterThanOrEqual(sentences.length);
  expect(new Set(onsets.slice(1)).size).toBe(1);
  expect(onsets.at(-1)).toBeGreaterThanOrEqual(sentences.length);
  expect(Number.isFinite(detector.noiseDbfs)).toBe(true);
});
