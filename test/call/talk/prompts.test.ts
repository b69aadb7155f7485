import { expect, test } from 'vitest';
import type { MissedOutcome } from '../../../src/call/phone/phase.ts';
import {
  heardNote,
  heardOnly,
  recapNote,
  callerIsSilent,
  greetingRequest,
  lineDropped,
  operatorNote,
  operatorSentence,
  operatorTransfer,
  type Prompt,
  requestFor,
  strayResult,
  timeIsUp,
  transferFailed,
} from '../../../src/call/talk/prompts.ts';

// A recorded call pins which prompt the model is sent. What it says is pinned here, and only here.
test.for<[Prompt, name: string, text: string]>([
  [
    greetingRequest('Hello, this is Parley.'),
    'greeting',
    '[The call was just answered. Greet the caller now with exactly these words: "Hello, this is Parley." Do not read this note aloud.]',
  ],
  [
    timeIsUp,
    'timeIsUp',
    '[The longest duration of a call is reached and the line closes now. Say one short, friendly goodbye, and nothing more. Do not read this note aloud.]',
  ],
  [
    lineDropped,
    'lineDropped',
    '[The line dropped for a moment, and the caller did not hear the end of what you said. Say that part again, briefly. Do not read this note aloud.]',
  ],
  [
    callerIsSilent,
    'callerIsSilent',
    '[Nobody has said anything for a while: the line may have swallowed what the caller said. Ask in a few words whether the caller is still there. Do not read this note aloud.]',
  ],
  [
    requestFor('answer', '', ''),
    'answerNow',
    '[The caller has finished speaking and waits. Answer now. If you did not understand, ask the caller to say it again. Do not read this note aloud.]',
  ],
  [
    heardOnly(heardNote('Your order is')),
    'heardOnly',
    '[When your reply was cut off, the caller had heard only: "Your order is" of it. Say the rest only if it is still needed. Do not read this note aloud.]',
  ],
  [
    requestFor('rest', '', 'Your order'),
    'goOn',
    '[Your last reply broke off. The caller heard: "Your order". Go on right there, without repeating it and without a greeting. Do not read this note aloud.]',
  ],
  [
    requestFor('rest', '', ''),
    'goOnUnheard',
    '[Your last reply broke off. Go on right there, without repeating it and without a greeting. Do not read this note aloud.]',
  ],
  [
    requestFor('toolResult', '', ''),
    'tellResults',
    '[The caller waits for what your tools found out. Say it now. Do not read this note aloud.]',
  ],
  [
    strayResult({ name: 'lookup_record', args: { order: 'A1042' } }, { result: 'found' }),
    'strayResult',
    '[The tool lookup_record {"order":"A1042"} has answered: {"result":"found"}. Tell the caller. Do not read this note aloud.]',
  ],
  [
    operatorNote('He is a regular.'),
    'operatorNote',
    '[A note from your supervisor, which the caller does not hear: "He is a regular." Keep to it from here on. If it wants nothing to be said now, say nothing. Do not read this note aloud.]',
  ],
  [
    operatorSentence('One moment.'),
    'operatorSentence',
    '[Your supervisor has something to be said to the caller. Say now exactly these words, and nothing else: "One moment." Do not read this note aloud.]',
  ],
  [
    operatorTransfer('support'),
    'operatorTransfer',
    '[Your supervisor connects the caller with "support" now. Say so in one short sentence, and nothing more. Do not read this note aloud.]',
  ],
])('the words of %s', ([prompt, name, text]) => {
  expect(prompt).toEqual({ name, text });
});

test.for<[MissedOutcome, why: string]>([
  ['busy', 'the line was busy'],
  ['noAnswer', 'nobody answered'],
  ['declined', 'somebody answered and did not take the call'],
  ['notAccepted', 'the call was answered but not taken, probably by an answering machine'],
  ['failed', 'the connection failed'],
  ['canceled', 'the connection was cancelled'],
])('a transfer that came out as %s is told in words', ([outcome, why]) => {
  expect(transferFailed({ destination: 'support', outcomes: [outcome] })).toEqual({
    name: 'transferFailed',
    text: `[The transfer to "support" did not work: ${why}. The caller is back with you. Say so in one sentence and offer what you can do. Do not read this note aloud.]`,
  });
});

test('each thing that is expected is asked for by its own prompt', () => {
  const expected = ['greeting', 'answer', 'question', 'rest', 'toolResult', 'anything', null] as const;
  expect(expected.map((each) => requestFor(each, 'Hello.', '').name)).toEqual([
    'greeting',
    'answerNow',
    'callerIsSilent',
    'goOnUnheard',
    'tellResults',
    'lineDropped',
    'answerNow',
  ]);
});

test('a new session learns that it is in mid-call, what was said, and what still runs', () => {
  const running = [{ id: '1', name: 'lookup_record', args: { order: 'A1042' } }];
  expect(recapNote(null, true, null, [])).toBe('You are in the middle of a phone call. Do not greet the caller again.');
  expect(recapNote('Caller: Hello.', false, null, running)).toBe(
    [
      'You are in the middle of a phone call. Do not greet the caller again.',
      'This was said on it:',
      'Caller: Hello.',
      'The tool lookup_record {"order":"A1042"} is still running. Its result follows.',
    ].join('\n'),
  );
  expect(recapNote('Caller: Hello.', true, null, [])).toContain('\nBeside what you remember, this was said on it:\n');
});

test('a new session learns what was heard of a reply that was cut, where no line of its recap says so', () => {
  expect(recapNote(null, true, heardNote('Your order is'), [])).toBe(
    'You are in the middle of a phone call. Do not greet the caller again.\nWhen your reply was cut off, the caller had heard only: "Your order is" of it. Say the rest only if it is still needed.',
  );
});

test('of a long reply the end of what was heard is told, from a whole word on', () => {
  const words = 'twelve words '.repeat(100).trim();
  const note = heardNote(words);
  expect(note).toMatch(/heard only: "… (twelve words|words twelve)/u);
  expect(note).toMatch(/words" of it/u);
  expect(note.length).toBeLessThan(330);
  const unbroken = 'ご'.repeat(1_000);
  expect(heardNote(unbroken).length).toBeLessThan(330);
  expect(heardNote('')).toContain('the caller had heard nothing of it.');
  expect(heardNote(null)).toContain('the caller had heard only the beginning of it.');
});

test('a recap tells long arguments of a tool that runs in short', () => {
  const running = [{ id: 't1', name: 'lookup_record', args: { query: 'x'.repeat(10_000) } }];
  expect(recapNote(null, false, null, running)?.length).toBeLessThan(600);
});

test('a transfer for which several were called says how each came out', () => {
  expect(transferFailed({ destination: 'support', outcomes: ['busy', 'notAccepted'] }).text).toContain(
    'did not work: at number 1 the line was busy; at number 2 the call was answered but not taken,',
  );
});
