import type { AudioPath } from '../audio/audio-path.ts';
import { filterVersion } from '../audio/filters.ts';
import { Call } from '../call/call.ts';
import type { CallEffect } from '../call/effects.ts';
import type { CallEvent } from '../call/events.ts';
import { InvariantWatch } from '../call/invariants.ts';
import { isObject } from './event-fields.ts';
import { effectRecords, type LogHeader, type RecordedEffect } from './log-format.ts';
import type { RecordedCall, RecordedStep } from './read-log.ts';

/** The first step at which a replay orders something else than the recorded call did. */
export interface Divergence {
  readonly line: number;
  /** What happened there. */
  readonly event: CallEvent;
  readonly recorded: readonly RecordedEffect[];
  readonly replayed: readonly RecordedEffect[];
}

/** What a replay found. */
export interface ReplayResult {
  readonly steps: number;
  /** Length of the call in ms. */
  readonly durationMs: number;
  readonly divergence: Divergence | null;
  /** Invariants that did not hold, with the line at which they broke. */
  readonly broken: readonly { readonly line: number; readonly sentence: string }[];
  /** What the call threw, and at which line: it takes no more events then. */
  readonly crash: { readonly line: number; readonly error: unknown } | null;
  /** What became of the audio, in mu-law bytes. */
  readonly tally: Call['tally'];
}

/**
 * Feeds the recorded events to a new call, as fast as it can take them. The invariants are checked at every step, and what the call
 * orders is compared with the record up to the first difference: after that, the record answers a call that no longer exists. Of sound that
 * other filters made, the length alone is compared.
 */
export function replay({ header, steps }: RecordedCall, audioPath: AudioPath): ReplayResult {
  const call = new Call(header.settings, audioPath);
  const watch = new InvariantWatch();
  const compared = hasOurFilters(header) ? (effects: readonly RecordedEffect[]) => effects : withoutFingerprints;
  const broken: { line: number; sentence: string }[] = [];
  let divergence: Divergence | null = null;
  let crash: ReplayResult['crash'] = null;
  for (const step of steps) {
    let effects: readonly CallEffect[];
    try {
      effects = call.handle(step.event);
    } catch (error) {
      crash = { line: step.line, error };
      break;
    }
    for (const sentence of watch.observe(step.event, effects, call)) broken.push({ line: step.line, sentence });
    divergence ??= difference({ ...step, effects: compared(step.effects) }, compared(effectRecords(effects)));
  }
  const durationMs = steps.at(-1)?.event.atMs ?? 0;
  return { steps: steps.length, durationMs, divergence, broken, crash, tally: call.tally };
}

/** Whether the sound of a recorded call was made by the filters of this Parley, so that it comes out the same. */
export function hasOurFilters({ filters }: Pick<LogHeader, 'filters'>): boolean {
  return filters === filterVersion;
}

function difference({ line, event, effects }: RecordedStep, replayed: readonly RecordedEffect[]): Divergence | null {
  const isSame =
    effects.length === replayed.length &&
    effects.every((effect, index) => JSON.stringify(effect) === JSON.stringify(replayed[index]));
  return isSame ? null : { line, event, recorded: effects, replayed };
}

/** The effects with the lengths of their sounds alone. */
function withoutFingerprints(effects: readonly RecordedEffect[]): RecordedEffect[] {
  return effects.map(({ type, ...members }) => ({
    type,
    ...Object.fromEntries(
      Object.entries(members).map(([name, member]) => [
        name,
        isObject(member) && 'fingerprint' in member ? { bytes: member.bytes } : member,
      ]),
    ),
  }));
}
