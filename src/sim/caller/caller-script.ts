import { z } from 'zod';
import { problemsText, readForm } from '../scenario/read-form.ts';

// What the simulated caller does, as data: a script can stand in a JSON file.

/** An hour: nothing in a script is longer. */
const durationMs = z.int().min(0).max(3_600_000);
/** Whole decibels, because the level is found by repeated division (see sound.ts). */
const levelDbfs = z.int().min(-90).max(0);

const steps = {
  /** Plays recorded speech, by the name of its clip. */
  say: z.strictObject({ say: z.string() }),
  /** Plays a sine tone. The level is its RMS. */
  tone: z.strictObject({
    tone: z.strictObject({ hz: z.number().min(1).max(4000), ms: durationMs, levelDbfs: levelDbfs.default(-20) }),
  }),
  /** Is quiet: digital silence, or the background noise. */
  pauseMs: z.strictObject({ pauseMs: durationMs }),
  /** Listens until the agent has spoken, or nobody has, for `ms` on end; gives up after `withinMs` and goes on. A `<Say>` is no agent. */
  waitFor: z.strictObject({
    waitFor: z.enum(['agentSpeaking', 'agentQuiet']),
    ms: durationMs.default(20),
    withinMs: durationMs.default(30_000),
  }),
  /** Presses keys one after the other. */
  dtmf: z.strictObject({ dtmf: z.string().regex(/^[0-9*#]+$/, 'Keys are 0-9, * and #') }),
  /** Mutes the phone: its leg sends nothing at all. */
  muteMs: z.strictObject({ muteMs: durationMs }),
  hangUp: z.strictObject({ hangUp: z.literal(true) }),
};

const anyStep = z.union(Object.values(steps));

/** A step is read by the rules of its own kind, so that a message names the wrong key and not every kind there is. */
const step = z.record(z.string(), z.unknown()).transform((value, context): z.output<typeof anyStep> => {
  const kinds = Object.entries(steps).filter(([kind]) => Object.hasOwn(value, kind));
  const [kind] = kinds;
  if (kind === undefined || kinds.length > 1) {
    context.addIssue(`A step has exactly one of ${Object.keys(steps).join(', ')}`);
    return z.NEVER;
  }
  const read = readForm<z.output<typeof anyStep>>(kind[1], value);
  if ('value' in read) return read.value;
  for (const { message, path } of read.problems) context.addIssue({ code: 'custom', message, path: [...path] });
  return z.NEVER;
});

const script = z.strictObject({
  /** Done in order. After the last one the caller stays on the line and is quiet. */
  steps: z.array(step),
  /** Background noise under everything, as RMS. Without it, silence is digital silence. */
  noiseDbfs: levelDbfs.optional(),
});

export type CallerScript = z.output<typeof script>;
/** A script as it is written, defaults left out. */
export interface CallerScriptInput {
  readonly steps: readonly z.input<typeof anyStep>[];
  readonly noiseDbfs?: number | undefined;
}
export type CallerStep = CallerScript['steps'][number];

/** A caller script that cannot be used; the message names every wrong place by its path. */
export class CallerScriptError extends Error {
  override readonly name = 'CallerScriptError';
}

/**
 * Reads a script and fills in its defaults. Throws a {@link CallerScriptError} for unknown keys, wrong values and unknown clips, with their
 * paths, below `place` if the script is a part of a file.
 */
export function parseCallerScript(
  value: unknown,
  clipNames: Iterable<string>,
  place: string | null = null,
): CallerScript {
  const read = readForm(script, value);
  if ('problems' in read) throw new CallerScriptError(problemsText(read.problems, place));
  const known = new Set(clipNames);
  for (const [index, each] of read.value.steps.entries()) {
    if ('say' in each && !known.has(each.say)) {
      const problem = { path: ['steps', index, 'say'], message: `There is no clip named ${each.say}` };
      throw new CallerScriptError(problemsText([problem], place));
    }
  }
  return read.value;
}
