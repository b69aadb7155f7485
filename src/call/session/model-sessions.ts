import type { CallMemory, Memory } from '../talk/memory.ts';
import type { Conversation } from '../talk/conversation.ts';
import type { Prompter } from '../talk/prompter.ts';
import { recapNote, lineDropped } from '../talk/prompts.ts';
import type { UnheardWords } from '../talk/unheard-words.ts';
import type { Reaction } from '../reaction.ts';
import type { ToolWork } from '../tooling/tool-work.ts';
import type { ResponseWatchdog } from '../watchdog/response-watchdog.ts';
import type { ModelConnection } from './model-connection.ts';

/** The model sessions of a call, one after the other: what each begins with, and what the next one takes over from it. */
export class ModelSessions {
  readonly #connection: ModelConnection;
  readonly #conversation: Conversation;
  readonly #memory: Memory;
  readonly #tools: ToolWork;
  readonly #watchdog: ResponseWatchdog;
  readonly #prompter: Prompter;
  readonly #unheard: UnheardWords;
  readonly #reaction: Reaction;

  constructor(
    connection: ModelConnection,
    conversation: Conversation,
    memory: Memory,
    tools: ToolWork,
    watchdog: ResponseWatchdog,
    prompter: Prompter,
    unheard: UnheardWords,
    reaction: Reaction,
  ) {
    this.#connection = connection;
    this.#conversation = conversation;
    this.#memory = memory;
    this.#tools = tools;
    this.#watchdog = watchdog;
    this.#prompter = prompter;
    this.#unheard = unheard;
    this.#reaction = reaction;
  }

  // ── A session begins ───────────────────────────────────────────────────────────────────────────────────────────

  /** Orders the first one. The caller waits from the first moment of the stream on, whatever the setup takes. */
  openFirst(): void {
    this.#watchdog.expect('greeting');
    this.open();
  }

  /** Orders a session, with what its instruction has to tell of the call so far. */
  open(): void {
    const connection = this.#connection;
    // A model that greets by itself has the words in its instruction (GM-GREET-1).
    const greeting = connection.behavior.greeting === 'byItself' ? this.#prompter.greeting.text : null;
    if (!this.#watchdog.hasGreeted) return connection.open(greeting);
    const isResumed = connection.nextOpening === 'resume';
    const heard = this.#unheard.forInstruction(isResumed);
    connection.open(recapNote(this.#conversation.recapFor(isResumed), isResumed, heard, this.#tools.running));
  }

  /** The session is there. Returns whether it was waited for. */
  opened(): boolean {
    const how = this.#connection.nextOpening;
    if (!this.#connection.opened()) return false;
    this.#unheard.sessionOpened();
    if (how === 'fresh') this.#tools.begunAnew();
    if (this.#watchdog.hasGreeted) {
      this.#reaction.note('info', 'modelReopened', { how, expected: this.#watchdog.expected ?? 'nothing' });
      this.#goOn();
      // By its instruction, and by what has waited for it.
      this.#tools.heard();
    } else this.#askForGreeting();
    this.#watchdog.sessionOpened();
    return true;
  }

  #askForGreeting(): void {
    this.#conversation.greetingHold.begin(this.#connection.behavior.turnDetection);
    this.#prompter.forgetWaiting();
    if (this.#connection.behavior.greeting === 'onRequest') this.#prompter.tellNow(this.#prompter.greeting);
    this.#watchdog.expect('greeting');
  }

  /** The new session gets what the caller said meanwhile, and is asked at once for what is expected. */
  #goOn(): void {
    const { expected } = this.#watchdog;
    const { callerSpeaks } = this.#conversation;
    const isUnanswered = expected === 'answer' || (expected === null && callerSpeaks);
    const wasSaid = this.#conversation.resumeCaller(isUnanswered, this.#connection.behavior.turnDetection);
    // What was said over the last words of the lost session.
    if (expected === null && wasSaid && !callerSpeaks) this.#watchdog.expect('answer');
    const isAsked =
      expected === null || (expected === 'answer' && wasSaid) || (expected === 'toolResult' && this.#tools.isBusy);
    if (!this.#prompter.tellWaiting() && !isAsked) this.nudge();
  }

  /** Asks the session for what is expected of it. */
  nudge(): void {
    this.#prompter.askFor(this.#watchdog.expected, this.#conversation.agentWords);
  }

  /** The service sends a handle, or says that the session cannot be resumed just now (GM-RESUME-1). */
  resumptionUpdated(handle: string | null, resumable: boolean): void {
    if (!this.#connection.resumptionUpdated(handle, resumable)) return;
    this.#memory.covered(this.#reaction.nowMs);
    this.#unheard.covered();
    this.#tools.covered();
  }

  // ── A session ends ─────────────────────────────────────────────────────────────────────────────────────────────

  /** The session is gone. What was expected of it is expected of the next one. */
  lost(): void {
    this.#watchdog.sessionLost();
    this.#tools.sessionLost();
    this.#conversation.sessionLost();
  }

  /** Nobody needs a model any more. */
  close(): void {
    if (!this.#connection.close()) return;
    this.#conversation.modelClosed();
    this.#tools.abandon();
    this.#watchdog.satisfied();
  }

  /** The call goes on where an earlier process left it: a session is opened as soon as somebody will hear it. */
  restored({ items, handle, writes = [], wasQuiet = false }: CallMemory): void {
    this.#memory.restore(items, handle?.atMs ?? null);
    this.#tools.restored(writes);
    this.#connection.restore(handle?.value ?? null);
    // A note of an operator or a tool call of the model may have come before the greeting.
    const hasGreeted = items.some(({ kind }) => kind === 'said');
    const isUnnoticed = hasGreeted && wasQuiet;
    this.#watchdog.restored(hasGreeted, !isUnnoticed);
    if (hasGreeted && !isUnnoticed && !this.#watchdog.isResting) this.#prompter.tell(lineDropped);
  }
}
