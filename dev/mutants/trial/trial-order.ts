import { z } from 'zod';

const placeSchema = z.object({ path: z.string(), offset: z.int().nonnegative() });

/** A place in a file: its offset in UTF-16 units. */
export type Place = z.infer<typeof placeSchema>;

/** What a trial's process is asked to do. */
export const trialOrderSchema = z.object({
  /** The file that is sabotaged, relative to the root, and its text; null for the code as it is. */
  sabotage: z.object({ path: z.string(), text: z.string() }).nullable(),
  fixtures: z.enum(['replayed', 'played']),
  /** The calls that are tried, in this order, up to the first that fails. */
  calls: z.object({ fixtures: z.array(z.string()).readonly(), seeds: z.array(z.int().nonnegative()).readonly() }),
  /** What each call runs of these is told. */
  places: z.array(placeSchema).readonly(),
});

export type TrialOrder = z.infer<typeof trialOrderSchema>;

const stageSchema = z.enum(['fixtures', 'simulation']);

/** What a trial's process says, line by line: what it begins, and at last what came of it. */
export const trialLineSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('begins'), stage: stageSchema, name: z.string() }),
  /** The places that ran since the last such line, by their index; the first such line tells what ran while the files were loaded. */
  z.object({ kind: z.literal('reached'), places: z.array(z.int().nonnegative()) }),
  z.object({ kind: z.literal('fails'), what: z.string() }),
  /** No call has loaded the sabotaged file. */
  z.object({ kind: z.literal('unloaded') }),
  /** One hash of the trace for each seed. */
  z.object({ kind: z.literal('holds'), hashes: z.array(z.string()) }),
]);

export type TrialLine = z.infer<typeof trialLineSchema>;
