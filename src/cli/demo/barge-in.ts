import type { CallEffect } from '../../call/effects.ts';

/** Whether the effect at this place is the clear of a barge-in: a comfort sound is taken back by a clear too. */
export function isBargeInClear(effects: readonly CallEffect[], at: number): boolean {
  const next = effects[at + 1];
  return effects[at]?.type === 'stream.clear' && next?.type === 'note' && next.name === 'bargeIn';
}
