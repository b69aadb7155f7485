import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readRecordings, readVoices } from '../../../dev/voice/material/voices.ts';
import { atLevel, activePower, speechSpan } from '../../../dev/voice/sounds/level.ts';
import { makeSound, soundKinds } from '../../../dev/voice/sounds/sounds.ts';
import { fractionsOf, whiteNoise } from '../../../dev/voice/sounds/signal.ts';
import { decoded } from '../../../dev/voice/sounds/talkers.ts';
import { encoded } from '../../../dev/voice/lines/encoded.ts';

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

function heldOutSums(): readonly (readonly [sum: string, file: string])[] {
  const lines = readFileSync('fixtures/audio/voices/held-out.sha256', 'utf8').trim().split('\n');
  return lines.map((line) => {
    const [sum = '', file = ''] = line.split('  ');
    return [sum, file];
  });
}

test('the held-out recordings are those that were set aside', () => {
  const sums = readRecordings('held-out').map(({ voice, name }) => {
    const file = `held-out/${voice}/${name}.wav`;
    return [sha256(readFileSync(`fixtures/audio/voices/${file}`)), file];
  });
  expect(sums).toEqual(heldOutSums());
});

test('no voice and no sentence of one half is in the other', () => {
  const voices = (['tuned', 'held-out'] as const).map((half) => readVoices().filter((voice) => voice.half === half));
  expect(voices.map(({ length }) => length)).toEqual([3, 4]);
  const tunedNames = new Set(readRecordings('tuned').map(({ name }) => name));
  expect(readRecordings('held-out').filter(({ name }) => tunedNames.has(name))).toEqual([]);
});

test('the held-out noises sound as they did when they were set aside', () => {
  const clips = readRecordings('held-out');
  const sums = soundKinds.map((kind) => {
    const sound = makeSound({ kind, half: 'held-out', seconds: 8, seed: 1, dbfs: -25, clips });
    return `${sha256(encoded(sound))}  ${kind}`;
  });
  expect(`${sums.join('\n')}\n`).toBe(readFileSync('fixtures/audio/voices/held-out-noises.sha256', 'utf8'));
});

test('a level is that of what is active, whatever the pauses', () => {
  const noise = whiteNoise(8_000, fractionsOf(1));
  const withPause = new Float64Array(32_000);
  withPause.set(noise, 16_000);
  expect(activePower(withPause)).toBeCloseTo(activePower(noise), 1);
  expect(10 * Math.log10(activePower(atLevel(withPause, -26)) / 32_768 ** 2)).toBeCloseTo(-26, 6);
});

test('speech spans from the first block of its onset to its last', () => {
  const sound = new Float64Array(8_000);
  sound.fill(1_000, 2_400, 2_480);
  sound.fill(1_000, 3_200, 4_000);
  // The first 10 ms are a click.
  expect(speechSpan(sound)).toEqual({ onset: 3_200, end: 4_000 });
});

test('every recording has speech of at least 100 ms in it', () => {
  const clips = [...readRecordings('tuned'), ...readRecordings('held-out')];
  const short = clips.filter(({ mulaw }) => {
    const { onset, end } = speechSpan(decoded(mulaw));
    return end - onset < 800;
  });
  expect(clips).toHaveLength(173);
  expect(short).toEqual([]);
});
