import type { ToolCall } from './events.ts';

/** Longer than any look-up should take, and short enough that the caller does not hang up. */
const toolMsMax = 8_000;

/** More calls at once than any prompt of ours asks for; beyond it the model is in a loop. */
const openCallsMax = 16;

/** Ids are remembered so that none is answered twice. A call of hours stays far below this. */
const answeredIdsMax = 10_000;

interface OpenCall {
  readonly name: string;
  readonly deadlineMs: number;
}

/** The tool calls of one model session. Every id is answered exactly once, because an unanswered one deafens the session (GM-TOOL-3). */
export class ToolCalls {
  readonly #open = new Map<string, OpenCall>();
  readonly #answered = new Set<string>();

  /** Takes a new call. `repeated` means that the id was seen before and nothing must be done. */
  start(call: ToolCall, nowMs: number): 'started' | 'repeated' | 'tooMany' {
    if (this.#open.has(call.id) || this.#answered.has(call.id)) return 'repeated';
    if (this.#open.size >= openCallsMax) {
      this.#remember(call.id);
      return 'tooMany';
    }
    this.#open.set(call.id, { name: call.name, deadlineMs: nowMs + toolMsMax });
    return 'started';
  }

  /** Closes an open call, which the caller of this method then answers. Returns its name, or null when it is not open. */
  settle(id: string): string | null {
    const open = this.#open.get(id);
    if (open === undefined) return null;
    this.#open.delete(id);
    this.#remember(id);
    return open.name;
  }

  isOpen(id: string): boolean {
    return this.#open.has(id);
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

  /** The model session is over, and with it the duty to answer. Returns the ids of the tools that still run. */
  abandon(): string[] {
    const ids = [...this.#open.keys()];
    this.#open.clear();
    return ids;
  }

  #remember(id: string): void {
    if (this.#answered.size < answeredIdsMax) this.#answered.add(id);
  }
}
