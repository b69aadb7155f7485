import { z } from 'zod';

import { parameterFields } from '../parameter-fields.ts';
import { readQuery, type SqlDialect } from './sql-text.ts';

/** More rows are nothing for the telephone. */
const rowsMaxMax = 10;

/** What an entry of kind `sql` says. */
export const sqlFields = z
  .strictObject({
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
  })
  .superRefine(({ query, parameters, database }, context) => {
    const complain = (path: string[], message: string): void => context.addIssue({ code: 'custom', path, message });
    const read = readQuery(query, dialectOf(database));
    if ('problems' in read) {
      for (const problem of read.problems) complain(['query'], problem);
      return;
    }
    for (const name of new Set(read.places)) {
      if (!Object.hasOwn(parameters, name)) complain(['query'], `asks for :${name}, which parameters does not declare`);
    }
    for (const name of Object.keys(parameters)) {
      if (!read.places.includes(name)) complain(['parameters', name], `is not used; query has no :${name}`);
    }
  });

/** How the database that an address or a path names reads SQL. */
export function dialectOf(database: string): SqlDialect {
  return /^postgres(?:ql)?:/i.test(database) ? 'postgres' : 'sqlite';
}
