import { describe, expect, test } from 'vitest';
import { FaultPlan } from '../../../../src/sim/faults/fault-plan.ts';
import { standardAudioPath } from '../../../../src/sounds/standard-audio-path.ts';
import { WorldWatch } from '../../../../src/sim/judges/world-watch.ts';
import { simulateCall } from '../../../../src/sim/run/call.ts';
import { scenarioOfSeed, sounds } from '../../../../src/sim/run/seed.ts';
import { parseWorldScenario } from '../../../../src/sim/scenario/world-scenario.ts';
import { brokenCalls } from './broken-calls.ts';

describe('a simulated call that breaks by a fault of the service', () => {
  // Two short calls. `broken-call.slow.test.ts` has more of them.
  brokenCalls([205, 206]);

  test('once its goodbye was said, needs no apology', () => {
    const scenario = scenarioOfSeed(1);
    const { broken, endReason } = simulateCall(
      {
        ...scenario,
        caller: { steps: [{ pauseMs: 60_000 }] },
        settings: { ...scenario.settings, callMsMax: 6_000 },
        // The answer to the REST request is faster than the news that the call is over.
        faults: [
          { fault: 'latency', link: 'rest', ms: 5, jitterMs: 0 },
          { fault: 'webhookLate', purpose: 'connectAction', byMs: 12_000 },
          { fault: 'callBroken', atMs: 0, door: 'redirected' },
        ],
      },
      { hashes: false },
    );
    expect({ broken, endReason }).toEqual({ broken: [], endReason: null });
  });

  test('is not excused for hanging up without a word', () => {
    const faults = new FaultPlan([{ fault: 'callBroken', atMs: 0, door: 'stream' }]);
    const watch = new WorldWatch(scenarioOfSeed(1), faults, standardAudioPath.codec, true);
    expect(faults.breaks('stream.onMessage', 10)).toBe(true);
    watch.note({ kind: 'call.ended', atMs: 20, reason: 'hangupVerb', status: 'completed' });
    watch.checkEnd([]);
    expect(watch.broken).toEqual(['the caller was hung up on without a word (broken)']);
  });
});

test('a call stays with the process that stands still when the one in its place is killed', () => {
  const faults = [
    { fault: 'serviceFrozen', atMs: 9_000, forMs: 1_000 },
    { fault: 'serviceKilled', atMs: 9_450, downMs: 300, meanwhile: 'refused' },
  ] as const;
  const calls = [15, 53, 60, 64].map((seed) => simulateCall({ ...scenarioOfSeed(seed), faults }, { hashes: false }));
  expect(calls.flatMap(({ broken }) => broken)).toEqual([]);
});

test('a model that gets the words of a caller whose call was taken over need not be asked to greet', () => {
  const call = { name: 'lookup_record', args: { query: 'A1042' }, answered: [] };
  const input = {
    why: 'No session has said a word when the third one opens, and the caller speaks meanwhile.',
    caller: {
      steps: [
        { pauseMs: 2_000 },
        { say: 'yes' },
        { pauseMs: 7_400 },
        { say: 'sentence' },
        { pauseMs: 10_000 },
        { hangUp: true },
      ],
    },
    model: {
      turns: [{ steps: [{ say: 'hello' }] }, { steps: [{ call }] }, { heard: 'Yes.', steps: [{ say: 'short' }] }],
      repeat: true,
      latencyMs: 1_000,
      sessions: [{ firstTurn: 1 }, { lifeMs: 1_222 }, { refuseHandle: 'internalError' }],
    },
    faults: [
      { fault: 'latency', link: 'model', ms: 325, jitterMs: 0 },
      { fault: 'serviceRestarted', atMs: 6_500, downMs: 111 },
    ],
  };
  const { broken, modelSessions } = simulateCall(parseWorldScenario(input, sounds));
  expect(broken).toEqual([]);
  expect(modelSessions.at(-1)?.audio.speech.length).toBeGreaterThan(0);
});
