import type { SiegeRow } from './siege-run.ts';

const columns: readonly (readonly [title: string, cell: (row: SiegeRow) => string])[] = [
  ['', ({ verdict }) => verdict],
  ['kind', ({ kind }) => kind],
  ['p99', ({ delays }) => ms(delays.p99Ms)],
  ['quiet', ({ quiet }) => ms(quiet.p99Ms)],
  ['longest', ({ delays }) => ms(delays.longestMs)],
  ['quiet', ({ quiet }) => ms(quiet.longestMs)],
  ['lost', ({ sight }) => String(sight.health.lost)],
  ['memory', ({ sight }) => (sight.peakMb === null ? 'gone' : `${sight.peakMb} MB`)],
  ['log', ({ loggedBytes }) => `${Math.round(loggedBytes / 1000)} kB`],
  ['late', ({ sight }) => ms(Math.max(sight.generatorLateMs, sight.health.lateMs))],
  ['why', ({ why }) => why.join(', ')],
];

/** The table of a siege: one line for each kind of abuse, by groups. */
export function siegeTable(rows: readonly SiegeRow[]): string {
  const cells = rows.map((row) => columns.map(([, cell]) => cell(row)));
  const widths = columns.map(([title], at) => Math.max(title.length, ...cells.map((row) => row[at]?.length ?? 0)));
  const line = (words: readonly string[]): string =>
    words
      .map((word, at) => word.padEnd(widths[at] ?? 0))
      .join('  ')
      .trimEnd();
  const lines = [line(columns.map(([title]) => title))];
  rows.forEach((row, at) => {
    if (row.group !== rows[at - 1]?.group) lines.push(`— ${row.group}`);
    lines.push(line(cells[at] ?? []));
  });
  return lines.join('\n');
}

const verdictWords = { PASS: 'passed', FAIL: 'failed', void: 'void' } as const;

/** How many rows passed, failed and say nothing. */
export function siegeTotal(rows: readonly Pick<SiegeRow, 'verdict'>[]): string {
  const counts = (['PASS', 'FAIL', 'void'] as const).flatMap((verdict) => {
    const count = rows.filter((row) => row.verdict === verdict).length;
    return count === 0 ? [] : [`${count} ${verdictWords[verdict]}`];
  });
  return `${rows.length} kinds of abuse: ${counts.join(', ')}.`;
}

function ms(value: number): string {
  return value === Infinity ? '∞' : `${value.toFixed(1)} ms`;
}
