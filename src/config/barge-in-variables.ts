import type { z } from 'zod';
import { type BargeInParameters, usualBargeIn } from '../call/turns/barge-in-rule.ts';
import { about } from './about.ts';
import { oneOf, wholeNumber } from './parsers.ts';

const limits = { group: 'Limits' };

/** The variables that say when the agent yields, part of `environment`. */
export const bargeInVariables = {
  BARGE_IN: oneOf(['usual', 'off'])
    .default('usual')
    .register(about, {
      ...limits,
      doc: 'Who decides when the agent yields to a caller who speaks over it: usual lets Parley hear the caller itself; off leaves it to the model.',
    }),
  BARGE_IN_HOLD_MS: wholeNumber(60, 1_000)
    .default(usualBargeIn.holdMs)
    .register(about, {
      ...limits,
      doc: "How much of the caller's voice over its own makes the agent softer, from 60 to 1000 ms.",
    }),
  BARGE_IN_MS: wholeNumber(100, 3_000)
    .default(usualBargeIn.yieldMs)
    .register(about, {
      ...limits,
      doc: 'How much of it makes the agent stop, from 100 to 3000 ms; a word with silence behind it does too. Longer than BARGE_IN_HOLD_MS.',
    }),
};

type BargeInValues = z.output<z.ZodObject<typeof bargeInVariables>>;

/** When the agent yields by these values; null when the model alone decides that. */
export function bargeInOf({ BARGE_IN, BARGE_IN_HOLD_MS, BARGE_IN_MS }: BargeInValues): BargeInParameters | null {
  return BARGE_IN === 'off' ? null : { ...usualBargeIn, holdMs: BARGE_IN_HOLD_MS, yieldMs: BARGE_IN_MS };
}
