import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readWords, readWordSpeakers, wordFile, wordFolder, type WordKind } from '../../../dev/voice/material/words.ts';
import { speechSpan } from '../../../dev/voice/sounds/level.ts';
import { telephoneBand } from '../../../dev/voice/sounds/signal.ts';
import { decoded } from '../../../dev/voice/sounds/talkers.ts';

const halves = ['tuned', 'held-out'] as const;
const kinds: readonly WordKind[] = ['backchannel', 'stop', 'cough'];

test('the held-out words are those that were set aside', () => {
  const sums = readWordSpeakers()
    .filter(({ half }) => half === 'held-out')
    .flatMap((speaker) => speaker.clips.map((clip) => wordFile(speaker, clip)))
    .map((file) => {
      const bytes = readFileSync(new URL(file, wordFolder('held-out')));
      return `${createHash('sha256').update(bytes).digest('hex')}  held-out/${file}`;
    });
  expect(`${sums.join('\n')}\n`).toBe(readFileSync('fixtures/audio/words/held-out.sha256', 'utf8'));
});

test('no speaker of one half is in the other, and every file is named', () => {
  const speakers = readWordSpeakers();
  expect(new Set(speakers.map(({ speaker }) => speaker)).size).toBe(speakers.length);
  for (const half of halves) {
    const named = speakers
      .filter((speaker) => speaker.half === half)
      .flatMap((speaker) => speaker.clips.map((clip) => wordFile(speaker, clip)));
    const there = kinds.flatMap((kind) =>
      readdirSync(new URL(`${kind}/`, wordFolder(half))).map((file) => `${kind}/${file}`),
    );
    expect(there.toSorted()).toEqual(named.toSorted());
  }
});

test.for(halves)('the %s half has twenty words of each kind by people, of at most 0.8 s', (half) => {
  for (const kind of ['backchannel', 'stop'] as const) {
    const words = readWords(half, kind);
    const byPeople = words.filter(({ made }) => made !== 'synthetic');
    expect(byPeople.length).toBeGreaterThanOrEqual(20);
    expect(new Set(byPeople.map(({ speaker }) => speaker)).size).toBeGreaterThanOrEqual(4);
    const spansMs = words.map(({ mulaw }) => {
      const { onset, end } = speechSpan(telephoneBand(decoded(mulaw)));
      return (end - onset) / 8;
    });
    expect(Math.min(...spansMs)).toBeGreaterThanOrEqual(150);
    expect(Math.max(...spansMs)).toBeLessThanOrEqual(800);
  }
});
