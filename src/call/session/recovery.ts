import type { CallSettings, ModelManners } from '../call-settings.ts';
import type { Conversation } from '../talk/conversation.ts';
import type { Note } from '../effects.ts';
import type { Farewell } from '../phone/farewell.ts';
import type { Leg } from '../phone/leg.ts';
import type { CallMemory, Memory, MemoryItem } from '../talk/memory.ts';
import type { Loss, ModelLink, Opening } from './model-link.ts';
import { accountNote, greetingRequest, lineDropped, type Prompt, requestFor } from '../talk/prompts.ts';
import type { Reaction } from '../reaction.ts';
import type { ReplyWatch } from '../watchdog/reply-watch.ts';
import type { Rotation } from './rotation.ts';
import type { ToolWork } from '../tooling/tool-work.ts';

/** What the next session is told first. More than there can be tools, whose results are most of it. */
const requestsMax = 20;

/** What recovery works with. */
export interface RecoveryParts {
  readonly settings: CallSettings;
  readonly reaction: Reaction;
  readonly leg: Leg;
  readonly conversation: Conversation;
  readonly farewell: Farewell;
  readonly link: ModelLink;
  readonly memory: Memory;
  readonly tools: ToolWork;
  readonly watch: ReplyWatch;
  readonly rotation: Rotation;
}

/**
 * Keeps the call alive through everything that its model sessions do: opens the next one when one is lost or its time is over, and lets it
 * know what it missed.
 *
 * While no session is there, the caller hears what was already sent, then a covering sound; what the caller says is kept. An exit that
 * is decided ends all of this: the farewell has its own deadlines.
 */
export class Recovery {
  readonly #parts: RecoveryParts;
  /** What the next session must be told first. */
  #requests: Prompt[] = [];

  constructor(parts: RecoveryParts) {
    this.#parts = parts;
  }

  /** How the model of the present session behaves. */
  get manners(): ModelManners {
    const { first, fallback } = this.#parts.settings.model;
    return this.#parts.link.usesFallback && fallback !== null ? fallback : first;
  }

  // ── Sessions come and go ───────────────────────────────────────────────────────────────────────────────────────

  /** Opens the first session, once. */
  open(): boolean {
    const { link, reaction, watch } = this.#parts;
    if (!link.isUnopened) return false;
    reaction.wait('modelOutage', this.#parts.settings.patience.outageMs);
    // The caller waits from the first moment of the stream on, whatever the setup takes.
    watch.owe('greeting', reaction.nowMs);
    link.open(this.#greetingNote);
    return true;
  }

  /** The call goes on where an earlier process left it: a session is opened as soon as somebody will hear it. */
  restored(items: readonly MemoryItem[], handle: CallMemory['handle']): void {
    const { leg, link, memory, reaction, watch } = this.#parts;
    memory.restore(items, handle?.atMs ?? null);
    link.restore(handle?.value ?? null);
    if (leg.exit === null) watch.owe('anything', reaction.nowMs);
    // Whoever has not heard a word yet is greeted.
    if (items.length === 0) return;
    watch.greeted();
    if (leg.exit !== null) return;
    this.tell(lineDropped);
    watch.owe('anything', reaction.nowMs);
  }

  opened(): void {
    const { link, reaction, rotation, watch } = this.#parts;
    const how = link.nextOpening;
    if (!link.opened()) return;
    reaction.stopWaiting('modelOutage');
    rotation.opened();
    if (!watch.hasGreeted) this.#askForGreeting();
    else {
      reaction.note('info', 'modelReopened', { how, owed: watch.owed ?? 'nothing' });
      this.#goOn();
    }
    watch.stepped(reaction.nowMs);
  }

  /** A session, or the try to open one, is lost. */
  lost(loss: Loss, fields: Note['fields']): void {
    const { link, leg, reaction, farewell } = this.#parts;
    if (link.isClosed) return;
    reaction.note('warn', 'modelLost', { ...fields, remedy: loss.remedy });
    this.#suspend();
    if (leg.exit !== null) {
      // Whoever is being transferred may come back.
      if (leg.exit.kind === 'transfer' && loss.remedy !== 'none') this.#park();
      else this.close();
      return farewell.spoken();
    }
    if (!link.lost(loss)) return this.giveUp('modelLost');
  }

  #park(): void {
    this.#parts.reaction.stopWaiting('modelOutage');
    this.#parts.link.park();
  }

  /** The wait before another try is over. */
  retry(): void {
    this.#reopen();
  }

  /** The session's time is over. */
  rotationTimedOut(): void {
    const { leg, link, rotation } = this.#parts;
    // A goodbye is not broken off for it.
    const isLeaving = leg.exit !== null && leg.hasStream;
    if (rotation.timedOut() && link.isOpen && !isLeaving) this.#rotate();
  }

  /** The setup was not answered. */
  openTimedOut(): void {
    this.#parts.reaction.do({ type: 'model.close' });
    this.lost({ remedy: 'fresh', jitter: 0.5, wasReached: true }, { fault: 'model.setupTimeout' });
  }

  /** No session could be had in all this time. */
  outageTimedOut(): void {
    this.giveUp('modelOutage');
  }

  /** Nobody needs a model any more. */
  close(): void {
    const { conversation, reaction, rotation, tools, watch } = this.#parts;
    if (!conversation.closeModel()) return;
    tools.abandon();
    rotation.ended();
    watch.settle();
    reaction.stopWaiting('modelOutage');
  }

  /** What a session must be told; the next one, if there is none now. */
  tell(request: Prompt): void {
    if (this.#parts.conversation.tell(request) || this.#requests.some(({ text }) => text === request.text)) return;
    this.#requests = [...this.#requests, request].slice(-requestsMax);
  }

  /** Gives the session up for another one. Returns false when there were too many. */
  restart(opening: Opening): boolean {
    this.#suspend();
    if (!this.#parts.link.leave(opening)) return false;
    this.#reopen();
    return true;
  }

  /** Nothing helped: the caller gets an apology and the fallback route. */
  giveUp(cause: string): void {
    const { farewell, reaction } = this.#parts;
    reaction.note('warn', 'gaveUp', { cause });
    this.close();
    farewell.leave({ kind: 'fallback' });
    farewell.spoken();
  }

  // ── After each event ───────────────────────────────────────────────────────────────────────────────────────────

  advance(): void {
    const { leg, link, rotation } = this.#parts;
    const { name } = leg.phase;
    if (link.isParked && leg.exit === null && (name === 'awaitingStream' || name === 'talking')) this.#unpark();
    if (rotation.cause !== null && this.#isQuiet) this.#rotate();
  }

  #unpark(): void {
    this.#parts.reaction.wait('modelOutage', this.#parts.settings.patience.outageMs);
    this.#reopen();
  }

  /** Nobody speaks, nobody waits, and the service has kept everything: a session can be replaced without anybody noticing. */
  get #isQuiet(): boolean {
    const { conversation, leg, link, tools, watch } = this.#parts;
    const nobodySpeaks = conversation.agentIsSilent && !conversation.agentIsGenerating && !conversation.callerSpeaks;
    const nobodyWaits = watch.owed === null && !tools.isBusy && leg.exit === null;
    return link.isOpen && nobodySpeaks && nobodyWaits && (link.isCovered || !link.hasHandle);
  }

  #rotate(): void {
    const { link, reaction, rotation } = this.#parts;
    reaction.note('info', 'modelRotated', { cause: rotation.cause ?? 'age' });
    // A service that gives notice to every session is left in bounds, as one that breaks them is.
    if (rotation.isEarly) {
      if (!this.restart('resume')) this.giveUp('goAway');
      return;
    }
    this.#suspend();
    link.rotate();
    this.#reopen();
  }

  // ── From one session to the next ───────────────────────────────────────────────────────────────────────────────

  /** The session is gone. What it still owed, the next one owes. */
  #suspend(): void {
    const { conversation, leg, link, reaction, rotation, tools, watch } = this.#parts;
    rotation.ended();
    if (leg.exit === null) {
      // A try that fails does not begin the wait anew.
      if (link.isOpen) reaction.wait('modelOutage', this.#parts.settings.patience.outageMs);
      // What the caller has asked since is more than the rest of what was said before.
      if (conversation.agentIsGenerating && watch.owed === null) watch.owe('rest', reaction.nowMs);
      else if (tools.isAwaited && watch.owed === null) watch.owe('toolResult', reaction.nowMs);
    }
    tools.sessionLost();
    conversation.sessionLost();
  }

  #reopen(): void {
    const { conversation, link, memory, reaction, tools, watch } = this.#parts;
    if (!watch.hasGreeted) return link.open(this.#greetingNote);
    const isResumed = link.nextOpening === 'resume';
    const { unfinished } = conversation;
    const account = isResumed ? memory.supplement(unfinished, reaction.nowMs) : memory.account(unfinished);
    link.open(accountNote(account, isResumed, tools.running));
  }

  /** A model that greets by itself has the words in its instruction (GM-GREET-1). */
  get #greetingNote(): string | null {
    return this.manners.greeting === 'byItself' ? greetingRequest(this.#parts.settings.greeting).text : null;
  }

  #askForGreeting(): void {
    const { conversation, reaction, settings, watch } = this.#parts;
    conversation.awaitGreeting();
    this.#requests = [];
    if (this.manners.greeting === 'onRequest') conversation.tell(greetingRequest(settings.greeting));
    watch.owe('greeting', reaction.nowMs);
  }

  /** The next session takes over: what the caller said reaches it, and what is owed is asked for at once. */
  #goOn(): void {
    const { conversation, reaction, settings, tools, watch } = this.#parts;
    const { owed } = watch;
    const isUnanswered = owed === 'answer' || (owed === null && conversation.callerSpeaks);
    const wasSaid = conversation.resumeCaller(isUnanswered);
    // What was said over the last words of the lost session.
    if (owed === null && wasSaid && !conversation.callerSpeaks) watch.owe('answer', reaction.nowMs);
    const isAsked = owed === null || (owed === 'answer' && wasSaid) || (owed === 'toolResult' && tools.isBusy);
    const requests = this.#requests.splice(0);
    if (requests.length > 0) conversation.tell(...requests);
    else if (!isAsked) conversation.tell(requestFor(owed, settings.greeting, conversation.agentWords));
  }
}
