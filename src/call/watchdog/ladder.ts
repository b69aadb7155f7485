import type { CallSettings } from '../call-settings.ts';
import type { Conversation } from '../talk/conversation.ts';
import type { Leg } from '../phone/leg.ts';
import type { ModelLink } from '../session/model-link.ts';
import { callerIsSilent, type Prompt, requestFor, strayResult } from '../talk/prompts.ts';
import type { Reaction } from '../reaction.ts';
import type { Recovery } from '../session/recovery.ts';
import type { Owed, ReplyWatch } from './reply-watch.ts';
import type { Rotation } from '../session/rotation.ts';
import type { ToolOutcome, ToolWork } from '../tooling/tool-work.ts';

/** Whoever has not answered twice has put the phone down, and is asked no more. */
const promptsMax = 2;

/** What the ladder works with. */
export interface LadderParts {
  readonly settings: CallSettings;
  readonly reaction: Reaction;
  readonly leg: Leg;
  readonly conversation: Conversation;
  readonly recovery: Recovery;
  readonly link: ModelLink;
  readonly tools: ToolWork;
  readonly watch: ReplyWatch;
  readonly rotation: Rotation;
}

/**
 * Sees to it that the caller gets the words that the model owes: covers the silence, and climbs from step to step when they do not come:
 * nudge, resume, fresh session, apology. It rests while no session is there, because then the link has deadlines of its own, while a tool
 * runs, for the same reason, and once an exit is decided.
 */
export class Ladder {
  readonly #parts: LadderParts;
  readonly #causes = new Map<string, number>();
  #streamSinceMs = 0;
  /** When somebody last spoke or had to. */
  #activeMs = 0;
  /** How often the caller was asked since the caller last spoke. */
  #prompts = 0;

  constructor(parts: LadderParts) {
    this.#parts = parts;
  }

  /** A stream is there: from here on the caller can hear something. */
  streamStarted(): void {
    this.#streamSinceMs = this.#parts.reaction.nowMs;
    this.#parts.watch.coverAnew();
  }

  /** How often a step was taken, by cause. */
  get causes(): string {
    return [...this.#causes].map(([cause, times]) => `${cause} ${times}`).join(', ');
  }

  get isOwed(): boolean {
    return this.#parts.watch.owed !== null;
  }

  owe(owed: Owed): void {
    const { leg, reaction, watch } = this.#parts;
    if (leg.exit === null) watch.owe(owed, reaction.nowMs);
  }

  /** Something has happened that the model must speak about: it is told so as soon as there is one. */
  ask(request: Prompt): void {
    this.#parts.recovery.tell(request);
    this.owe('anything');
  }

  /** The model has understood the caller and waits for a tool, and the caller waits with it. */
  toolCalled(): void {
    if (this.#parts.tools.isAwaited && !this.#parts.conversation.agentIsGenerating) this.owe('toolResult');
  }

  /** A tool is done: its result is to be heard. */
  toolDone(outcome: ToolOutcome): void {
    if (outcome.kind === 'stray') return this.ask(strayResult(outcome.call, outcome.response));
    if (outcome.kind === 'answered') this.owe('toolResult');
    else if (outcome.kind === 'answeredSilently') this.nothingOwed();
  }

  /** The caller hears words of the model. More of them are owed as long as it has not said that they were all. */
  wordsCame(): void {
    const { reaction, rotation, watch, conversation } = this.#parts;
    // How long a tool took says nothing about the session.
    if (watch.owed === 'answer') rotation.answered(reaction.nowMs - watch.sinceMs);
    watch.wordsCame();
    if (conversation.agentIsGenerating) this.owe('rest');
  }

  /** The model has said all that it wanted to say. */
  restCame(): void {
    if (this.#parts.watch.owed !== 'rest') return;
    this.#parts.watch.settle();
    // "Let me look that up": what it found is still to come.
    this.toolCalled();
  }

  /** The caller speaks, or the model chose to be silent. A greeting stays owed: noise on the line must not spare it. */
  nothingOwed(): void {
    if (this.#parts.watch.owed !== 'greeting') this.#parts.watch.settle();
    this.#parts.conversation.uncover();
  }

  /**
   * The model has stopped for somebody: for the caller, who speaks or has just spoken, or for a nudge of ours. What was owed before
   * stays owed, and has been waited for already.
   */
  interrupted(): void {
    const { conversation, watch } = this.#parts;
    if (conversation.callerSpeaks || watch.owed === 'rest') this.nothingOwed();
    if (!conversation.callerSpeaks && !this.isOwed) this.owe('answer');
  }

  /** The caller has heard a whole reply. */
  proved(): void {
    this.#parts.watch.proved();
    this.#parts.link.proved();
  }

  /** Something is wrong with the session: the next step is taken at once. */
  fault(cause: string): void {
    if (this.#parts.leg.exit !== null) return;
    if (!this.isOwed) this.owe('anything');
    this.#climb(cause);
  }

  /** The session speaks, and yet it is broken: the steps that only ask are left out. */
  replaceSession(cause: string): void {
    if (this.#parts.leg.exit !== null) return;
    this.#parts.watch.skipNudge();
    this.#climb(cause);
  }

  /** What is owed has not come in time. */
  stepTimedOut(): void {
    this.#climb(this.#parts.watch.owed ?? 'nothing');
  }

  coverTimedOut(): void {
    if (this.#parts.leg.exit === null) this.#parts.conversation.cover(this.#parts.watch.takeCover());
  }

  /** Neither side has said anything for long. A caller whose question the line swallowed waits for the answer. */
  idleTimedOut(): void {
    const { leg, link, reaction, recovery } = this.#parts;
    // What fell due in the same moment may have changed that.
    if (leg.exit !== null || !link.isOpen || this.isOwed) return;
    this.#prompts += 1;
    reaction.note('info', 'callerPrompted', { times: this.#prompts });
    recovery.tell(callerIsSilent);
    this.owe('question');
  }

  /** The model does something that takes its time and is not heard. */
  modelThinks(): void {
    this.#activeMs = this.#parts.reaction.nowMs;
  }

  /** After each event: until when the caller may wait. */
  advance(): void {
    const { conversation, leg, link, reaction, tools, watch } = this.#parts;
    if (leg.exit !== null || link.isClosed) {
      watch.settle();
      conversation.uncover();
    }
    const quietSinceMs = leg.hasStream ? Math.max(this.#streamSinceMs, conversation.wordsUntilMs) : Infinity;
    reaction.waitUntil('cover', finite(watch.coverDeadlineMs(quietSinceMs)));
    reaction.waitUntil('recovery', link.isOpen ? finite(watch.stepDeadlineMs(quietSinceMs, tools.isBusy)) : null);
    reaction.waitUntil('idle', this.#followSilence());
  }

  /** Until when neither side may go on saying nothing; null while somebody does, or has to. */
  #followSilence(): number | null {
    const { conversation, leg, link, reaction, settings, tools } = this.#parts;
    if (conversation.callerSpeaks) this.#prompts = 0;
    const isActive = conversation.callerSpeaks || conversation.agentIsGenerating || this.isOwed || tools.isBusy;
    const isTalk = leg.hasStream && leg.exit === null && link.isOpen;
    if (isActive || !isTalk) this.#activeMs = reaction.nowMs;
    if (isActive || !isTalk || this.#prompts >= promptsMax) return null;
    return Math.max(this.#activeMs, conversation.wordsUntilMs) + settings.patience.idleMs;
  }

  #climb(cause: string): void {
    const { conversation, leg, link, reaction, recovery, settings, watch } = this.#parts;
    if (!link.isOpen || leg.exit !== null) return;
    const step = watch.takeStep(reaction.nowMs);
    this.#causes.set(cause, (this.#causes.get(cause) ?? 0) + 1);
    reaction.note('warn', 'recovery', { cause, step });
    if (step === 'nudge') {
      conversation.tell(requestFor(watch.owed, settings.greeting, conversation.agentWords));
      // The broken turn may yet end; that is no answer to what was asked just now.
      if (watch.owed === 'rest') this.owe('anything');
    } else if (step === 'giveUp' || !recovery.restart(step)) recovery.giveUp(cause);
  }
}

function finite(atMs: number | null): number | null {
  return atMs === null || atMs === Infinity ? null : atMs;
}
