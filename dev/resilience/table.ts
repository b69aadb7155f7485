import type { DialogueResult } from './seed.ts';
import { quantilesOf } from '../figures/quantiles.ts';

/** What the dialogues of one row came to. */
export interface RowSummary {
  readonly row: string;
  readonly calls: number;
  readonly wentOn: number;
  readonly fallback: number;
  /** Dialogues of which something did not hold. */
  readonly exceptions: readonly DialogueResult[];
  /** Dialogues that were lost without a fault of Parley. */
  readonly excused: readonly DialogueResult[];
  readonly gapMs: { readonly p50: number; readonly p95: number } | null;
  /** What 95 of 100 of the dialogues may wait longer, each measured by its own setup and model; null where no bound is promised. */
  readonly allowedMs: number | null;
  /** Too many dialogues waited longer than they may. */
  readonly isTooSlow: boolean;
  /** What callers said that reached no session, over all dialogues. */
  readonly lostMs: number;
}

/** One dialogue in twenty may wait longer than its bound. */
const lateShareMax = 0.05;

/** Exceptions that are told in full for each row. */
const exceptionsToldMax = 3;

/** Sums up the dialogues of one row. */
export function summary(row: string, results: readonly DialogueResult[]): RowSummary {
  const gaps = results.flatMap(({ gapMs }) => gapMs ?? []);
  const gapAt = quantilesOf(gaps);
  const allowed = results.flatMap(({ allowedMs }) => allowedMs ?? []);
  const late = results.filter(({ gapMs, allowedMs }) => gapMs !== null && allowedMs !== null && gapMs > allowedMs);
  return {
    row,
    calls: results.length,
    wentOn: results.filter(({ outcome }) => outcome === 'wentOn').length,
    fallback: results.filter(({ outcome }) => outcome === 'fallback').length,
    exceptions: results.filter(({ causes }) => causes.length > 0),
    excused: results.filter(({ excuse }) => excuse !== null),
    gapMs: gaps.length === 0 ? null : { p50: gapAt(0.5), p95: gapAt(0.95) },
    allowedMs: allowed.length === 0 ? null : quantilesOf(allowed)(0.95),
    isTooSlow: late.length > lateShareMax * results.length,
    lostMs: results.reduce((sum, { lostMs }) => sum + lostMs, 0),
  };
}

/** Whether everything that is promised held. */
export function holds({ exceptions, isTooSlow }: RowSummary): boolean {
  return exceptions.length === 0 && !isTooSlow;
}

/** The table, ready to print: one line for each row, in Markdown. */
export function tableText(summaries: readonly RowSummary[]): string {
  const cells = summaries.map((one) => [
    one.row,
    String(one.calls),
    String(one.wentOn),
    String(one.fallback),
    String(one.exceptions.length + one.excused.length),
    seconds(one.gapMs?.p50 ?? null),
    seconds(one.gapMs?.p95 ?? null) + (one.isTooSlow ? ' !' : ''),
    seconds(one.allowedMs),
    one.lostMs === 0 ? '0' : (seconds(one.lostMs) ?? ''),
  ]);
  const head = ['fault', 'calls', 'went on', 'fallback', 'exceptions', 'gap p50', 'p95', 'allowed p95', 'lost audio'];
  const widths = head.map((name, column) => Math.max(name.length, ...cells.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0))).join(' | ')} |`;
  const rule = `| ${widths.map((width, column) => (column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)).join(' | ')} |`;
  return [line(head), rule, ...cells.map(line)].join('\n');
}

/** Whether all rows hold, and if not, how many do not. */
export function verdictText(summaries: readonly RowSummary[]): string {
  const failed = summaries.filter((one) => !holds(one)).length;
  return failed === 0 ? 'All rows hold.' : `${failed} of ${summaries.length} rows do not hold.`;
}

/** The dialogues of a row that were lost without anybody's fault, each by its seed. */
export function excusesText({ row, excused }: RowSummary): string {
  return excused.map(({ seed, excuse }) => `${row}, seed ${seed}: ${excuse ?? ''}.`).join('\n');
}

/** What did not hold in a row, and how to see it again; nothing when all held. */
export function exceptionsText({ row, exceptions, isTooSlow }: RowSummary): string {
  const told = exceptions
    .slice(0, exceptionsToldMax)
    .map(
      ({ seed, causes }) =>
        `  seed ${seed}: ${causes.join('; ')}\n    npm run resilience -- --fault "${row}" --seed ${seed}`,
    );
  const others = exceptions.slice(exceptionsToldMax).map(({ seed }) => seed);
  return [
    `${row}:`,
    ...(isTooSlow ? ['  more than one call in twenty waited longer than allowed'] : []),
    ...told,
    ...(others.length === 0 ? [] : [`  and seeds ${others.join(' ')}`]),
  ].join('\n');
}

function seconds(ms: number | null): string {
  return ms === null ? '' : `${(ms / 1000).toFixed(2)} s`;
}
