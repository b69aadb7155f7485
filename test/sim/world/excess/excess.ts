import type { ErrorCode } from '../../../../src/errors.ts';
import type { ScriptInput } from '../../../../src/sim/model/script/script.ts';
import { simulateCall } from '../../../../src/sim/run/call.ts';
import { sounds } from '../../../../src/sim/run/seed.ts';
import { parseWorldScenario } from '../../../../src/sim/scenario/world-scenario.ts';

/** What a model sends at some moment. */
export type Step = NonNullable<ScriptInput['timed']>[number]['step'];

/** More than a session may send. */
export const cut: readonly Step[] = [
  { excess: 'messages', count: 6_000 },
  { excess: 'frameChars', count: 1_100_000 },
  { excess: 'parts', count: 257 },
  { excess: 'parts', count: 70_000 },
  { excess: 'toolCalls', count: 33 },
  { excess: 'levels', count: 65 },
];

/** What becomes of a call of whose model every session sends this: what broke, its end, and how many sessions it had. */
export function endOfEndless(step: Step) {
  const { call } = play({ timed: [{ atMs: 3_000, step }] });
  return [call.broken, call.endReason, call.modelSessions.length];
}

/** A caller who asks once, waits for the answer, and hangs up. */
export function play(model: Partial<ScriptInput>) {
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
