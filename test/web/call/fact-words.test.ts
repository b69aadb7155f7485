import { expect, test } from 'vitest';
import { outcomeWords, speechWords } from '../../../web/call/fact-words.ts';

test.for([
  ['agentHungUp', null, 'agent hung up'],
  ['agentHungUp', { outcome: 'lost' }, 'agent hung up'],
  [null, { outcome: null }, 'live'],
  [null, { outcome: 'lost' }, 'Parley stopped'],
  [null, null, 'unknown'],
] as const)(
  'a recording that ends with %j, of a call that the journal knows as %j: %s',
  ([endReason, known, words]) => {
    expect(outcomeWords(endReason, known)).toBe(words);
  },
);

test('of the agent’s speech is told what there was', () => {
  expect(speechWords({ heard: 1_300, cleared: 640 })).toBe('1.3 s heard, 640 ms cleared');
  expect(speechWords({ heard: 1_300, cleared: 0 })).toBe('1.3 s heard');
  expect(speechWords({ heard: 0, cleared: 0 })).toBe('none');
});
