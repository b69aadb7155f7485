import { faultRules } from './faults.ts';
import { isVoid, missedByFault, missedByRound, seconds } from './judge/asked.ts';
import type { FaultFigures, RoundFigures } from './judge/round-figures.ts';

/** What a round is called, and what it did. */
export interface NamedFigures {
  readonly name: string;
  readonly figures: RoundFigures;
}

const faultHead = [
  'round',
  'fault',
  'times',
  'live calls',
  'went on',
  'share',
  'silence p50',
  'p95',
  'cut off',
  'new calls',
  'answered',
];
const roundHead = [
  'round',
  'calls',
  'webhooks failed',
  'tried again',
  'effects',
  'twice',
  'refused',
  'above limit',
  'without end',
  'late p99',
];

/** Both tables of a run, in Markdown: what each kind of fault did, and what each round did. `!` marks what misses what is asked. */
export function chaosTables(rounds: readonly NamedFigures[]): string {
  const faultRows = rounds.flatMap(({ name, figures }) =>
    figures.faults.map((fault) => faultRow(name, fault, isVoid(figures))),
  );
  const roundRows = rounds.map(({ name, figures }) => roundRow(name, figures));
  return `${markdown(faultHead, faultRows)}\n\n${markdown(roundHead, roundRows)}`;
}

function faultRow(name: string, figures: FaultFigures, isVoidRound: boolean): string[] {
  const { fault, strikes, live, wentOn, silenceP50Ms, silenceP95Ms, cutOff, placed, answered } = figures;
  return [
    marked(name, isVoidRound ? null : missedByFault(figures)),
    faultRules[fault].words,
    `${strikes}`,
    `${live}`,
    `${wentOn}`,
    live === 0 ? '' : `${((100 * wentOn) / live).toFixed(1)} %`,
    Number.isNaN(silenceP50Ms) ? '' : seconds(silenceP50Ms),
    Number.isNaN(silenceP95Ms) ? '' : seconds(silenceP95Ms),
    `${cutOff}`,
    faultRules[fault].strikes === 'database' ? `${placed}` : '',
    faultRules[fault].strikes === 'database' ? `${answered}` : '',
  ];
}

function roundRow(name: string, figures: RoundFigures): string[] {
  const { calls, webhooksFailed, webhooksRetried, effects, effectsTwice, refused, callsOver, unended, lateMs } =
    figures;
  const counts = [calls, webhooksFailed, webhooksRetried, effects, effectsTwice, refused, callsOver, unended.length];
  return [
    marked(name, isVoid(figures) ? null : missedByRound(figures)),
    ...counts.map(String),
    `${Math.round(lateMs)} ms`,
  ];
}

/** `missed`: null in a round that says nothing. */
function marked(name: string, missed: readonly string[] | null): string {
  if (missed === null) return `${name} (void)`;
  return missed.length > 0 ? `${name} !` : name;
}

function markdown(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, at) => Math.max(title.length, ...rows.map((row) => row[at]?.length ?? 0)));
  const isText = (at: number): boolean => head[at] === 'round' || head[at] === 'fault';
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, at) => (isText(at) ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))).join(' | ')} |`;
  const rule = widths.map((width, at) => (isText(at) ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`));
  return [head, rule, ...rows].map(line).join('\n');
}
