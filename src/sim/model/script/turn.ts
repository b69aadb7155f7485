import { z } from 'zod';
import { closeReasons } from '../protocol/close-reasons.ts';
import type { CloseFrame } from '../protocol/close-reasons.ts';
import { excessKinds } from './excess.ts';

// What a turn of the simulated model is made of, as data. A fault is a step or a field like any other (GM-FAULT-1).

/** A time that something takes or happens at. */
export const durationMs = z.number().min(0);

const closesByName: ReadonlyMap<string, CloseFrame> = new Map(Object.entries(closeReasons));
const closeFrame = z.strictObject({ code: z.int(), reason: z.string() });

/** A close of the service: a name of `closeReasons`, or a code and a reason. */
export const closeSchema = z.union([z.string(), closeFrame]).transform((close, context): CloseFrame => {
  if (typeof close !== 'string') return close;
  const frame = closesByName.get(close);
  if (frame !== undefined) return frame;
  context.addIssue(`there is no close named ${close}`);
  return z.NEVER;
});

/**
 * What brings a model that no longer answers back to its senses: a new text or word of the caller (`no` deafness), a resumed session, a
 * fresh one, or nothing.
 */
export const deafness = z.enum(['no', 'untilResume', 'untilFresh', 'always']);

/** Something that happens at one moment. */
export const instantStepSchema = z.union([
  /** Any JSON message: unknown keys, a text part, `RESPONSE_REJECTED`. */
  z.strictObject({ send: z.record(z.string(), z.unknown()) }),
  /** A frame with this text, JSON or not. */
  z.strictObject({ sendText: z.string() }),
  /** Announces the end; the session closes with `deadlineExpired` when the time is up (GM-GOAWAY-1). */
  z.strictObject({ goAway: z.strictObject({ timeLeftMs: durationMs }) }),
  z.strictObject({ close: closeSchema }),
  /** The connection is lost without a close frame. */
  z.strictObject({ drop: z.literal(true) }),
  /** From here on the model transcribes the caller and never answers; `true` is `untilResume`. */
  z.strictObject({ mute: z.union([z.literal(true), deafness.exclude(['no'])]) }),
  /** `interrupted` without any cause: what the model was saying ends there. */
  z.strictObject({ interrupt: z.literal(true) }),
  /** So many messages, parts or the like, or a thing of so many characters, as no model sends. */
  z.strictObject({ excess: z.enum(excessKinds), count: z.int().min(1) }),
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
  /** Only so much of the clip is sent, to a whole message. */
  untilMs: durationMs.optional(),
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

const step = z.union([say, wait, call, instantStepSchema]);

/** One turn of the model. */
export const turnSchema = z.strictObject({
  /** What the caller said to get this turn: the text of the input transcription. */
  heard: z.string().optional(),
  steps: z.array(step).default([]),
  /** From the end of the caller's turn to the first step. */
  latencyMs: durationMs.optional(),
  /** `never` leaves out generationComplete and turnComplete; `early` sends turnComplete without waiting for playback. */
  ends: z.enum(['onTime', 'early', 'never']).default('onTime'),
  turnCompleteReason: z.string().optional(),
});

export type Turn = z.output<typeof turnSchema>;
export type TurnStep = Turn['steps'][number];
export type SayStep = z.output<typeof say>;
export type InstantStep = z.output<typeof instantStepSchema>;
export type ToolRequest = z.output<typeof toolRequest>;
export type Deafness = z.output<typeof deafness>;

/** The names of the clips that steps need, those of the answers to tool calls too. */
export function clipsOf(steps: readonly TurnStep[]): string[] {
  return steps.flatMap((each) => {
    if ('say' in each) return [each.say];
    return 'call' in each ? each.call.flatMap((request) => clipsOf(request.answered)) : [];
  });
}
