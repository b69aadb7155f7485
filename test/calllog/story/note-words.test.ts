import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { noteWords } from '../../../src/calllog/story/note-words.ts';

test.for<readonly [fields: object, words: string]>([
  [
    { by: 'ear', sentMs: 2_000, heardMs: 700 },
    'stops the agent by its own ear: 700 ms of the 2.00 s that were sent were heard',
  ],
  [{ by: 'ear', sentMs: 0, heardMs: 0 }, 'stops the agent by its own ear before it begins'],
  [{ by: 'model', sentMs: 0, heardMs: 0 }, 'stops the agent before it begins'],
])('the note about barge-in with %j says: %s', ([fields, words]) => {
  expect(noteWords('bargeIn', { ...fields })).toBe(words);
});

test('whoever answers a transfer is asked in words', () => {
  expect(noteWords('callee', { callee: 'asked', attempt: 1 })).toBe('asks whoever answered to press 1 (attempt 1)');
});

test.for<readonly [name: string, fields: object, words: string]>([
  [
    'escalated',
    { cause: 'silentTurn', step: 'resume' },
    'replaces the model session and resumes it, because its turn brought nothing',
  ],
  ['gaveUp', { cause: 'modelOutage' }, 'gives up on the model, because there was no session for too long'],
  ['leaving', { exit: 'hangUp' }, 'leaves the call to hang up'],
  ['leaving', { exit: 'somethingNew' }, 'leaves the call somethingNew'],
  ['toolNotRun', { why: 'tooLong' }, 'does not run the tool: its arguments are too long'],
  ['picturesShown', { pictures: 3, refused: 0 }, 'let 3 pictures of the caller through to the model'],
])('of the values of %s with %j it says in words: %s', ([name, fields, words]) => {
  expect(noteWords(name, { ...fields })).toBe(words);
});

/** The story says these in a line of another kind. */
const untold = new Set(['callEnded', 'streamStarted', 'dialEnded']);

test('each note of a call that a log keeps has words', () => {
  const files = readdirSync('src/call', { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  const names = files.flatMap((name) => {
    const source = readFileSync(join('src/call', name), 'utf8');
    return [...source.matchAll(/(?:note\(\s*'(?:info|warn)',|noteOnce\()\s*'(\w+)'/g)].flatMap(
      ([, note]) => note ?? [],
    );
  });
  expect(names.length).toBeGreaterThan(25);
  const told = names.filter((name) => !untold.has(name));
  expect(told.filter((name) => noteWords(name, {}).startsWith('notes '))).toEqual([]);
});
