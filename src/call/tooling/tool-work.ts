import type { ToolCall, ToolResponse } from './tool-call.ts';
import type { Memory } from '../talk/memory.ts';
import type { Reaction } from '../reaction.ts';
import { ToolCalls } from './tool-calls.ts';

/** What became of a result: the session that asked has it, or the next one must be told (`stray`). */
export type ToolOutcome =
  | { readonly kind: 'notOpen' | 'answered' | 'answeredSilently' }
  | { readonly kind: 'stray'; readonly call: ToolCall; readonly response: ToolResponse };

/** The tools at work: each call is run once, its result goes to the session that is there by then, and stays in the memory of the call. */
export class ToolWork {
  readonly #reaction: Reaction;
  readonly #memory: Memory;
  readonly #calls = new ToolCalls();

  constructor(reaction: Reaction, memory: Memory) {
    this.#reaction = reaction;
    this.#memory = memory;
  }

  /** Whether the model session waits for a tool. */
  get isAwaited(): boolean {
    return this.#calls.isAwaited;
  }

  /** Whether any tool runs. */
  get isBusy(): boolean {
    return this.#calls.nextDeadlineMs !== null;
  }

  get running(): readonly ToolCall[] {
    return this.#calls.running;
  }

  isOpen(id: string): boolean {
    return this.#calls.isOpen(id);
  }

  called(call: ToolCall): void {
    const start = this.#calls.start(call, this.#reaction.nowMs);
    switch (start.kind) {
      case 'started':
        return this.#reaction.do({ type: 'tool.run', call });
      case 'known':
        this.#reaction.note('info', 'toolNotRun', { why: start.kind });
        return this.#answer(call.id, call.name, start.response, false);
      case 'joined':
        return this.#reaction.note('info', 'toolNotRun', { why: start.kind });
      case 'repeated':
        return this.#notRun(start.kind);
      case 'tooMany':
        return this.#refuse(call.id, call.name, start.kind, 'Too many tools run at once. Wait for their answers.');
      case 'spent':
        return this.#refuse(call.id, call.name, start.kind, 'No more tools can be run on this call.');
    }
  }

  /** A call that cannot be run. */
  rejected(id: string, name: string): void {
    if (!this.#calls.reject(id)) return this.#notRun('repeated');
    this.#refuse(id, name, 'tooLong', 'The arguments are too long. Call again with fewer of them.');
  }

  /** A tool is done. */
  finished(id: string, response: ToolResponse, silent: boolean): ToolOutcome {
    const settled = this.#calls.close(id, response, this.#reaction.nowMs);
    if (settled === null) return { kind: 'notOpen' };
    const { call, askedAs } = settled;
    this.#memory.add({ kind: 'tool', atMs: this.#reaction.nowMs, call, response });
    if (askedAs === null) return { kind: 'stray', call, response };
    this.#answer(askedAs, call.name, response, silent);
    return { kind: silent ? 'answeredSilently' : 'answered' };
  }

  failed(id: string, message: string): ToolOutcome {
    return this.finished(id, failure(message), false);
  }

  /** The model has cancelled it. */
  cancelled(askedAs: string): void {
    const id = this.#calls.runOf(askedAs);
    if (id !== null) this.#cancel(id, 'The caller spoke before it was done.');
  }

  cancelOverdue(): ToolOutcome[] {
    return this.#calls.overdue(this.#reaction.nowMs).map((id) => {
      this.#reaction.note('warn', 'toolFailed', { fault: 'tool.timedOut' });
      return this.#cancel(id, 'It took too long.');
    });
  }

  /** The service has kept everything up to now. */
  covered(): void {
    this.#calls.covered();
  }

  /** The model session is lost; its tools run on. */
  sessionLost(): void {
    this.#calls.sessionLost();
  }

  /** Nobody will ask for results any more. */
  abandon(): void {
    this.#reaction.stopWaiting('tool');
    for (const id of this.#calls.abandon()) this.#reaction.do({ type: 'tool.cancel', id });
  }

  advance(): void {
    this.#reaction.waitUntil('tool', this.#calls.nextDeadlineMs);
  }

  #cancel(id: string, why: string): ToolOutcome {
    const outcome = this.failed(id, why);
    this.#reaction.do({ type: 'tool.cancel', id });
    return outcome;
  }

  #refuse(id: string, name: string, why: string, message: string): void {
    this.#notRun(why);
    this.#answer(id, name, failure(message), false);
  }

  #notRun(why: string): void {
    this.#reaction.noteOnce('toolNotRun', { why });
  }

  #answer(id: string, name: string, response: ToolResponse, silent: boolean): void {
    this.#reaction.do({ type: 'model.answerTools', answers: [{ id, name, response, silent }] });
  }
}

/** What the model is told when something did not work and trying again would not help. */
export function failure(message: string): ToolResponse {
  return { error: message, retryable: false };
}
