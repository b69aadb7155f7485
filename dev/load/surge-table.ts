import type { Spread } from './load-orders.ts';
import type { LoadFigures } from './load-run.ts';
import { tripsText } from './load-table.ts';
import type { SurgeFigures } from './surge-run.ts';

/** What a surge did: what became of its callers, and what the calls noticed that talked all the time. Tables in Markdown. */
export function surgeTables({
  fullCalls,
  residents,
  callsPerSecond,
  report,
  before,
  during,
  after,
}: SurgeFigures): string {
  const callers: readonly (readonly [what: string, asked: string, measured: string])[] = [
    ['callers taken', '', String(report.taken)],
    ['callers refused', '', String(report.refused)],
    ['without an answer that Twilio understands', '0', String(report.unanswered)],
    ['refused after, p50 / p99 ms', '– / ≤ 250', tripsText([report.refusals])],
    ['refused after, at most, ms', '≤ 2000', report.refused === 0 ? '–' : report.refusals.maxMs.toFixed(0)],
    ['model heard, of each call that was taken', '0.990–1.010', spreadText(report.heard)],
    ['clear, p50 / p99 ms', '', tripsText([report.clear])],
    ['interruptions without a clear', '0', String(report.unclear)],
    ['calls broken', '0', report.broken === 0 ? '0' : `${report.broken}: ${report.why}`],
    ['model sessions replaced', '0', String(report.sessionsLost)],
  ];
  const phases = [before, during, after];
  const others: readonly (readonly [what: string, figure: (sample: LoadFigures) => string])[] = [
    ['of a processor', ({ cpuShare }) => `${(100 * cpuShare).toFixed(0)} %`],
    ['up, p50 / p99 ms', ({ up }) => tripsText([up])],
    ['down, p50 / p99 ms', ({ down }) => tripsText([down])],
    ['clear, p50 / p99 ms', ({ clear }) => tripsText([clear])],
    ['model heard', ({ heard }) => spreadText(heard)],
    ['interruptions without a clear', ({ unclear }) => String(unclear)],
    ['calls broken', ({ broken }) => String(broken)],
    ['p99 of how late the load was, ms', ({ lateMs }) => lateMs.toFixed(1)],
  ];
  return [
    `${fullCalls} calls fill the processor. ${residents} talk all the time; beside them ${callsPerSecond.toFixed(1)} come in each second.`,
    '',
    tableOf(['the surge', 'asked', 'measured'], callers),
    '',
    tableOf(
      [`the ${residents} others`, 'before', 'during', '10 s after'],
      others.map(([what, figure]) => [what, ...phases.map(figure)]),
    ),
  ].join('\n');
}

function spreadText({ min, max }: Spread): string {
  return `${min.toFixed(3)}–${max.toFixed(3)}`;
}

function tableOf(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, head.map((_, at) => (at === 0 ? '---' : '--:')), ...rows];
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
