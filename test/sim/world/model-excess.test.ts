import { expect, test } from 'vitest';
import type { ErrorCode } from '../../../src/errors.ts';
import type { ScriptInput } from '../../../src/sim/model/script/script.ts';
import { simulateCall } from '../../../src/sim/run/call.ts';
import { sounds } from '../../../src/sim/run/seed.ts';
import { parseWorldScenario } from '../../../src/sim/scenario/world-scenario.ts';

type Step = NonNullable<ScriptInput['timed']>[number]['step'];

const cut: readonly Step[] = [
  { excess: 'messages', count: 6_000 },
  { excess: 'frameChars', count: 1_100_000 },
  { excess: 'parts', count: 257 },
  { excess: 'parts', count: 70_000 },
  { excess: 'toolCalls', count: 33 },
  { excess: 'levels', count: 65 },
];

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

test.for(cut)('a model of which every session sends %o is left for the fallback after three', (step) => {
  const { call } = play({ timed: [{ atMs: 3_000, step }] });
  expect([call.broken, call.endReason, call.modelSessions.length]).toEqual([[], 'apologised', 3]);
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

/** A caller who asks once, waits for the answer, and hangs up. */
function play(model: Partial<ScriptInput>) {
  const faults: ErrorCode[] = [];
  const scenario = parseWorldScenario(
    {
      why: 'The model sends more than it may.',
      caller: { steps: [{ pauseMs: 6_000 }, { say: 'yes' }, { pauseMs: 12_000 }, { hangUp: true }] },
      model: { turns: [{ steps: [{ say: 'hello' }] }, { steps: [{ say: 'short' }] }], ...model },
      settings: { callMsMax: 60_000 },
    },
    sounds,
  );
  const call = simulateCall(scenario, {
    observer: {
      onStep: (_atMs, event) => void (event.type === 'model.frameRejected' && faults.push(event.fault)),
    },
  });
  return { call, faults };
}
