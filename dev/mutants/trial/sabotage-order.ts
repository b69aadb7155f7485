import { z } from 'zod';

/** The environment variable that holds the sabotage, as JSON, for the tests that `vitest.config.ts` runs. */
export const mutantVariable = 'PARLEY_MUTANT';

const schema = z.object({ path: z.string(), text: z.string() }).nullable();

/** The file that is sabotaged and its text; null for none. */
export function sabotageInEnvironment(): z.infer<typeof schema> {
  return schema.parse(JSON.parse(process.env[mutantVariable] ?? 'null'));
}
