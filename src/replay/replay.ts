import type { MulawCodec } from '../audio/mulaw.ts';
import { Call } from '../core/call.ts';
import { InvariantWatch } from '../core/invariants.ts';
import { effectRecord } from './log-format.ts';
import type { CallRecord, RecordedStep } from './read-log.ts';

/** The first place where a replay orders something else than the recorded call did. */
export interface Divergence {
  readonly line: number;
  /** What happened there. */
  readonly event: string;
  /** Name of the effect, or its JSON where only its content differs; null where there is none. */
  readonly recorded: string | null;
  readonly replayed: string | null;
}

/** What a replay found. */
export interface ReplayResult {
  readonly steps: number;
  /** Length of the call in ms. */
  readonly durationMs: number;
  readonly divergence: Divergence | null;
  /** Invariants that did not hold, with the line at which they broke. */
  readonly broken: readonly { readonly line: number; readonly sentence: string }[];
}

/**
 * Feeds the recorded events to a new call, as fast as it can take them. The invariants are checked at every step, and what the call
 * orders is compared with the record up to the first difference: after that, the record answers a call that no longer exists.
 */
export function replay({ header, steps }: CallRecord, codec: MulawCodec): ReplayResult {
  const call = new Call(header.settings, codec);
  const watch = new InvariantWatch();
  const broken: { line: number; sentence: string }[] = [];
  let divergence: Divergence | null = null;
  for (const step of steps) {
    const effects = call.handle(step.event);
    for (const sentence of watch.observe(step.event, effects, call)) broken.push({ line: step.line, sentence });
    divergence ??= firstDifference(step, effects.map(effectRecord));
  }
  return { steps: steps.length, durationMs: steps.at(-1)?.event.atMs ?? 0, divergence, broken };
}

function firstDifference({ line, event, effects }: RecordedStep, replayed: readonly object[]): Divergence | null {
  for (let index = 0; index < Math.max(effects.length, replayed.length); index += 1) {
    const [was, is] = [effects[index], replayed[index]];
    if (JSON.stringify(was) === JSON.stringify(is)) continue;
    const sameName = nameOf(was) === nameOf(is);
    const shown = (effect: unknown): string | null => (sameName ? JSON.stringify(effect) : nameOf(effect));
    return { line, event: event.type, recorded: shown(was), replayed: shown(is) };
  }
  return null;
}

function nameOf(effect: unknown): string | null {
  return typeof effect === 'object' && effect !== null && 'type' in effect ? String(effect.type) : null;
}
