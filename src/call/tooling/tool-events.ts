import type { CallEvent, LeaveOrder } from '../events.ts';
import type { Farewell } from '../phone/farewell.ts';
import type { Reaction } from '../reaction.ts';
import type { Prompter } from '../talk/prompter.ts';
import { strayResult } from '../talk/prompts.ts';
import type { UnansweredCaller } from '../turns/unanswered-caller.ts';
import type { ResponseWatchdog } from '../watchdog/response-watchdog.ts';
import type { ToolCall, ToolResponse } from './tool-call.ts';
import { failure } from './tool-words.ts';
import type { ToolOutcome, ToolWork } from './tool-work.ts';

const interruptedText = 'The caller has interrupted you. Listen, and answer. End the call when the caller is done.';

type ToolFinished = Extract<CallEvent, { type: 'tool.finished' }>;
type ToolFailed = Extract<CallEvent, { type: 'tool.failed' }>;

/** What follows from tool calls and results: for what is expected, and for the call, which a tool may ask to leave. */
export class ToolEvents {
  readonly #tools: ToolWork;
  readonly #watchdog: ResponseWatchdog;
  readonly #prompter: Prompter;
  readonly #farewell: Farewell;
  readonly #unanswered: UnansweredCaller;
  readonly #reaction: Reaction;

  constructor(
    tools: ToolWork,
    watchdog: ResponseWatchdog,
    prompter: Prompter,
    farewell: Farewell,
    unanswered: UnansweredCaller,
    reaction: Reaction,
  ) {
    this.#tools = tools;
    this.#watchdog = watchdog;
    this.#prompter = prompter;
    this.#farewell = farewell;
    this.#unanswered = unanswered;
    this.#reaction = reaction;
  }

  called(calls: readonly ToolCall[]): void {
    const answered = calls.filter((call) => this.#tools.called(call));
    this.#watchdog.toolCalled();
    if (answered.length > 0 && !this.#farewell.isLeaving) this.#watchdog.expect('toolResult');
  }

  /** A call whose arguments are too much for any tool. */
  rejected(id: string, name: string): void {
    this.#tools.rejected(id, name);
    this.#watchdog.toolCalled();
  }

  /** The model has cancelled these. */
  cancelled(ids: readonly string[]): void {
    for (const id of ids) this.#tools.cancelled(id);
    if (this.#watchdog.expected !== null) this.#watchdog.expect('answer');
  }

  /** A tool may ask something of the call. When that cannot be done, the model is told so instead of the tool's answer. */
  finished({ id, response, scheduling, leave }: ToolFinished): void {
    if (!this.#tools.isOpen(id)) return;
    const wasLeaving = this.#farewell.isLeaving;
    const refusal = leave === null ? null : this.#leave(leave);
    this.#done(this.#tools.finished(id, refusal ?? response, refusal === null ? scheduling : 'whenIdle'), wasLeaving);
  }

  failed({ id, fault, message }: ToolFailed): void {
    this.#reaction.note('warn', 'toolFailed', { fault });
    this.#done(this.#tools.failed(id, fault, message), this.#farewell.isLeaving);
  }

  timedOut(): void {
    for (const outcome of this.#tools.cancelOverdue()) this.#done(outcome, this.#farewell.isLeaving);
  }

  /** Nobody is hung up on in mid-sentence by a model that has not noticed the caller. */
  #leave(order: LeaveOrder): ToolResponse | null {
    const isRude = order.kind === 'hangUp' && this.#unanswered.isUnnoticed && !this.#farewell.isLeaving;
    return isRude ? failure(interruptedText) : this.#farewell.apply(order);
  }

  /** A result that comes during the goodbye must not break it off. */
  #done(outcome: ToolOutcome, wasLeaving: boolean): void {
    if (wasLeaving) return;
    switch (outcome.kind) {
      case 'stray':
        this.#prompter.tell(strayResult(outcome.call, outcome.response));
        if (this.#prompter.isHeard) this.#tools.heard();
        return this.#watchdog.expect('anything');
      case 'answered':
        return this.#watchdog.expect('toolResult');
      case 'answeredSilently':
        return this.#watchdog.excused();
      case 'notOpen':
    }
  }
}
