import { z } from 'zod';
import { closeReasons } from './close-reasons.ts';
import type { CloseFrame } from './close-reasons.ts';

// What the simulated model says and does, as data: a script can stand in a JSON file, and every fault is a part of it (GM-FAULT-1).

const durationMs = z.number().min(0);

const closesByName: ReadonlyMap<string, CloseFrame> = new Map(Object.entries(closeReasons));
const closeName = z.string().transform((name, context) => {
  const frame = closesByName.get(name);
  if (frame !== undefined) return frame;
  context.addIssue(`there is no close named ${name}`);
  return z.NEVER;
});

const close = z.union([closeName, z.strictObject({ code: z.int(), reason: z.string() })]);

/** Something that happens at one moment. */
const instantStep = z.union([
  /** Any JSON message: unknown keys, a phantom `interrupted`, a text part, `RESPONSE_REJECTED`. */
  z.strictObject({ send: z.record(z.string(), z.unknown()) }),
  /** A frame with this text, JSON or not. */
  z.strictObject({ sendText: z.string() }),
  /** Announces the end; the session closes with `deadlineExpired` when the time is up (GM-GOAWAY-1). */
  z.strictObject({ goAway: z.strictObject({ timeLeftMs: durationMs }) }),
  z.strictObject({ close }),
  /** The connection is lost without a close frame. */
  z.strictObject({ drop: z.literal(true) }),
  /** From here on the model transcribes the caller and never answers. */
  z.strictObject({ mute: z.literal(true) }),
]);

const say = z.strictObject({
  /** A clip's name. */
  say: z.string(),
  /** What the output transcription says; the clip's own words if left out. */
  text: z.string().optional(),
  /** Factor on every sample: 0.001 is the answer that nobody can hear. */
  gain: z.number().min(0).optional(),
  /** Sending speed as a multiple of real time. Below 1 the caller's side runs dry. */
  speed: z.number().positive().optional(),
  /** Nothing is sent for a while once so much of the clip has been sent. */
  stall: z.strictObject({ afterMs: durationMs, forMs: durationMs }).optional(),
  /** Messages are cut one byte off the sample. */
  oddSplit: z.literal(true).optional(),
});

const wait = z.strictObject({ waitMs: durationMs });

const toolRequest = z.strictObject({
  name: z.string(),
  args: z.record(z.string(), z.unknown()).default({}),
  /** What the model does with the answer. After a blocking call the turn goes on anyway; a non-blocking one opens a turn with it. */
  answered: z.array(z.union([say, wait])).default([]),
});

const call = z.strictObject({
  /** One tool call, or several in one message. */
  call: z.union([toolRequest.transform((request) => [request]), z.array(toolRequest).min(1)]),
});

const step = z.union([say, wait, call, instantStep]);

const turn = z.strictObject({
  /** What the caller said to get this turn: the text of the input transcription. */
  heard: z.string().optional(),
  steps: z.array(step).default([]),
  /** From the end of the caller's turn to the first step. */
  latencyMs: durationMs.optional(),
  /** `never` leaves out generationComplete and turnComplete; `early` sends turnComplete without waiting for playback. */
  ends: z.enum(['onTime', 'early', 'never']).default('onTime'),
  turnCompleteReason: z.string().optional(),
});

const script = z.strictObject({
  /** Turn 0 answers the greeting, then one turn for each completed turn of the caller. */
  turns: z.array(turn),
  /** Begin again with turn 1 when all are used. Otherwise the model stays silent. */
  repeat: z.boolean().default(false),
  /** From the setup to setupComplete; `never` leaves the setup without an answer. */
  setupMs: z.union([durationMs, z.literal('never')]).default(300),
  /** The setup is refused instead, as an old handle or an empty account is. */
  refuseSetup: close.optional(),
  latencyMs: durationMs.default(900),
  /** Sending speed as a multiple of real time (GM-AUDIO-2). */
  speed: z.number().positive().default(4),
  /** Where a reply's words come against its audio (GM-TURN-3). */
  transcripts: z.enum(['withAudio', 'ahead', 'behind']).default('withAudio'),
  /** From the end of the caller's turn to the last fragment of what was heard. */
  heardMs: durationMs.default(400),
  /** What follows an interruption (GM-TURN-2). */
  interruption: z.enum(['thenTurnComplete', 'alone', 'afterTurnComplete']).default('thenTurnComplete'),
  /** Audio messages of the interrupted turn that still arrive after `interrupted`. */
  lateMessages: z.int().min(0).default(0),
  /** Two audio parts a message, and tool calls and generationComplete in the same message as the audio before them (GM-FRAME-2). */
  bundled: z.boolean().default(false),
  /** Speech shorter than this is not noticed. */
  deafToMs: durationMs.default(0),
  /** What happens at a time of its own, counted from setupComplete. */
  timed: z.array(z.strictObject({ atMs: durationMs, step: instantStep })).default([]),
});

export type Script = z.output<typeof script>;
/** A script as it is written, defaults left out. */
export type ScriptInput = z.input<typeof script>;
export type Turn = Script['turns'][number];
export type Step = Turn['steps'][number];
export type SayStep = Extract<Step, { say: unknown }>;
export type InstantStep = Script['timed'][number]['step'];
export type ToolRequest = Extract<Step, { call: unknown }>['call'][number];

/** A script that cannot be used; the message names every faulty place. */
class ScriptError extends Error {
  override readonly name = 'ScriptError';
}

/** Reads a script and fills in its defaults. Throws a ScriptError that names unknown keys and clips with their paths. */
export function parseScript(value: unknown, clipNames: readonly string[]): Script {
  const parsed = script.safeParse(value);
  if (!parsed.success) throw new ScriptError(z.prettifyError(parsed.error));
  const missing = parsed.data.turns.flatMap((each) => clipsOf(each.steps)).filter((name) => !clipNames.includes(name));
  if (missing.length > 0) throw new ScriptError(`No such clip: ${missing.join(', ')}`);
  return parsed.data;
}

function clipsOf(steps: readonly Step[]): string[] {
  return steps.flatMap((each) => {
    if ('say' in each) return [each.say];
    return 'call' in each ? each.call.flatMap((request) => clipsOf(request.answered)) : [];
  });
}
