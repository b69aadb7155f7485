import type { Board, BoardChange, BoardSummary } from '../live/board.ts';
import type { DayCounts } from '../live/day-counts.ts';
import type { FeedSource } from '../live/feed.ts';
import type { LiveCall } from '../live/picture/live-call.ts';
import type { Problem } from '../live/problems.ts';

/** Calls that have just ended stay in sight, as on the board of one process. */
const endedMax = 10;

/** The board of one process. */
interface OneBoard {
  readonly calls: Map<string, LiveCall>;
  readonly ended: readonly LiveCall[];
  readonly summary: BoardSummary;
}

/** The boards of several processes as one. Each call says which process has it. */
export class JoinedBoard implements FeedSource {
  readonly #unixMs: () => number;
  /** What needs attention beyond what the boards tell. */
  readonly #problems: () => readonly Problem[];
  readonly #boards = new Map<string, OneBoard>();
  /** What was not told yet. */
  #calls = new Map<string, LiveCall>();
  #ended: LiveCall[] = [];
  #toldSummary = '';

  constructor(unixMs: () => number, problems: () => readonly Problem[] = () => []) {
    this.#unixMs = unixMs;
    this.#problems = problems;
  }

  /** A process has told all of its board. */
  begin(name: string, { calls, ended, summary }: Board): void {
    const named = calls.map((call) => withProcess(call, name));
    this.#boards.set(name, {
      calls: new Map(named.map((call) => [call.callSid, call])),
      ended: ended.map((call) => withProcess(call, name)),
      summary,
    });
    for (const call of named) this.#calls.set(call.callSid, call);
  }

  /** A process has told what has changed. */
  take(name: string, change: BoardChange): void {
    const board = this.#boards.get(name);
    if (board === undefined) return;
    for (const call of change.calls) {
      const named = withProcess(call, name);
      board.calls.set(call.callSid, named);
      this.#calls.set(call.callSid, named);
    }
    const news = change.ended.map((call) => withProcess(call, name));
    for (const { callSid } of news) board.calls.delete(callSid);
    const ended = [...news, ...board.ended].slice(0, endedMax);
    this.#boards.set(name, { ...board, ended, summary: change.summary ?? board.summary });
    for (const call of news) {
      // A call that has moved is on two boards, and over on one of them, which may have told of it last.
      const moved = this.#liveCall(call.callSid);
      if (moved !== null) this.#calls.set(call.callSid, moved);
      else {
        this.#calls.delete(call.callSid);
        this.#ended.push(call);
      }
    }
  }

  /** Whether a process has told its board. */
  has(name: string): boolean {
    return this.#boards.has(name);
  }

  /** A process tells no more. Returns whether it had told something. */
  end(name: string): boolean {
    return this.#boards.delete(name);
  }

  /** On whose board a call is live; null when on none. */
  nameOf(callSid: string): string | null {
    for (const [name, { calls }] of this.#boards) if (calls.has(callSid)) return name;
    return null;
  }

  snapshot(): string {
    const boards = [...this.#boards.values()];
    const board: Board = {
      nowMs: this.#unixMs(),
      calls: boards.flatMap(({ calls }) => [...calls.values()]),
      ended: this.#endedLast(boards),
      summary: this.#summary(),
    };
    return JSON.stringify(board);
  }

  /** The newest first, each once: the end by which a process left a call to another one is none while that tells of it. */
  #endedLast(boards: readonly OneBoard[]): readonly LiveCall[] {
    const byCall = new Map<string, LiveCall>();
    for (const call of boards.flatMap(({ ended }) => ended)) {
      const known = byCall.get(call.callSid);
      const isOver = this.nameOf(call.callSid) === null;
      if (isOver && (known === undefined || known.end?.outcome === 'elsewhere')) byCall.set(call.callSid, call);
    }
    return [...byCall.values()]
      .toSorted((one, other) => (other.end?.atMs ?? 0) - (one.end?.atMs ?? 0))
      .slice(0, endedMax);
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

  #liveCall(callSid: string): LiveCall | null {
    const name = this.nameOf(callSid);
    return name === null ? null : (this.#boards.get(name)?.calls.get(callSid) ?? null);
  }

  #summary(): BoardSummary {
    const summaries = [...this.#boards.values()].map(({ summary }) => summary);
    const loads = summaries.map(({ load }) => load);
    return {
      load: {
        calls: sumOf(loads.map(({ calls }) => calls)),
        callsMax: sumOf(loads.map(({ callsMax }) => callsMax)),
        modelSessions: sumOf(loads.map(({ modelSessions }) => modelSessions)),
        // Where others go on, the service does: a deploy ends one process after the other.
        isDraining: loads.length > 0 && loads.every(({ isDraining }) => isDraining),
      },
      day: joinedDay(
        summaries.map(({ day }) => day),
        this.#unixMs(),
      ),
      problems: [...joinedProblems(summaries.flatMap(({ problems }) => problems)), ...this.#problems()],
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

function withProcess(call: LiveCall, name: string): LiveCall {
  return call.process === null ? { ...call, process: name } : call;
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
