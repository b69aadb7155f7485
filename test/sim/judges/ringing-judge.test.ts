import { describe, expect, test } from 'vitest';
import type { CallEffect } from '../../../src/call/effects.ts';
import { FaultPlan } from '../../../src/sim/faults/fault-plan.ts';
import type { Fault } from '../../../src/sim/faults/fault.ts';
import { RingingJudge } from '../../../src/sim/judges/ringing-judge.ts';
import { simulateCall } from '../../../src/sim/run/call.ts';
import { sounds } from '../../../src/sim/run/seed.ts';
import { parseWorldScenario, type WorldScenario } from '../../../src/sim/scenario/world-scenario.ts';

const voice = { id: 1, path: '/twilio/voice' };

function scenarioWith(faults: readonly Fault[], context: WorldScenario['context'] = { customer: 'Ann Lee' }) {
  return parseWorldScenario(
    {
      why: 'A server is asked about the caller.',
      caller: { steps: [{ pauseMs: 6_000 }, { hangUp: true }] },
      model: { turns: [{ steps: [{ say: 'hello' }] }] },
      settings: { greeting: 'Hello {{customer}}!' },
      faults,
      context,
    },
    sounds,
  );
}

/** What a judge finds wrong with a call. */
function judged(faults: readonly Fault[], happens: (judge: RingingJudge) => void, context = true): string[] {
  const broken: string[] = [];
  const scenario = scenarioWith(faults, context ? undefined : null);
  happens(new RingingJudge(scenario, new FaultPlan(faults), (sentence) => void broken.push(sentence)));
  return broken;
}

function ringsOnly(judge: RingingJudge): void {
  judge.requested(voice, 0);
  judge.checkEnd();
}

function tells(text: string): readonly CallEffect[] {
  return [{ type: 'model.sendText', prompts: ['greeting'], text }];
}

describe('the judge of ringing finds', () => {
  test.for([
    [1_750, true, 0],
    [1_751, true, 1],
    [250, false, 0],
    [251, false, 1],
  ] as const)('that %d ms of ringing are more than is promised, or not', ([ms, context, count]) => {
    const happens = (judge: RingingJudge): void => {
      judge.requested(voice, 100);
      judge.answered(voice.id, 100 + ms);
    };
    expect(judged([], happens, context)).toHaveLength(count);
  });

  test('a caller who gets no answer', () => {
    expect(judged([], ringsOnly)).toEqual(['a caller got no answer']);
  });

  test.for([
    ['the default although the server was in time', [], 'Hello our customer!', 1],
    ['what the server said in time', [], 'Hello Ann Lee!', 0],
    ['what the server said too late', [{ fault: 'contextSlow', byMs: 2_000 }], 'Hello Ann Lee!', 1],
    ['what a server said that is broken', [{ fault: 'contextFails', how: 'notJson' }], 'Hello Ann Lee!', 1],
    ['a placeholder', [{ fault: 'contextSlow', byMs: 2_000 }], 'Hello {{customer}}!', 1],
  ] as const)('%s', ([, faults, text, count]) => {
    expect(judged(faults, (judge) => judge.step(tells(text)))).toHaveLength(count);
  });
});

test.for([
  ['in time', [{ fault: 'contextSlow', byMs: 1_300 }], 'Hello Ann Lee!'],
  ['late', [{ fault: 'contextSlow', byMs: 3_000 }], 'Hello our customer!'],
  ['never', [{ fault: 'contextFails', how: 'never' }], 'Hello our customer!'],
  ['away', [{ fault: 'contextFails', how: 'refused' }], 'Hello our customer!'],
] as const)('the caller of a server that is %s is greeted', ([, faults, greeting]) => {
  const told: string[] = [];
  const { broken } = simulateCall(scenarioWith(faults), {
    observer: {
      onStep: (_atMs, _event, effects) => {
        for (const effect of effects) if (effect.type === 'model.sendText') told.push(effect.text);
      },
    },
  });
  expect(broken).toEqual([]);
  expect(told[0]).toContain(greeting);
});
