import { expect, test } from 'vitest';
import type { ErrorCode } from '../../../../src/errors.ts';
import { cut, endOfEndless, play, type Step } from './excess.ts';

const borne: readonly (readonly [Step, faults: readonly ErrorCode[]])[] = [
  [{ excess: 'idChars', count: 1_000_000 }, ['model.frameInvalid']],
  [{ excess: 'handleChars', count: 1_000_000 }, ['model.frameInvalid']],
  [{ excess: 'transcriptChars', count: 1_000_000 }, []],
];

test.for(cut)('a session that sends %o is followed by another, and the call goes on', (step) => {
  const { call, faults } = play({ sessions: [{ timed: [{ atMs: 3_000, step }] }] });
  expect([call.broken, call.endReason, call.modelSessions.length]).toEqual([[], 'callerHungUp', 2]);
  expect(faults).toEqual(['model.overBudget']);
});

test('a model of which every session sends too much is left for the fallback after three', () => {
  expect(endOfEndless({ excess: 'parts', count: 257 })).toEqual([[], 'apologised', 3]);
});

test.for(borne)('a session that sends %o goes on', ([step, expected]) => {
  const { call, faults } = play({ timed: [{ atMs: 3_000, step }] });
  expect([call.broken, call.endReason, call.modelSessions.length]).toEqual([[], 'callerHungUp', 1]);
  expect(faults).toEqual(expected);
});

test('a tool call with too many arguments is refused, and the model says so', () => {
  const call = { name: 'lookup_record', args: { query: 'x'.repeat(20_000) }, answered: [{ say: 'short' }] };
  const { call: played } = play({ turns: [{ steps: [{ say: 'hello' }] }, { steps: [{ call }] }] });
  expect([played.broken, played.endReason]).toEqual([[], 'callerHungUp']);
  const [session, ...others] = played.modelSessions;
  expect([session?.history.at(-1)?.text, others]).toEqual(['These are the words of short.', []]);
});
