import { z } from 'zod';

import { checkSize, type LookupTable } from '../lookup-table.ts';

const record = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]));

/** A table from an array of flat objects. Its columns are all keys, in the order of their first use. `complain` throws. */
export function parseLookupJson(text: string, complain: (problem: string) => never): LookupTable {
  const items = parseJson(text, complain);
  if (!Array.isArray(items)) return complain('it is not an array of objects');
  const records = items.map((item: unknown, index) => {
    const parsed = record.safeParse(item);
    if (parsed.success) return parsed.data;
    const key = parsed.error.issues[0]?.path[0];
    return complain(
      key === undefined
        ? `record ${index + 1} is not an object`
        : `record ${index + 1}: "${String(key)}" is neither text, number, boolean nor null`,
    );
  });
  const columns = [...new Set(records.flatMap((fields) => Object.keys(fields)))];
  checkSize({ columns, records }, complain);
  return { columns, records: records.map((fields) => columns.map((column) => textOf(fields, column))) };
}

function textOf(fields: z.output<typeof record>, column: string): string {
  return Object.hasOwn(fields, column) ? String(fields[column] ?? '') : '';
}

function parseJson(text: string, complain: (problem: string) => never): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return complain(text.trim() === '' ? 'it is empty' : `line ${syntaxErrorLine(text)}: it is not valid JSON`);
  }
}

/** The line of the first syntax error: the shortest run of lines in which the parser stumbles before its end. */
function syntaxErrorLine(text: string): number {
  const lines = text.trimEnd().split('\n');
  let sound = 0;
  let broken = lines.length;
  while (broken - sound > 1) {
    const middle = Math.floor((sound + broken) / 2);
    if (stumbles(`${lines.slice(0, middle).join('\n')}\n`)) broken = middle;
    else sound = middle;
  }
  return broken;
}

// A text that is merely cut off after a line fails at its end. V8 then says so, or names a position that is the text's length.
function stumbles(text: string): boolean {
  try {
    JSON.parse(text);
    return false;
  } catch (error) {
    const message = String(error);
    const position = /at position (\d+)/.exec(message)?.[1];
    return position === undefined ? !message.includes('Unexpected end') : Number(position) < text.length;
  }
}
