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
