import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { type CallerScript, parseCallerScript } from './caller/caller-script.ts';
import { loadCallerClips } from './caller/caller-clips.ts';
import type { DialOutcomes } from './carrier/dialling.ts';
import { loadAgentClips } from './model/agent-clips.ts';
import { parseScript, type Script } from './model/script.ts';
import type { Clip } from './model/speech-plan.ts';

const ms = z.number().min(0);

const dialOutcome = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('answered'), ringMs: ms, talkMs: ms }),
  z.strictObject({ type: z.literal('busy'), afterMs: ms }),
  z.strictObject({ type: z.literal('failed'), afterMs: ms }),
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

/** Reads `fixtures/scenarios/<name>.json`. Throws an error that names every unknown key and wrong value with its path. */
export function loadScenario(name: string): Scenario {
  const url = new URL(`../../fixtures/scenarios/${name}.json`, import.meta.url);
  const { why, caller, model, dialOutcomes } = scenarioFile.parse(JSON.parse(readFileSync(url, 'utf8')));
  const callerClips = loadCallerClips();
  const agentClips = loadAgentClips();
  return {
    why,
    caller: parseCallerScript(caller, callerClips.keys()),
    model: parseScript(model, [...agentClips.keys()]),
    dialOutcomes,
    callerClips,
    agentClips,
  };
}
