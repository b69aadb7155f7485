import { tableHead, tableRow } from '../voice/score/voice-tables.ts';
import type { RowResults } from './turns-table.ts';

/** What came of each row with one value of a parameter. */
export interface SweepPoint {
  readonly value: number;
  readonly rows: readonly RowResults[];
}

/**
 * One table, in Markdown, with a line for each value of a parameter of barge-in: what stops the agent, and how fast, against what does not.
 * Where it has to go on: no stop by ticks, and no pause over 500 ms.
 */
export function sweepTable(parameter: string, points: readonly SweepPoint[]): string {
  const names = points[0]?.rows.map(({ row }) => row.name) ?? [];
  const lines = points.map(({ value, rows }) => tableRow([String(value), ...rows.map(cellOf)]));
  return [tableHead([parameter, ...names]), ...lines].join('\n');
}

function cellOf({ row, results }: RowResults): string {
  const events = results.flatMap((one) => one.events).filter(({ isVoid }) => !isVoid);
  const share = (met: number): string => ((100 * met) / events.length).toFixed(1);
  if (events.length === 0) return '-';
  switch (row.asks) {
    case 'yield': {
      const times = events.flatMap(({ yieldMs }) => yieldMs ?? []);
      const mean = times.reduce((sum, ms) => sum + ms, 0) / times.length;
      return `${share(times.length)} %${times.length === 0 ? '' : `, ${mean.toFixed(0)} ms`}`;
    }
    case 'goOn': {
      const noTick = events.filter(({ tickStopped }) => !tickStopped).length;
      return `${share(noTick)}, ${share(events.filter(({ wentOn }) => wentOn).length)} %`;
    }
    case 'answer':
      return `${share(events.filter(({ answerMs }) => answerMs !== null && answerMs < 0).length)} % begun over`;
  }
}
