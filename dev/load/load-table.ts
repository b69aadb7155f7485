import { medianOf } from '../viewers/median.ts';
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
  'kB per call',
  'void',
];

/** The first lines of the table. */
export const loadTableHead = `| ${columns.join(' | ')} |\n| ${columns.map((_, at) => (at === 1 ? '---' : '--:')).join(' | ')} |`;

/** A round of one bridge: its figures, or why there are none. */
export type LoadRound = LoadFigures | { readonly failed: string };

/**
 * One bridge under so many calls: of each figure the median of the rounds that count. `yardstick`: the relay in the same rounds, with which
 * each round is compared by itself.
 */
export function loadRow(
  calls: number,
  name: string,
  rounds: readonly LoadRound[],
  yardstick: readonly LoadRound[],
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
    ((1024 * of(({ loadedMb, idleMb }) => loadedMb - idleMb)) / calls).toFixed(0),
    `${measured.length - valid.length} of ${rounds.length}`,
  ]);
}

/** The medians of p50 and p99 over some rounds; a dash when there were no such trips. */
export function tripsText(rounds: readonly Trips[]): string {
  if (rounds.every(({ count }) => count === 0)) return '–';
  const [p50Ms, p99Ms] = [medianOf(rounds.map((trips) => trips.p50Ms)), medianOf(rounds.map((trips) => trips.p99Ms))];
  return `${p50Ms.toFixed(2)} / ${p99Ms.toFixed(1)}`;
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
