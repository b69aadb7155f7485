import type { Feeder } from '../agent/feeder.ts';
import type { CallSettings } from '../call-settings.ts';
import type { ToolAnswer } from '../effects.ts';
import type { ErrorCode } from '../../errors.ts';
import type { Memory } from '../talk/memory.ts';
import type { UnheardWords } from '../talk/unheard-words.ts';
import type { Reaction } from '../reaction.ts';
import type { ToolCall, ToolResponse, ToolScheduling } from './tool-call.ts';
import { type ClosedCall, ToolCalls, type ToolStart } from './tool-calls.ts';
import { confirmRequest, failure, knownAgain, leavesUnknown, unknownOutcome } from './tool-words.ts';
import type { PastWrite } from './writes.ts';

/** The field of an answer that tells the model what the caller heard of its last reply. */
const callerHeard = 'callerHeard';

/** Why a tool that the model calls is not run. */
export type NotRunCause = Exclude<ToolStart['kind'], 'started'> | 'tooLong';

/** What became of a result: the session that asked has it, or the next one must be told (`stray`). */
export type ToolOutcome =
  | { readonly kind: 'notOpen' | 'answered' | 'answeredSilently' }
  | { readonly kind: 'stray'; readonly call: ToolCall; readonly response: ToolResponse };

/** The tools at work: each call is run once, its result goes to the session that is there by then, and stays in the memory of the call. */
export class ToolWork {
  readonly #feeder: Feeder;
  readonly #reaction: Reaction;
  readonly #memory: Memory;
  readonly #unheard: UnheardWords;
  readonly #calls: ToolCalls;

  constructor(terms: CallSettings['tools'], feeder: Feeder, reaction: Reaction, memory: Memory, unheard: UnheardWords) {
    this.#calls = new ToolCalls(terms);
    this.#feeder = feeder;
    this.#reaction = reaction;
    this.#memory = memory;
    this.#unheard = unheard;
  }

  /** Whether the model session waits for a tool. */
  get isAwaited(): boolean {
    return this.#calls.isAwaited;
  }

  /** Whether any tool runs. */
  get isBusy(): boolean {
    return this.#calls.nextDeadlineMs !== null;
  }

  /** The longest time that any of the running tools may take, in ms; 0 when none runs. */
  get longestMs(): number {
    return this.#calls.longestMs;
  }

  get running(): readonly ToolCall[] {
    return this.#calls.running;
  }

  isOpen(id: string): boolean {
    return this.#calls.isOpen(id);
  }

  /** Takes a call of the model. Returns whether it is answered already with something that the caller must hear of. */
  called(call: ToolCall): boolean {
    const start = this.#calls.start(call, this.#reaction.nowMs);
    switch (start.kind) {
      case 'started':
        this.#reaction.do({ type: 'tool.run', call, key: start.key, effect: start.effect });
        return false;
      case 'known':
        return this.#notRunBut(start.kind, call, knownAgain(start.response));
      case 'unknown':
        return this.#notRunBut(start.kind, call, failure(unknownOutcome));
      case 'unconfirmed':
        return this.#notRunBut(start.kind, call, confirmRequest(call));
      case 'joined':
        this.#reaction.note('info', 'toolNotRun', { why: start.kind });
        return false;
      case 'repeated':
        this.#notRun(start.kind);
        return false;
      case 'tooMany':
        return this.#refuse(start.kind, call, 'Too many tools run at once. Wait for their answers.');
      case 'spent':
        return this.#refuse(start.kind, call, 'No more tools can be run on this call.');
    }
  }

  /** A call that cannot be run. */
  rejected(id: string, name: string): void {
    if (!this.#calls.reject(id)) return this.#notRun('repeated');
    this.#refuse('tooLong', { id, name }, 'The arguments are too long. Call again with fewer of them.');
  }

  /** A tool is done. */
  finished(id: string, response: ToolResponse, scheduling: ToolScheduling): ToolOutcome {
    return this.#closed(this.#calls.close(id, response, this.#reaction.nowMs), response, scheduling);
  }

  /** A tool did not do what it was asked for; of some that change something, it is not known whether they did. */
  failed(id: string, fault: ErrorCode, message: string): ToolOutcome {
    if (!this.#calls.isWrite(id) || !leavesUnknown(fault)) return this.finished(id, failure(message), 'whenIdle');
    return this.#closed(this.#calls.lose(id), failure(`${message} ${unknownOutcome}`), 'whenIdle');
  }

  /** The model has cancelled it. What changes something goes on, because it may have been done already (GM-TOOL-2). */
  cancelled(askedAs: string): void {
    const id = this.#calls.runOf(askedAs);
    if (id === null) return;
    if (!this.#calls.isWrite(id)) {
      const response = failure('The caller spoke before it was done.');
      this.#closed(this.#calls.close(id, response, this.#reaction.nowMs), response, 'whenIdle', false);
      this.#reaction.do({ type: 'tool.cancel', id });
    } else if (this.#calls.leave(askedAs)) {
      this.#answer([askedAs], this.#calls.nameOf(id), failure('This goes on. Its result follows.'), 'silent');
    }
  }

  cancelOverdue(): ToolOutcome[] {
    return this.#calls.overdue(this.#reaction.nowMs).map((id) => {
      this.#reaction.note('warn', 'toolFailed', { fault: 'tool.timedOut' });
      const outcome = this.failed(id, 'tool.timedOut', 'It took too long.');
      this.#reaction.do({ type: 'tool.cancel', id });
      return outcome;
    });
  }

  // ── Who knows of it ────────────────────────────────────────────────────────────────────────────────────────────

  /** The session that is there has been told all results. */
  heard(): void {
    this.#calls.writes.heard();
  }

  /** The service has kept everything up to now. */
  covered(): void {
    this.#calls.covered();
  }

  /** The model session is lost; its tools run on. */
  sessionLost(): void {
    this.#calls.sessionLost();
  }

  /** A session is there that resumes none. */
  begunAnew(): void {
    this.#calls.confirmations.begunAnew();
  }

  /** What an earlier process knew of tools that change something. */
  restored(past: readonly PastWrite[]): void {
    this.#calls.writes.restore(past);
  }

  /** The caller speaks, and began to so long ago. */
  callerSpoke(agoMs: number): void {
    this.#calls.confirmations.callerSpoke(this.#reaction.nowMs - agoMs);
  }

  /** Nobody will ask for results any more. */
  abandon(): void {
    this.#reaction.stopWaiting('tool');
    for (const id of this.#calls.abandon()) this.#reaction.do({ type: 'tool.cancel', id });
  }

  advance(): void {
    this.#calls.confirmations.agentSpoke(this.#feeder, this.#reaction.nowMs);
    this.#reaction.waitUntil('tool', this.#calls.nextDeadlineMs);
  }

  /** `isRead`: whether the model takes note of the answer, which it does not where it has cancelled the call. */
  #closed(closed: ClosedCall | null, response: ToolResponse, scheduling: ToolScheduling, isRead = true): ToolOutcome {
    if (closed === null) return { kind: 'notOpen' };
    const { call, askedAs } = closed;
    this.#memory.add({ kind: 'tool', atMs: this.#reaction.nowMs, call, response });
    if (askedAs.length === 0) return { kind: 'stray', call, response };
    this.#answer(askedAs, call.name, isRead ? this.#withWhatWasHeard(response) : response, scheduling);
    return { kind: scheduling === 'silent' ? 'answeredSilently' : 'answered' };
  }

  #notRunBut(why: NotRunCause, { id, name }: Pick<ToolCall, 'id' | 'name'>, response: ToolResponse): true {
    this.#notRun(why);
    this.#answer([id], name, this.#withWhatWasHeard(response), 'whenIdle');
    return true;
  }

  #refuse(why: NotRunCause, call: Pick<ToolCall, 'id' | 'name'>, message: string): false {
    this.#notRunBut(why, call, failure(message));
    return false;
  }

  #notRun(why: NotRunCause): void {
    this.#reaction.noteOnce('toolNotRun', { why });
  }

  /** Tells with an answer what the caller did not hear. A tool that says something by that name goes first. */
  #withWhatWasHeard(response: ToolResponse): ToolResponse {
    if (Object.hasOwn(response, callerHeard)) return response;
    const note = this.#unheard.take('tool');
    return note === null ? response : { ...response, [callerHeard]: note };
  }

  #answer(ids: readonly string[], name: string, response: ToolResponse, scheduling: ToolScheduling): void {
    const answers = ids.map((id): ToolAnswer => ({ id, name, response, scheduling }));
    this.#reaction.do({ type: 'model.answerTools', answers });
  }
}
