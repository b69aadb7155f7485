import type { Board, BoardChange, BoardSummary } from '../../console/live/board.ts';
import type { DayCounts } from '../../console/live/day-counts.ts';
import type { FeedSource } from '../../console/live/feed.ts';
import type { LiveCall } from '../../console/live/picture/live-call.ts';
import type { Problem } from '../../console/live/problems.ts';

/** Calls that have just ended stay in sight, as on the board of one process. */
const endedMax = 10;

/** The board of one worker. */
interface OneBoard {
  readonly calls: Map<string, LiveCall>;
  readonly ended: readonly LiveCall[];
  readonly summary: BoardSummary;
}

/** The boards of workers as one. */
export class JoinedBoard implements FeedSource {
  readonly #unixMs: () => number;
  readonly #boards = new Map<string, OneBoard>();
  /** What was not told yet. */
  #calls = new Map<string, LiveCall>();
  #ended: LiveCall[] = [];
  #toldSummary = '';

  constructor(unixMs: () => number) {
    this.#unixMs = unixMs;
  }

  /** A worker has told all of its board. */
  begin(worker: string, { calls, ended, summary }: Board): void {
    this.#boards.set(worker, { calls: new Map(calls.map((call) => [call.callSid, call])), ended, summary });
    for (const call of calls) this.#calls.set(call.callSid, call);
  }

  /** A worker has told what has changed. */
  take(worker: string, change: BoardChange): void {
    const board = this.#boards.get(worker);
    if (board === undefined) return;
    for (const call of change.calls) {
      board.calls.set(call.callSid, call);
      this.#calls.set(call.callSid, call);
    }
    for (const { callSid } of change.ended) {
      board.calls.delete(callSid);
      this.#calls.delete(callSid);
    }
    this.#ended.push(...change.ended);
    const ended = [...change.ended, ...board.ended].slice(0, endedMax);
    this.#boards.set(worker, { ...board, ended, summary: change.summary ?? board.summary });
  }

  /** A worker tells no more. */
  end(worker: string): void {
    this.#boards.delete(worker);
  }

  snapshot(): string {
    const boards = [...this.#boards.values()];
    const board: Board = {
      nowMs: this.#unixMs(),
      calls: boards.flatMap(({ calls }) => [...calls.values()]),
      ended: boards
        .flatMap(({ ended }) => ended)
        .toSorted((one, other) => (other.end?.atMs ?? 0) - (one.end?.atMs ?? 0))
        .slice(0, endedMax),
      summary: this.#summary(),
    };
    return JSON.stringify(board);
  }

  change(): string | null {
    const summary = this.#summary();
    const summaryText = JSON.stringify(summary);
    const isNews = summaryText !== this.#toldSummary;
    if (this.#calls.size === 0 && this.#ended.length === 0 && !isNews) return null;
    const change: BoardChange = {
      calls: [...this.#calls.values()],
      ended: this.#ended,
      ...(isNews ? { summary } : {}),
    };
    this.#calls = new Map();
    this.#ended = [];
    this.#toldSummary = summaryText;
    return JSON.stringify(change);
  }

  #summary(): BoardSummary {
    const summaries = [...this.#boards.values()].map(({ summary }) => summary);
    const loads = summaries.map(({ load }) => load);
    return {
      load: {
        calls: sumOf(loads.map(({ calls }) => calls)),
        callsMax: sumOf(loads.map(({ callsMax }) => callsMax)),
        modelSessions: sumOf(loads.map(({ modelSessions }) => modelSessions)),
        isDraining: loads.some(({ isDraining }) => isDraining),
      },
      day: joinedDay(
        summaries.map(({ day }) => day),
        this.#unixMs(),
      ),
      problems: joinedProblems(summaries.flatMap(({ problems }) => problems)),
    };
  }
}

function joinedDay(days: readonly DayCounts[], nowMs: number): DayCounts {
  return {
    sinceMs: Math.min(nowMs, ...days.map(({ sinceMs }) => sinceMs)),
    calls: sumOf(days.map(({ calls }) => calls)),
    byOutcome: summed(days.map(({ byOutcome }) => byOutcome)),
    refused: summed(days.map(({ refused }) => refused)),
  };
}

/** What several have met is one problem. */
function joinedProblems(problems: readonly Problem[]): readonly Problem[] {
  const byCode = new Map<string, Problem>();
  for (const problem of problems) {
    const known = byCode.get(problem.code);
    const met =
      known?.met == null || problem.met === null
        ? problem.met
        : { times: known.met.times + problem.met.times, lastMs: Math.max(known.met.lastMs, problem.met.lastMs) };
    byCode.set(problem.code, { ...problem, met });
  }
  return [...byCode.values()];
}

function sumOf(figures: readonly number[]): number {
  return figures.reduce((sum, figure) => sum + figure, 0);
}

function summed(counts: readonly Readonly<Record<string, number | undefined>>[]): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const [name, count = 0] of counts.flatMap((one) => Object.entries(one))) sums[name] = (sums[name] ?? 0) + count;
  return sums;
}
