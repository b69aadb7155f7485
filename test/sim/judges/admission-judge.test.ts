import { expect, test } from 'vitest';
import type { Fault } from '../../../src/sim/faults/fault.ts';
import { FaultPlan } from '../../../src/sim/faults/fault-plan.ts';
import { AdmissionJudge } from '../../../src/sim/judges/admission-judge.ts';
import { simulateCall } from '../../../src/sim/run/call.ts';
import { sounds } from '../../../src/sim/run/seed.ts';
import { parseWorldScenario, type WorldScenarioInput } from '../../../src/sim/scenario/world-scenario.ts';

const voice = { path: '/twilio/voice' };
const late: Fault = { fault: 'processLate', atMs: 1_000, forMs: 1_000, byMs: 101 };

function judged(faults: readonly Fault[], happens: (judge: AdmissionJudge) => void): string[] {
  const broken: string[] = [];
  happens(new AdmissionJudge({ context: null }, new FaultPlan(faults), (sentence) => void broken.push(sentence)));
  return broken;
}

test.for([
  ['was in time', 999, 'rejected', ['the call was refused for no reason']],
  ['was late', 1_000, 'rejected', []],
  ['was late', 1_999, 'hangupVerb', []],
  ['had recovered', 2_000, 'rejected', ['the call was refused for no reason']],
  ['was late and said nothing', 1_500, 'documentEnded', ['the call was refused in silence (documentEnded)']],
] as const)('a refusal of a process that %s', ([, atMs, reason, broken]) => {
  const happens = (judge: AdmissionJudge): void => {
    judge.requested(voice, atMs);
    judge.refused(reason);
  };
  expect(judged([late], happens)).toEqual(broken);
});

function taken(...timesMs: readonly number[]): string[] {
  return judged([late], (judge) => {
    for (const atMs of timesMs) judge.requested(voice, atMs);
    judge.taken();
  });
}

test('a late process takes no call but one that came in time as well', () => {
  expect(taken(1_500)).toEqual(['a process that was too late took a call']);
  expect(taken(1_500, 2_500)).toEqual([]);
  expect(taken(500)).toEqual([]);
});

const stays: WorldScenarioInput = {
  why: 'The process is late.',
  caller: { steps: [{ pauseMs: 6_000 }, { hangUp: true }] },
  model: { turns: [{ steps: [{ say: 'hello' }] }] },
};

test.for([
  ['before the call comes, and refuses it', 0, 0],
  ['when the stream of a call arrives, and keeps it', 60, 1],
] as const)('a simulated process is late %s', ([, atMs, streams]) => {
  const faults: Fault[] = [{ fault: 'processLate', atMs, forMs: 3_000, byMs: 200 }];
  const call = simulateCall(parseWorldScenario({ ...stays, faults }, sounds));
  expect(call.broken).toEqual([]);
  expect(call.streams).toHaveLength(streams);
});
