import { z } from 'zod';

import { parameterFields } from '../parameter-fields.ts';

/** More rows are nothing for the telephone. */
const rowsMaxMax = 10;

/** What an entry of kind `sql` says. */
export const sqlFields = z.strictObject({
  database: z
    .string()
    .min(1)
    .describe('postgres://user:${PASSWORD}@host/database?sslmode=verify-full, or the path of a SQLite file.'),
  query: z
    .string()
    .min(1)
    .max(20_000)
    .describe(
      'One SELECT, with a :name for each parameter. It is run read-only, and values are never put into its text.',
    ),
  parameters: parameterFields,
  rows_max: z.int().min(1).max(rowsMaxMax).default(3).describe('How many rows the model is told at most.'),
  answer: z
    .string()
    .min(1)
    .max(1_000)
    .optional()
    .describe(
      'A sentence for each row, with {column} where a value goes. Without it: "The {column} is …" for each column.',
    ),
  not_found: z.string().min(1).max(1_000).optional().describe('What the model is told when there is no row.'),
});
