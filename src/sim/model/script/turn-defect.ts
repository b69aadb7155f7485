import { z } from 'zod';
import { deafness, durationMs } from './turn.ts';
import type { Deafness, TurnStep, Turn } from './turn.ts';

/** Which turns of a session it changes. */
const place = {
  /** Counted from 1 in each session: the greeting, then every answer that the model begins. */
  turn: z.int().min(1),
  /** So many turns in a row. */
  times: z.int().min(1).default(1),
};

/** What leaves the caller without an answer may also leave the model deaf to whatever comes next. */
const losing = { ...place, deaf: deafness.default('no') };

/** What goes wrong with one turn of a session (GM-FAULT-1). */
export const turnDefectSchema = z.discriminatedUnion('defect', [
  /** The turn completes without any audio. */
  z.strictObject({ ...losing, defect: z.literal('silent') }),
  /** The same, with the reason `RESPONSE_REJECTED`. */
  z.strictObject({ ...losing, defect: z.literal('rejected') }),
  /** Full length and no loudness. */
  z.strictObject({ ...losing, defect: z.literal('nearSilent') }),
  /** The words come as text parts, which are not speech. */
  z.strictObject({ ...losing, defect: z.literal('textOnly') }),
  /** The caller is transcribed, and no message follows. */
  z.strictObject({ ...losing, defect: z.literal('noAnswer') }),
  /** The first sentence stops, and no message follows. */
  z.strictObject({ ...losing, defect: z.literal('brokenOff'), afterMs: durationMs }),
  /** `interrupted` though nobody spoke, after so much audio or at the end, and then silence for the rest of the session. */
  z.strictObject({
    ...place,
    defect: z.literal('phantomInterruption'),
    afterMs: durationMs.optional(),
    deaf: deafness.default('untilResume'),
  }),
  /** The answer to the first tool call of the turn is taken, and the turn completes without a word about it. */
  z.strictObject({ ...losing, defect: z.literal('silentAfterTool') }),
  /** The same, but the turn never completes. */
  z.strictObject({ ...losing, defect: z.literal('nothingAfterTool') }),
  /** The first sentence pauses. */
  z.strictObject({ ...place, defect: z.literal('stall'), afterMs: durationMs, forMs: durationMs }),
  /** The first sentence ends too early, and the turn completes as if nothing were missing. */
  z.strictObject({ ...place, defect: z.literal('cutShort'), afterMs: durationMs }),
  z.strictObject({ ...place, defect: z.literal('late'), byMs: durationMs }),
  /** What the caller said is transcribed twice. */
  z.strictObject({ ...place, defect: z.literal('transcriptTwice') }),
  z.strictObject({ ...place, defect: z.literal('answeredTwice') }),
  /** The first turn of the script again, whatever was asked. */
  z.strictObject({ ...place, defect: z.literal('greetsAgain') }),
]);

export type TurnDefect = z.output<typeof turnDefectSchema>;

/** A turn as it is performed. */
export interface Rendition {
  /** Null is a turn of which nothing is ever seen. */
  readonly turn: Turn | null;
  /** What is still to be said when the turn is over or cut off: the next request gets it instead of the next turn. */
  readonly postponed: Turn | null;
  /** `postponed` counts only if a text cut the turn off. */
  readonly postponedOnlyIfAskedAgain: boolean;
  readonly heardTimes: 1 | 2;
  /** For a turn of which nothing is seen; the others hold it as their last step. */
  readonly deaf: Deafness;
}

/** Gain of an answer that nobody can hear: 60 dB below the clip. */
const inaudibleGain = 0.001;

/** The turn as the script has it. */
export function faultless(turn: Turn): Rendition {
  return { turn, postponed: null, postponedOnlyIfAskedAgain: false, heardTimes: 1, deaf: 'no' };
}

/** The turn as the defect lets it come out. `greeting` is the first turn of the script, `wordsOf` gives the words of a clip. */
export function spoiled(
  turn: Turn,
  defect: TurnDefect,
  greeting: Turn,
  latencyMs: number,
  wordsOf: (clip: string) => string,
): Rendition {
  const whole = faultless(turn);
  switch (defect.defect) {
    case 'silent':
      return lost(turn, { ...turn, steps: muted(defect.deaf) });
    case 'rejected':
      return lost(turn, { ...turn, steps: muted(defect.deaf), turnCompleteReason: 'RESPONSE_REJECTED' });
    case 'nearSilent':
      return lost(turn, { ...turn, steps: [...turn.steps.map(inaudible), ...muted(defect.deaf)] });
    case 'textOnly':
      return lost(turn, {
        ...turn,
        steps: [...turn.steps.map((each) => written(each, wordsOf)), ...muted(defect.deaf)],
      });
    case 'noAnswer':
      return { ...lost(turn, null), deaf: defect.deaf };
    case 'brokenOff':
      return lost(turn, {
        ...turn,
        steps: [...cutAt(turn.steps, defect.afterMs), ...muted(defect.deaf)],
        ends: 'never',
      });
    case 'phantomInterruption': {
      const { afterMs } = defect;
      const said = afterMs === undefined ? turn.steps : cutAt(turn.steps, afterMs);
      const steps: TurnStep[] = [...said, ...muted(defect.deaf), { interrupt: true }];
      return { ...whole, turn: { ...turn, steps }, postponed: afterMs === undefined ? null : turn };
    }
    case 'silentAfterTool':
    case 'nothingAfterTool':
      return afterTool(turn, defect.defect === 'silentAfterTool' ? 'onTime' : 'never', defect.deaf);
    case 'stall': {
      const { afterMs, forMs } = defect;
      const steps = changeFirstSay(turn.steps, (said) => [{ ...said, stall: { afterMs, forMs } }]);
      return { ...whole, turn: { ...turn, steps }, postponed: turn, postponedOnlyIfAskedAgain: true };
    }
    case 'cutShort':
      return faultless({ ...turn, steps: cutAt(turn.steps, defect.afterMs) });
    case 'late':
      return faultless({ ...turn, latencyMs: (turn.latencyMs ?? latencyMs) + defect.byMs });
    case 'transcriptTwice':
      return { ...whole, heardTimes: 2 };
    case 'answeredTwice':
      return faultless({ ...turn, steps: [...turn.steps, ...turn.steps] });
    case 'greetsAgain':
      return faultless({ ...greeting, ...(turn.heard !== undefined && { heard: turn.heard }) });
  }
}

function lost(postponed: Turn, turn: Turn | null): Rendition {
  return { turn, postponed, postponedOnlyIfAskedAgain: false, heardTimes: 1, deaf: 'no' };
}

function muted(deaf: Deafness): TurnStep[] {
  return deaf === 'no' ? [] : [{ mute: deaf }];
}

/** A turn without a tool call is lost as a whole. */
function afterTool(turn: Turn, ends: Turn['ends'], deaf: Deafness): Rendition {
  const index = turn.steps.findIndex((each) => 'call' in each);
  const step = turn.steps[index];
  const request = step !== undefined && 'call' in step ? step.call : [];
  const calling: TurnStep[] =
    request.length === 0 ? [] : [{ call: request.map((each) => ({ ...each, answered: [] })) }];
  const before = turn.steps.slice(0, Math.max(0, index));
  const rest = [...request.flatMap(({ answered }) => answered), ...turn.steps.slice(index + 1)];
  return lost({ ...turn, steps: rest }, { ...turn, steps: [...before, ...calling, ...muted(deaf)], ends });
}

function inaudible(step: TurnStep): TurnStep {
  if ('say' in step) return { ...step, gain: inaudibleGain };
  if (!('call' in step)) return step;
  const call = step.call.map((request) => ({
    ...request,
    answered: request.answered.map((each) => ('say' in each ? { ...each, gain: inaudibleGain } : each)),
  }));
  return { call };
}

function written(step: TurnStep, wordsOf: (clip: string) => string): TurnStep {
  if (!('say' in step)) return step;
  const parts = [{ text: step.text ?? wordsOf(step.say) }];
  return { send: { serverContent: { modelTurn: { role: 'model', parts } } } };
}

/** What is left of the steps when the first sentence ends after so much audio. */
function cutAt(steps: readonly TurnStep[], untilMs: number): TurnStep[] {
  const index = steps.findIndex((each) => 'say' in each);
  return changeFirstSay(index === -1 ? steps : steps.slice(0, index + 1), (said) => [{ ...said, untilMs }]);
}

function changeFirstSay(
  steps: readonly TurnStep[],
  change: (said: Extract<TurnStep, { say: unknown }>) => readonly TurnStep[],
): TurnStep[] {
  const index = steps.findIndex((each) => 'say' in each);
  return steps.flatMap((each, at) => (at === index && 'say' in each ? change(each) : [each]));
}
