import type { PastCall } from './call-history.ts';

/** The columns, with the name of each. */
const columns: readonly (readonly [name: string, cell: (call: PastCall) => string | number | null])[] = [
  ['call', ({ callSid }) => callSid],
  ['started', ({ startedAtMs }) => new Date(startedAtMs).toISOString()],
  ['seconds', ({ startedAtMs, endedAtMs }) => (endedAtMs === null ? null : (endedAtMs - startedAtMs) / 1000)],
  ['from', ({ from }) => from],
  ['to', ({ to }) => to],
  ['agent', ({ agent }) => agent],
  ['source', ({ source }) => source],
  ['outcome', ({ outcome }) => outcome],
  ['why', ({ why }) => why],
  ['faults', ({ faults }) => faults.join(' ')],
  ['cost in USD', ({ costUsd }) => costUsd],
  ['tokens', ({ tokens }) => tokens],
  ['answers', ({ waits }) => waits?.count ?? null],
  ['median wait in ms', ({ waits }) => waits?.medianMs ?? null],
  ['longest wait in ms', ({ waits }) => waits?.maxMs ?? null],
  ['process', ({ instance }) => instance],
];

/** What a terminal obeys, but for ends of lines and tabs. */
const order = /(?![\t\r\n])\p{Cc}/gu;

/** The first line of a table of calls. */
export const csvHead = line(columns.map(([name]) => name));

/** The line of a call (RFC 4180). */
export function csvLine(call: PastCall): string {
  return line(columns.map(([, cell]) => cell(call)));
}

function line(cells: readonly (string | number | null)[]): string {
  return `${cells.map(cellText).join(',')}\r\n`;
}

/** A spreadsheet takes a text for a formula that begins like one, also a telephone number: an apostrophe before it makes it a text. */
function cellText(cell: string | number | null): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return String(cell);
  const text = /^[=+\-@\t\r\n]/.test(cell) ? `'${cell}` : cell;
  return `"${text.replaceAll('"', '""').replaceAll(order, ' ')}"`;
}
