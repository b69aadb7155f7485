import { ParleyError } from '../errors.ts';
import type { Clock, Timer } from '../system/clock.ts';
import type { Tool, ToolResult, ToolRun } from '../tools/tool.ts';

/** Far more than all calls of a process ask for at once, unless a tool hangs. */
const runsMax = 500;

/** A tool as its process has declared it. */
export type OfferedTool = Omit<Tool, 'run'>;

/** A run of a tool in its process. */
export interface OpenRun {
  readonly id: number;
  readonly tool: OfferedTool;
  readonly args: unknown;
  readonly run: ToolRun;
}

interface Kept extends OpenRun {
  /** Whether the process was told of it. */
  sent: boolean;
  /** Whether somebody still waits for it. */
  awaited: boolean;
  /** Whether it has had its time and more. */
  overdue: boolean;
  readonly deadline: Timer;
  readonly settle: (outcome: RunOutcome) => void;
}

/** How a run ended. */
export type RunOutcome = { readonly result: ToolResult } | { readonly error: Error };

/** What a lane does for its runs. */
interface RunLane {
  /** Tells the process of it; false while there is none that is ready, and then it is told when `sendAll` is called. */
  readonly send: (run: OpenRun) => boolean;
  readonly cancel: (id: number) => void;
  /** A run has had its time and more, and the process has not said that it is over. */
  readonly onOverdue: () => void;
}

/** The runs of one tool process that are not over. Each has a deadline of its own. */
export class OpenRuns {
  readonly #lane: RunLane;
  readonly #clock: Clock;
  readonly #graceMs: number;
  readonly #runs = new Map<number, Kept>();
  #lastId = 0;

  constructor(lane: RunLane, clock: Clock, graceMs: number) {
    this.#lane = lane;
    this.#clock = clock;
    this.#graceMs = graceMs;
  }

  /** Whether none is on. */
  get isEmpty(): boolean {
    return this.#runs.size === 0;
  }

  /** Runs a tool. Rejects with `tool.timedOut`, `tool.interrupted`, or what the tool threw. */
  async start(tool: OfferedTool, args: unknown, run: ToolRun): Promise<ToolResult> {
    if (this.#runs.size >= runsMax)
      throw new ParleyError('tool.failed', 'Too many lookups are going on. Try it later.');
    if (run.signal.aborted) throw timedOut(tool);
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((resolve, reject) => {
      const stop = (): void => this.#cancel(id);
      const settle = (outcome: RunOutcome): void => {
        run.signal.removeEventListener('abort', stop);
        if ('error' in outcome) reject(outcome.error);
        else resolve(outcome.result);
      };
      run.signal.addEventListener('abort', stop, { once: true });
      const deadline = this.#clock.lazily(tool.timeoutMs + this.#graceMs, () => this.#overdue(id));
      const kept: Kept = { id, tool, args, run, sent: false, awaited: true, overdue: false, deadline, settle };
      this.#runs.set(id, kept);
      kept.sent = this.#lane.send(kept);
    });
  }

  /** The process is ready for those that wait. */
  sendAll(): void {
    for (const kept of this.#runs.values()) {
      if (!kept.sent) kept.sent = this.#lane.send(kept);
    }
  }

  /** The process has said how a run ended. */
  end(id: number, outcome: RunOutcome): void {
    const kept = this.#take(id);
    if (kept?.awaited === true) kept.settle(outcome);
  }

  /** The run that writes a line, if there is one. */
  runOf(id: number): ToolRun | null {
    return this.#runs.get(id)?.run ?? null;
  }

  /** Gives up what is overdue, in a process that still answers. */
  giveUp(): void {
    for (const { id, overdue, tool } of this.#runs.values()) {
      if (!overdue) continue;
      this.end(id, { error: timedOut(tool) });
      this.#lane.cancel(id);
    }
  }

  /** The process is gone: what it was told of is lost, and the rest waits for the next one. */
  interrupt(why: string, which: 'sent' | 'all'): void {
    for (const { id, tool, sent } of this.#runs.values()) {
      if (sent || which === 'all') this.end(id, { error: interrupted(tool, why) });
    }
  }

  #overdue(id: number): void {
    const kept = this.#runs.get(id);
    if (kept === undefined) return;
    if (!kept.sent) return this.end(id, { error: interrupted(kept.tool, 'its process did not come back in time') });
    kept.overdue = true;
    this.#lane.onOverdue();
  }

  #cancel(id: number): void {
    const kept = this.#runs.get(id);
    if (kept === undefined || !kept.awaited) return;
    kept.settle({ error: timedOut(kept.tool) });
    // The process has still to say that it is over: who does not hear of it may hang.
    kept.awaited = false;
    if (kept.sent) this.#lane.cancel(id);
    else this.#take(id);
  }

  #take(id: number): Kept | null {
    const kept = this.#runs.get(id);
    this.#runs.delete(id);
    kept?.deadline.cancel();
    return kept ?? null;
  }
}

function timedOut({ name }: OfferedTool): ParleyError {
  return new ParleyError('tool.timedOut', `The tool ${name} took too long. Tell the caller so.`);
}

function interrupted({ name }: OfferedTool, why: string): ParleyError {
  return new ParleyError('tool.interrupted', `The tool ${name} was interrupted: ${why}.`);
}
