import { expect, test } from 'vitest';
import { simulateCall } from '../../../src/sim/run/call.ts';
import { sounds } from '../../../src/sim/run/seed.ts';
import { parseWorldScenario } from '../../../src/sim/scenario/world-scenario.ts';

/** A caller who interrupts what the agent says while a tool takes so long. */
function bargeIn(toolMs: number) {
  const call = { name: 'search_archive', args: { what: '1926' }, answered: [{ say: 'short' }] };
  const scenario = parseWorldScenario(
    {
      why: 'A caller interrupts the agent while a tool runs.',
      caller: {
        steps: [
          { waitFor: 'agentSpeaking' },
          { waitFor: 'agentQuiet', ms: 300 },
          { say: 'yes' },
          { waitFor: 'agentSpeaking' },
          { pauseMs: 900 },
          { say: 'interrupting' },
          { pauseMs: 12_000 },
          { hangUp: true },
        ],
      },
      model: {
        turns: [{ steps: [{ say: 'hello' }] }, { steps: [{ call }, { say: 'long' }] }],
        latencyMs: 300,
        bundled: true,
      },
      tools: [{ afterMs: toolMs }],
      settings: { model: { first: { greeting: 'byItself', turnEnd: 'interactionIdle' } } },
    },
    sounds,
  );
  const seen = { clearedAtMs: 0, toolAtMs: 0, escalations: 0, cancelled: 0 };
  const { broken, modelSessions } = simulateCall(scenario, {
    observer: {
      onStep(atMs, event, effects) {
        if (event.type === 'tool.finished') seen.toolAtMs = atMs;
        for (const effect of effects) {
          if (event.type === 'model.interrupted' && effect.type === 'stream.clear') seen.clearedAtMs = atMs;
          if (effect.type === 'note' && effect.name === 'escalated') seen.escalations += 1;
          if (effect.type === 'tool.cancel') seen.cancelled += 1;
        }
      },
    },
  });
  return { ...seen, broken, sessions: modelSessions.length };
}

test('while a tool runs for eight seconds, a barge-in stops the agent at the same moment as without it', () => {
  const slow = bargeIn(8_000);
  const quick = bargeIn(1);
  expect(slow.clearedAtMs).toBeGreaterThan(0);
  expect(slow.clearedAtMs).toBe(quick.clearedAtMs);
  expect(slow.clearedAtMs).toBeLessThan(slow.toolAtMs);
  expect(slow).toMatchObject({ broken: [], escalations: 0, cancelled: 0, sessions: 1 });
});
