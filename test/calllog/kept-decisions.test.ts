import { expect, test } from 'vitest';
import { usualBargeIn } from '../../src/call/turns/barge-in-rule.ts';
import { recordedFixture } from './recorded-fixture.ts';

// A call that no longer shows what it is kept for, after parameters have changed, needs another scenario.
test.for<readonly [call: string, note: string, fields: object]>([
  ['hum-over-reply', 'bargeInIgnored', { by: 'ear', why: 'hum', wasHeld: true }],
  ['agrees-again-and-again', 'bargeInIgnored', { by: 'ear', why: 'hum', voicedMs: 1_260 }],
  ['laugh-over-reply', 'bargeInIgnored', { by: 'ear', why: 'noise', voicedMs: 120 }],
  ['caller-before-agent', 'bargeInIgnored', { by: 'ear', why: 'noise', wasHeld: false }],
  ['model-stops-for-hum', 'bargeInIgnored', { by: 'model', why: 'hum' }],
  ['asked-beside-voices', 'answerAskedFor', {}],
  ['one-word-stop', 'bargeIn', { by: 'ear', why: 'word' }],
  ['two-words-over-reply', 'bargeIn', { by: 'ear', why: 'speech', sinceOnsetMs: 800 }],
  ['ear-stops-agent', 'bargeIn', { by: 'ear', why: 'speech', falseHolds: 0 }],
  ['drawl-over-reply', 'bargeIn', { by: 'ear', why: 'speech', voicedMs: 640 }],
  ['croak-over-reply', 'bargeIn', { by: 'ear', why: 'speech', voicedMs: usualBargeIn.sureMs }],
  ['false-holds', 'bargeIn', { by: 'ear', falseHolds: usualBargeIn.falseHoldsMax }],
  ['cut-turn-goes-on', 'bargeIn', { by: 'ear', why: 'speech' }],
  ['lost-behind-barge-in', 'bargeIn', { by: 'ear', why: 'speech' }],
  ['slow-answer-after-barge-in', 'bargeIn', { by: 'ear', why: 'speech' }],
  ['hold-ends-with-reply', 'agentSoftened', { byDb: 0 }],
  ['caller-runs-into-reply', 'bargeInIgnored', { by: 'ear', why: 'noise', wasHeld: false }],
  ['caller-runs-into-reply', 'replyWaited', { isSaid: true }],
  ['caller-runs-into-reply', 'bargeIn', { by: 'ear', why: 'speech' }],
  ['replies-beside-a-voice', 'replyWaited', { isSaid: true }],
  ['words-said-again', 'wordsSaidAgain', {}],
  ['turn-ends-under-caller', 'wordsSaidAgain', {}],
  ['barge-in-while-tool-runs', 'wordsSaidAgain', {}],
  ['sound-before-words-said-again', 'wordsSaidAgain', {}],
  ['words-noted-in-mid-turn', 'answerAskedFor', {}],
  ['manual-turn-never-ends', 'turnMarked', { cause: 'tooLong' }],
  ['manual-turn-never-ends', 'turnMarked', { cause: 'quiet' }],
  ['caller-pauses-and-goes-on', 'wordsSaidAgain', {}],
  ['answer-asked-for', 'answerAskedFor', {}],
  ['answer-asked-for', 'escalated', { cause: 'answer', step: 'nudge' }],
])('%s shows the decision that it is kept for: %s', ([call, name, fields]) => {
  expect(notesOf(call)).toContainEqual(expect.objectContaining({ name, fields: expect.objectContaining(fields) }));
});

test('cough-over-reply shows an agent who is not even softer', () => {
  expect(notesOf('cough-over-reply').map(({ name }) => name)).toEqual(['streamStarted', 'callEnded']);
});

function notesOf(name: string): readonly { readonly [member: string]: unknown }[] {
  return recordedFixture(name).steps.flatMap(({ effects }) => effects.filter(({ type }) => type === 'note'));
}
