import { z } from 'zod';
import type { CallSettings } from '../../call/call-settings.ts';
import { type Destination, plainTarget, ringSecondsUsual, usualAnnouncement } from '../../call/phone/destination.ts';
import { usualBargeIn } from '../../call/turns/barge-in-rule.ts';
import { type CallerScript, parseCallerScript } from '../caller/caller-script.ts';
import type { DialOutcomes } from '../carrier/verbs/dialling.ts';
import { type Fault, faultSchema } from '../faults/fault.ts';
import { parseScript, type Script } from '../model/script/script.ts';
import { dialOutcomeForms } from './dial-outcome.ts';
import { simulatedTerms } from './pretended-tools.ts';
import { problemsText, readForm } from './read-form.ts';
import { type PlannedRequest, requestSchema } from './timetable.ts';
import type { Clip } from '../model/speech/speech-plan.ts';
import { type ToolPlan, toolPlanSchema } from '../world/tool-desk.ts';

const ms = z.int().min(0).max(3_600_000);

const dialOutcome = z.discriminatedUnion('type', [
  ...dialOutcomeForms(ms),
  z.strictObject({ type: z.literal('no-answer'), afterMs: ms }),
]);

const fallback = z.strictObject({
  number: z.string().nullable().default(null),
  voicemail: z
    .strictObject({
      prompt: z.string().default('Please leave a message.'),
      thanks: z.string().default('Thank you.'),
      secondsMax: z.int().min(5).max(600).default(120),
    })
    .nullable()
    .default(null),
});

const behavior = z.strictObject({
  greeting: z.enum(['onRequest', 'byItself']).default('onRequest'),
  turnEnd: z.enum(['turnCompleted', 'interactionIdle']).default('turnCompleted'),
  callerAudio: z.enum(['unbroken', 'mayPause']).default('unbroken'),
  pictures: z.enum(['taken', 'shortenSession', 'refused']).default('taken'),
  turnDetection: z.enum(['automatic', 'manual']).default('automatic'),
});

const patience = z.strictObject({
  toneMs: ms.default(1_500),
  phraseMs: ms.default(4_000),
  stepMs: ms.default(4_000),
  idleMs: ms.default(15_000),
  setupMs: ms.default(4_000),
  outageMs: ms.default(15_000),
});

const target = z.strictObject({
  kind: z.enum(['number', 'sip']).default('number'),
  address: z.string(),
  callerId: z.string().nullable().default(null),
  ringSeconds: z.int().min(5).max(60).default(ringSecondsUsual),
  digits: z.string().default(''),
});

/** A number alone is called, and whoever answers has the caller. */
const destination = z.union([
  z.string().transform((number): Destination => ({
    targets: [plainTarget(number)],
    accept: 'none',
    announcement: usualAnnouncement,
    language: null,
  })),
  z.strictObject({
    targets: z.array(target).min(1),
    accept: z.enum(['press1', 'none']).default('press1'),
    announcement: z.string().default(usualAnnouncement),
    language: z.string().nullable().default(null),
  }),
]);

const settings = z.strictObject({
  greeting: z.string().default('Hello, this is Parley.'),
  apology: z.string().default('I am sorry.'),
  caller: z.string().nullable().default('+15550123'),
  destinations: z.record(z.string(), destination).prefault({ support: '+15550100', sales: '+15550101' }),
  fallback: fallback.prefault({}),
  callMsMax: ms.default(30_000),
  model: z.strictObject({ first: behavior.prefault({}), fallback: behavior.nullable().default(null) }).prefault({}),
  sessionMsMax: ms.default(540_000),
  patience: patience.prefault({}),
  /** `off` leaves it to the model when the agent yields. */
  bargeIn: z
    .enum(['usual', 'off'])
    .default('usual')
    .transform((how) => (how === 'off' ? null : usualBargeIn)),
});

/** What is configured at the phone network for the number that is called. */
const number = z.strictObject({
  /** The fragment of the voice URL, as in `#rc=2&rp=5xx` (TW-HOOK-6). */
  voiceOverrides: z
    .string()
    .regex(/^(?:#.*)?$/)
    .default(''),
  /** What the fallback answers, which is always there; null for a number without one (TW-HOOK-3). */
  fallbackTwiml: z.string().nullable().default(null),
});

const file = z.strictObject({
  /** What the call shows, in one sentence. */
  why: z.string(),
  caller: z.unknown(),
  model: z.unknown(),
  dialOutcomes: z.record(z.string(), dialOutcome).default({}),
  tools: z.array(toolPlanSchema).default([]),
  faults: z.array(faultSchema).default([]),
  /** What an operator orders, and what the caller shows. */
  requests: z.array(requestSchema).default([]),
  settings: settings.prefault({}),
  /** What a server of the admin knows of the call, for the greeting; null when nobody is asked. */
  context: z.record(z.string(), z.string()).nullable().default(null),
  number: number.prefault({}),
  /** What the recogniser of `<Gather input="speech">` understands, one text after the other. */
  speechResults: z.array(z.string()).default([]),
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
  readonly requests: readonly PlannedRequest[];
  readonly settings: CallSettings;
  readonly context: Readonly<Record<string, string>> | null;
  readonly number: z.output<typeof number>;
  readonly speechResults: readonly string[];
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
  const read = readForm(file, value);
  if ('problems' in read) throw new WorldScenarioError(problemsText(read.problems, null));
  const { caller, model, ...rest } = read.value;
  return {
    ...rest,
    settings: { ...rest.settings, tools: simulatedTerms },
    caller: parseCallerScript(caller, sounds.caller.keys(), 'caller'),
    model: parseScript(model, [...sounds.agent.keys()], 'model'),
    sounds,
  };
}
