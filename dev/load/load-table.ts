import { medianOf } from '../viewers/median.ts';
import type { LoadFigures } from './load-run.ts';

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

/** One bridge under so many calls: of each figure the median of the rounds that count. */
export function loadRow(
  calls: number,
  name: string,
  rounds: readonly LoadFigures[],
  yardstick: readonly LoadFigures[],
): string {
  const valid = rounds.filter(({ isVoid }) => !isVoid);
  const counted = valid.length > 0 ? valid : rounds;
  const of = (figure: (sample: LoadFigures) => number): number => medianOf(counted.map(figure));
  const cost = of(({ cpuMsPerCallSecond }) => cpuMsPerCallSecond);
  const trips = (direction: 'up' | 'down' | 'clear'): string =>
    `${of((sample) => sample[direction].p50Ms).toFixed(2)} / ${of((sample) => sample[direction].p99Ms).toFixed(1)}`;
  const broken = rounds.reduce((sum, sample) => sum + sample.broken + sample.unclear + sample.sessionsLost, 0);
  const cells = [
    String(calls),
    broken === 0 ? name : `${name} (${broken} calls broken, sessions replaced, or interruptions without a clear)`,
    cost.toFixed(2),
    `${(cost / medianOf(yardstick.map(({ cpuMsPerCallSecond }) => cpuMsPerCallSecond))).toFixed(2)} ×`,
    `${(100 * of(({ cpuShare }) => cpuShare)).toFixed(0)} %`,
    trips('up'),
    trips('down'),
    trips('clear'),
    `${of(({ heard }) => heard.min).toFixed(3)}–${of(({ heard }) => heard.max).toFixed(3)}`,
    ((1024 * of(({ loadedMb, idleMb }) => loadedMb - idleMb)) / calls).toFixed(0),
    `${rounds.length - valid.length} of ${rounds.length}`,
  ];
  return `| ${cells.join(' | ')} |`;
}
