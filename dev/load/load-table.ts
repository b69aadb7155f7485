import { medianOf } from '../figures/quantiles.ts';
import type { Trips } from './load-orders.ts';
import type { LoadFigures } from './load-run.ts';

/** What the columns of the table are, from left to right. */
const columns = [
  'calls',
  'bridge',
  'CPU, ms per call-second',
  'beside the relay',
  'of a processor',
  'up, p50 / p99 ms',
  'down, p50 / p99 ms',
  'clear, p50 / p99 ms',
  'model heard',
  'kB per further call',
  'void',
];

/** The first lines of the table. */
export const loadTableHead = `| ${columns.join(' | ')} |\n| ${columns.map((_, at) => (at === 1 ? '---' : '--:')).join(' | ')} |`;

/** A round of one bridge: its figures, or why there are none. */
export type LoadRound = LoadFigures | { readonly failed: string };

/** What a row is compared with. */
export interface LoadContext {
  /** The relay in the same rounds, with which each round is compared by itself. */
  readonly yardstick: readonly LoadRound[];
  /** The same bridge under fewer calls, beside which further calls take memory; null when there was none. */
  readonly fewer: { readonly calls: number; readonly rounds: readonly LoadRound[] } | null;
}

/** One bridge under so many calls: of each figure the median of the rounds that count. */
export function loadRow(
  calls: number,
  name: string,
  rounds: readonly LoadRound[],
  { yardstick, fewer }: LoadContext,
): string {
  const measured = rounds.filter(isMeasured);
  const [first] = measured;
  if (first === undefined) return rowOf([String(calls), `${name} (${remarks(rounds)})`]);
  const valid = measured.filter(({ isVoid }) => !isVoid);
  const counted = valid.length > 0 ? valid : measured;
  const of = (figure: (sample: LoadFigures) => number): number => medianOf(counted.map(figure));
  const said = remarks(rounds);
  return rowOf([
    String(calls),
    said === '' ? name : `${name} (${said})`,
    of(({ cpuMsPerCallSecond }) => cpuMsPerCallSecond).toFixed(2),
    `${medianOf(ratiosOf(rounds, yardstick)).toFixed(2)} ×`,
    `${(100 * of(({ cpuShare }) => cpuShare)).toFixed(0)} %`,
    ...(['up', 'down', 'clear'] as const).map((way) => tripsText(counted.map((sample) => sample[way]))),
    `${of(({ heard }) => heard.min).toFixed(3)}–${of(({ heard }) => heard.max).toFixed(3)}`,
    furtherKb(calls, measured, fewer).toFixed(0),
    `${measured.length - valid.length} of ${rounds.length}`,
  ]);
}

/** The medians of p50 and p99 over some rounds; a dash when there were no such trips. */
export function tripsText(rounds: readonly Trips[]): string {
  if (rounds.every(({ count }) => count === 0)) return '–';
  const [p50Ms, p99Ms] = [medianOf(rounds.map((trips) => trips.p50Ms)), medianOf(rounds.map((trips) => trips.p99Ms))];
  return `${p50Ms.toFixed(2)} / ${p99Ms.toFixed(1)}`;
}

/** What each call takes of memory that comes on top of fewer calls; without those, on top of none. A late load does not change it. */
function furtherKb(calls: number, measured: readonly LoadFigures[], fewer: LoadContext['fewer']): number {
  const loadedMb = medianOf(measured.map((sample) => sample.loadedMb));
  const before = fewer?.rounds.filter(isMeasured) ?? [];
  if (fewer === null || before.length === 0)
    return (1024 * (loadedMb - medianOf(measured.map(({ idleMb }) => idleMb)))) / calls;
  return (1024 * (loadedMb - medianOf(before.map((sample) => sample.loadedMb)))) / (calls - fewer.calls);
}

/** What CPU costs beside the yardstick of the same round. When no round counts for both, those that do not are better than nothing. */
function ratiosOf(rounds: readonly LoadRound[], yardstick: readonly LoadRound[]): number[] {
  const pairs = rounds.flatMap((sample, round) => {
    const relay = yardstick[round];
    return relay !== undefined && isMeasured(sample) && isMeasured(relay) ? [{ sample, relay }] : [];
  });
  const valid = pairs.filter(({ sample, relay }) => !sample.isVoid && !relay.isVoid);
  return (valid.length > 0 ? valid : pairs).map(
    ({ sample, relay }) => sample.cpuMsPerCallSecond / relay.cpuMsPerCallSecond,
  );
}

/** What went wrong in any round, in words. */
function remarks(rounds: readonly LoadRound[]): string {
  const measured = rounds.filter(isMeasured);
  const counts: readonly (readonly [count: (sample: LoadFigures) => number, what: string])[] = [
    [({ broken }) => broken, 'calls broken'],
    [({ unclear }) => unclear, 'interruptions without a clear'],
    [({ sessionsLost }) => sessionsLost, 'sessions replaced'],
    [({ nudges }) => nudges, 'nudges'],
  ];
  const said = counts.flatMap(([count, what]) => {
    const sum = measured.reduce((before, sample) => before + count(sample), 0);
    return sum === 0 ? [] : [`${sum} ${what}`];
  });
  const failures = rounds.flatMap((round) => (isMeasured(round) ? [] : [`failed: ${round.failed}`]));
  return [...said, ...failures].join('; ');
}

function isMeasured(round: LoadRound): round is LoadFigures {
  return !('failed' in round);
}

function rowOf(cells: readonly string[]): string {
  return `| ${columns.map((_, at) => cells[at] ?? '').join(' | ')} |`;
}
