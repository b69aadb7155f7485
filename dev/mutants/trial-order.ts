import { z } from 'zod';

/** What a trial's process is asked to do. */
export const trialOrderSchema = z.object({
  /** The file that is sabotaged, relative to the root, and its text; null for the core as it is. */
  sabotage: z.object({ path: z.string(), text: z.string() }).nullable(),
  /** How many seeds are simulated. */
  seeds: z.int().nonnegative(),
});

export type TrialOrder = z.infer<typeof trialOrderSchema>;

/** What a trial's process says, line by line: what it begins, and at last what came of it. */
export const trialLineSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('begins'),
    stage: z.enum(['replay', 'simulation']),
    name: z.string(),
  }),
  z.object({ kind: z.literal('fails'), what: z.string() }),
  /** No call has loaded the sabotaged file. */
  z.object({ kind: z.literal('unloaded') }),
  /** One hash of the trace for each seed. */
  z.object({ kind: z.literal('holds'), hashes: z.array(z.string()) }),
]);

export type TrialLine = z.infer<typeof trialLineSchema>;
