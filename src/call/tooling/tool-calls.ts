import type { ToolCall, ToolResponse } from './tool-call.ts';

/** Longer than any look-up should take, and short enough that the caller does not hang up. */
const toolMsMax = 8_000;

/** More calls at once than any prompt of ours asks for; beyond it the model is in a loop. */
const openCallsMax = 16;

/** One every seven seconds of the longest call. Each is a run that somebody pays for, and a line in the log and the journal. */
const runsMax = 2_000;

/** The last ids are remembered so that none is run or answered twice: far more than a session can mean with one that it repeats. */
const answeredIdsMax = 1_000;

/** Results for which no session has asked again are kept for a short time only: a minute later they may be wrong. */
const resultsMax = 16;
const strayMsMax = 60_000;

interface OpenCall {
  readonly call: ToolCall;
  /** The name and the arguments: what two calls have in common that want the very same. */
  readonly wish: string;
  readonly deadlineMs: number;
  /** Under which id the present model session waits for the result; null when the session that asked is lost. */
  askedAs: string | null;
}

/** What a tool found out, while it is of use to a session that did not hear of it. */
interface Result {
  readonly wish: string;
  readonly response: ToolResponse;
  readonly untilMs: number;
}

/** What becomes of a request of the model to run a tool. */
export type ToolStart =
  | { readonly kind: 'started' | 'repeated' | 'tooMany' | 'spent' | 'joined' }
  /** An earlier session asked for the very same, and was lost before it had the answer. */
  | { readonly kind: 'known'; readonly response: ToolResponse };

/**
 * The tool calls of a phone call. Every id is answered exactly once, because an unanswered one deafens the session (GM-TOOL-3). A session
 * that is lost cannot be answered; its tools run on, and a next session that asks for the same gets their result instead of a second run.
 */
export class ToolCalls {
  readonly #open = new Map<string, OpenCall>();
  readonly #answered = new Set<string>();
  #runs = 0;
  /** Results of which no session knows. */
  #stray: readonly Result[] = [];
  /** Results that the present session has, and that are in no handle yet: if it is lost, so are they. */
  #uncovered: readonly Result[] = [];

  /** Takes a new call. `repeated`: the id was seen before, and nothing must be done. `joined`: a running tool serves it. */
  start(call: ToolCall, nowMs: number): ToolStart {
    if (this.#isKnown(call.id)) return { kind: 'repeated' };
    const wish = wishOf(call);
    const running = [...this.#open.values()].find((open) => open.askedAs === null && open.wish === wish);
    if (running !== undefined) {
      running.askedAs = call.id;
      return { kind: 'joined' };
    }
    const stray = this.#stray.find((result) => nowMs < result.untilMs && result.wish === wish);
    if (stray !== undefined) {
      this.#remember(call.id);
      this.#stray = this.#stray.filter((result) => result !== stray);
      return { kind: 'known', response: stray.response };
    }
    if (this.#open.size >= openCallsMax || this.#runs >= runsMax) {
      this.#remember(call.id);
      return { kind: this.#runs >= runsMax ? 'spent' : 'tooMany' };
    }
    this.#runs += 1;
    this.#open.set(call.id, { call, wish, deadlineMs: nowMs + toolMsMax, askedAs: call.id });
    return { kind: 'started' };
  }

  /** Takes a new call that must not be run. Returns whether it is to be answered: not if its id was seen before. */
  reject(id: string): boolean {
    if (this.#isKnown(id)) return false;
    this.#remember(id);
    return true;
  }

  /** Closes an open call by the id of its run. Returns what was asked, and under which id the answer is waited for; null when it is not open. */
  close(
    id: string,
    response: ToolResponse,
    nowMs: number,
  ): { readonly call: ToolCall; readonly askedAs: string | null } | null {
    const open = this.#open.get(id);
    if (open === undefined) return null;
    this.#open.delete(id);
    this.#remember(id);
    const result = { wish: open.wish, response, untilMs: nowMs + strayMsMax };
    if (open.askedAs === null) this.#stray = newest([...this.#stray, result]);
    else {
      this.#remember(open.askedAs);
      this.#uncovered = newest([...this.#uncovered, result]);
    }
    return open;
  }

  isOpen(id: string): boolean {
    return this.#open.has(id);
  }

  /** The id of the run that answers what the model asked under `askedAs`. */
  runOf(askedAs: string): string | null {
    for (const [id, open] of this.#open) if (open.askedAs === askedAs) return id;
    return null;
  }

  /** Whether the model session waits for a tool. */
  get isAwaited(): boolean {
    return [...this.#open.values()].some(({ askedAs }) => askedAs !== null);
  }

  get nextDeadlineMs(): number | null {
    let earliestMs: number | null = null;
    for (const { deadlineMs } of this.#open.values()) {
      if (earliestMs === null || deadlineMs < earliestMs) earliestMs = deadlineMs;
    }
    return earliestMs;
  }

  overdue(nowMs: number): string[] {
    return [...this.#open].filter(([, open]) => open.deadlineMs <= nowMs).map(([id]) => id);
  }

  /** The model session is lost, and with it the duty to answer. The tools run on for the next one. */
  sessionLost(): void {
    for (const open of this.#open.values()) {
      if (open.askedAs !== null) this.#remember(open.askedAs);
      open.askedAs = null;
    }
    this.#stray = newest([...this.#stray, ...this.#uncovered]);
    this.#uncovered = [];
  }

  /** The service has kept everything up to now: a resumed session knows these results. */
  covered(): void {
    this.#uncovered = [];
  }

  /** Nobody waits any more. Returns the ids of the tools that still run. */
  abandon(): string[] {
    const ids = [...this.#open.keys()];
    this.#open.clear();
    return ids;
  }

  /** What still runs for a session that is lost. */
  get running(): readonly ToolCall[] {
    return [...this.#open.values()].filter(({ askedAs }) => askedAs === null).map(({ call }) => call);
  }

  #isKnown(id: string): boolean {
    return this.#answered.has(id) || this.#open.has(id) || this.runOf(id) !== null;
  }

  #remember(id: string): void {
    this.#answered.add(id);
    if (this.#answered.size <= answeredIdsMax) return;
    for (const oldest of this.#answered) {
      this.#answered.delete(oldest);
      return;
    }
  }
}

function newest(results: readonly Result[]): readonly Result[] {
  return results.slice(-resultsMax);
}

function wishOf({ name, args }: ToolCall): string {
  return `${name} ${JSON.stringify(args)}`;
}
