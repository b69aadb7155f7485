import { z } from 'zod';
import type { CallSettings } from '../../core/call-settings.ts';
import { type CallerScript, parseCallerScript } from '../caller/caller-script.ts';
import type { DialOutcomes } from '../carrier/dialling.ts';
import { type Fault, faultSchema } from '../faults/fault.ts';
import { parseScript, type Script } from '../model/script.ts';
import type { Clip } from '../model/speech-plan.ts';
import { type ToolPlan, toolPlanSchema } from './tool-desk.ts';

const ms = z.int().min(0).max(3_600_000);

const dialOutcome = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('answered'), ringMs: ms, talkMs: ms }),
  z.strictObject({ type: z.literal('busy'), afterMs: ms }),
  z.strictObject({ type: z.literal('failed'), afterMs: ms }),
  z.strictObject({ type: z.literal('no-answer'), afterMs: ms }),
]);

const settings = z.strictObject({
  greeting: z.string().default('Hello, this is Parley.'),
  apology: z.string().default('I am sorry.'),
  destinations: z.record(z.string(), z.string()).default({ support: '+15550100', sales: '+15550101' }),
  fallbackDestination: z.string().nullable().default(null),
  callMsMax: ms.default(30_000),
});

const file = z.strictObject({
  /** What the call shows, in one sentence. */
  why: z.string(),
  caller: z.unknown(),
  model: z.unknown(),
  dialOutcomes: z.record(z.string(), dialOutcome).default({}),
  tools: z.array(toolPlanSchema).default([]),
  faults: z.array(faultSchema).default([]),
  settings: settings.prefault({}),
  /** Decides identifiers and jitter. */
  seed: z.int().min(0).default(1),
});

/** One simulated call as data, its sounds beside it: who does what, and what goes wrong. */
export interface WorldScenario {
  readonly why: string;
  readonly caller: CallerScript;
  readonly model: Script;
  readonly dialOutcomes: DialOutcomes;
  readonly tools: readonly ToolPlan[];
  readonly faults: readonly Fault[];
  readonly settings: CallSettings;
  readonly seed: number;
  readonly sounds: Sounds;
}

/** A scenario as it is written, defaults left out; `caller` and `model` are the scripts of the simulators. */
export type WorldScenarioInput = z.input<typeof file>;

/** What caller and agent can say, by name. */
export interface Sounds {
  /** 8 kHz mu-law. */
  readonly caller: ReadonlyMap<string, Uint8Array>;
  readonly agent: ReadonlyMap<string, Clip>;
}

/** A scenario that cannot be used; the message names every wrong place by its path. */
class WorldScenarioError extends Error {
  override readonly name = 'WorldScenarioError';
}

/** Reads a scenario. Throws an error that names every unknown key and wrong value with its path. */
export function parseWorldScenario(value: unknown, sounds: Sounds): WorldScenario {
  const parsed = file.safeParse(value);
  if (!parsed.success) throw new WorldScenarioError(z.prettifyError(parsed.error));
  const { caller, model, ...rest } = parsed.data;
  return {
    ...rest,
    caller: parseCallerScript(caller, sounds.caller.keys()),
    model: parseScript(model, [...sounds.agent.keys()]),
    sounds,
  };
}
