import { z } from 'zod';

import type { ToolResponse } from '../call/tooling/tool-call.ts';
import type { LookupMatches, LookupSearch } from './lookup-search.ts';
import { createLookupSearch } from './lookup-search.ts';
import type { LookupTable } from './lookup-table.ts';
import { noRecord, recordSentences } from './record-sentences.ts';
import type { Tool } from './tool.ts';
import { defineTool } from './tool.ts';

/** More records than these cannot be told apart by voice. */
const recordsShownMax = 3;

/** Nobody says more than two sentences to name a record. */
const queryCharactersMax = 200;

/** A table that is ready to be searched. */
export interface SearchableTable {
  readonly columns: readonly string[];
  readonly search: LookupSearch;
}

/** How the model is offered a table. */
interface RecordLookup {
  readonly name: string;
  /** When to call it; null for what holds of any table. */
  readonly description: string | null;
  /** What the records hold, as the model is told. */
  readonly columns: readonly string[];
  /** The table as it is when somebody asks, in case it changes meanwhile. */
  readonly table: () => SearchableTable;
  readonly timeoutMs?: number;
}

/** The tool that looks into LOOKUP_FILE. */
export const lookupRecordName = 'lookup_record';

/** Prepares a table for searching. */
export function preparedTable(table: LookupTable): SearchableTable {
  return { columns: table.columns, search: createLookupSearch(table) };
}

/** `lookup_record`: looks into the table that LOOKUP_FILE names. */
export function createLookupRecord(table: LookupTable): Tool {
  const prepared = preparedTable(table);
  return createRecordLookup({
    name: lookupRecordName,
    description: null,
    columns: table.columns,
    table: () => prepared,
  });
}

/** Makes a tool that finds records by any way to say or write a value. It answers in sentences, because models read tables aloud. */
export function createRecordLookup({ name, description, columns, table, timeoutMs }: RecordLookup): Tool {
  const when = description ?? 'Looks up a record.';
  return defineTool({
    name,
    description:
      `${when} A record holds ${columns.join(', ')}. Call it as soon as the caller has named one of these, ` +
      'and before you say anything about a record. Say a few words first, such as "One moment, please."',
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    parameters: z.object({
      query: z
        .string()
        .min(1)
        .max(queryCharactersMax)
        .describe('The value alone, as the caller said it, such as a number or a name.'),
      field: z.enum(columns).optional().describe('Which value it is. Leave it out if you are not sure.'),
    }),
    run: ({ query, field }) => {
      const current = table();
      return { response: answer(current.columns, current.search(query, field ?? null, recordsShownMax + 1)) };
    },
  });
}

function answer(columns: readonly string[], { fit, records }: LookupMatches): ToolResponse {
  const [first, ...others] = records;
  if (first === undefined) return noRecord;
  const telling = columns.filter((_column, index) => others.some((other) => other[index] !== first[index]));
  if (telling.length > 0) return severalRecords(columns, telling, records);
  const result = recordSentences(columns, columns, first);
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
    result: shown.map((values, index) => `Record ${index + 1}: ${recordSentences(columns, telling, values)}`).join(' '),
    message: `${count} records fit. Do not read them out. Ask the caller one question that tells them apart, then look again.`,
  };
}
