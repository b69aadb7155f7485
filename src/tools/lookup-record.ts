import { z } from 'zod';

import type { ToolResponse } from '../call/tooling/tool-call.ts';
import { createLookupSearch } from './lookup-search.ts';
import type { LookupTable } from './lookup-table.ts';
import type { Tool } from './tool.ts';
import { defineTool } from './tool.ts';

/** More records than these cannot be told apart by voice. */
const recordsShownMax = 3;

/** Longer answers make the model stutter or the session end; three records of this length are about 3 KB. */
const recordCharactersMax = 1_000;

/** Nobody says more than two sentences to name a record. */
const queryCharactersMax = 200;

/**
 * `lookup_record`: finds records by any way to say or write a value. It answers in sentences, because models read tables
 * aloud.
 */
export function createLookupRecord(table: LookupTable): Tool {
  const search = createLookupSearch(table);
  return defineTool({
    name: 'lookup_record',
    description:
      `Looks up a record, which holds ${table.columns.join(', ')}. Call it as soon as the caller has named one of these, ` +
      'and before you say anything about a record. Say a few words first, such as "One moment, please."',
    parameters: z.object({
      query: z
        .string()
        .min(1)
        .max(queryCharactersMax)
        .describe('The value alone, as the caller said it, such as a number or a name.'),
      field: z.enum(table.columns).optional().describe('Which value it is. Leave it out if you are not sure.'),
    }),
    run: ({ query, field }) => {
      const { fit, records } = search(query, field ?? null, recordsShownMax + 1);
      return { response: answer(table.columns, fit, records) };
    },
  });
}

function answer(
  columns: readonly string[],
  fit: 'exact' | 'similar',
  records: readonly (readonly string[])[],
): ToolResponse {
  const [first, ...others] = records;
  if (first === undefined) {
    // An empty or bare answer makes the model call again and again with the same query.
    return {
      status: 'not_found',
      retryable: false,
      message:
        'No record fits. Read back to the caller what you looked for and ask whether it is right. ' +
        'Look again only for something else, and if that fails too, say that you cannot find it.',
    };
  }
  const telling = columns.filter((_column, index) => others.some((other) => other[index] !== first[index]));
  if (telling.length > 0) return severalRecords(columns, telling, records);
  const result = sentences(columns, columns, first);
  if (fit === 'exact') return { status: 'found', result };
  return {
    status: 'found',
    result,
    message: 'This is similar to what you looked for, not the same. Ask the caller whether it is the right one first.',
  };
}

function severalRecords(
  columns: readonly string[],
  telling: readonly string[],
  records: readonly (readonly string[])[],
): ToolResponse {
  const shown = records.slice(0, recordsShownMax);
  const count = records.length > recordsShownMax ? `More than ${recordsShownMax}` : String(records.length);
  return {
    status: 'several',
    result: shown.map((values, index) => `Record ${index + 1}: ${sentences(columns, telling, values)}`).join(' '),
    message: `${count} records fit. Do not read them out. Ask the caller one question that tells them apart, then look again.`,
  };
}

function sentences(columns: readonly string[], named: readonly string[], values: readonly string[]): string {
  const text = columns
    .map((column, index) => ({ column, value: values[index] ?? '' }))
    .filter(({ column, value }) => named.includes(column) && value !== '')
    .map(({ column, value }) => `The ${column.replaceAll('_', ' ')} is ${value}.`)
    .join(' ');
  return text.length > recordCharactersMax ? `${text.slice(0, recordCharactersMax)}… The rest is left out.` : text;
}
