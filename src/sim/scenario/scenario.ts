import { readdirSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { type CallerScript, parseCallerScript } from '../caller/caller-script.ts';
import { loadCallerClips } from '../caller/caller-clips.ts';
import type { DialOutcomes } from '../carrier/verbs/dialling.ts';
import { loadAgentClips } from '../model/speech/agent-clips.ts';
import { parseScript, type Script } from '../model/script/script.ts';
import type { Clip } from '../model/speech/speech-plan.ts';
import { dialOutcomeForms } from './dial-outcome.ts';

const ms = z.number().min(0);

const dialOutcome = z.discriminatedUnion('type', [
  ...dialOutcomeForms(ms),
  z.strictObject({ type: z.literal('no-answer') }),
]);

const scenarioFile = z.strictObject({
  /** What the scenario shows, in one sentence. */
  why: z.string(),
  caller: z.unknown(),
  model: z.unknown(),
  dialOutcomes: z.record(z.string(), dialOutcome).default({}),
});

/** A call as data: what the caller does, what the model says, who takes a transfer, and the recorded speech for all of it. */
export interface Scenario {
  readonly why: string;
  readonly caller: CallerScript;
  readonly model: Script;
  readonly dialOutcomes: DialOutcomes;
  readonly callerClips: ReadonlyMap<string, Uint8Array>;
  readonly agentClips: ReadonlyMap<string, Clip>;
}

const folder = new URL('../../../fixtures/scenarios/', import.meta.url);

/** The scenarios that can be loaded, by name. */
export function scenarioNames(): string[] {
  return readdirSync(folder).flatMap((file) => (file.endsWith('.json') ? [file.slice(0, -'.json'.length)] : []));
}

/** Reads `fixtures/scenarios/<name>.json`. Throws an error that names every unknown key and wrong value with its path. */
export function loadScenario(name: string): Scenario {
  const { why, caller, dialOutcomes } = readScenario(name);
  const callerClips = loadCallerClips();
  return {
    why,
    caller: parseCallerScript(caller, callerClips.keys(), 'caller'),
    dialOutcomes,
    callerClips,
    ...loadAgentPart(name),
  };
}

/** The model of a scenario and its speech, without the caller: all that a service without a key needs. Throws as `loadScenario` does. */
export function loadAgentPart(name: string): Pick<Scenario, 'model' | 'agentClips'> {
  const agentClips = loadAgentClips();
  return { model: parseScript(readScenario(name).model, [...agentClips.keys()], 'model'), agentClips };
}

function readScenario(name: string): z.output<typeof scenarioFile> {
  return scenarioFile.parse(JSON.parse(readFileSync(new URL(`${name}.json`, folder), 'utf8')));
}
