import type { Leg } from '../phone/leg.ts';
import type { Reaction } from '../reaction.ts';
import type { Conversation } from '../talk/conversation.ts';
import type { Prompter } from '../talk/prompter.ts';
import { callerIsSilent } from '../talk/prompts.ts';
import type { ResponseWatchdog } from './response-watchdog.ts';

/** Whoever has not answered twice has put the phone down, and is asked no more. */
const questionsMax = 2;

/** Has the agent ask whether the caller is still there when neither side has said anything for long. */
export class IdleCaller {
  readonly #idleMs: number;
  readonly #leg: Leg;
  readonly #conversation: Conversation;
  readonly #watchdog: ResponseWatchdog;
  readonly #prompter: Prompter;
  readonly #reaction: Reaction;
  /** When somebody last spoke or had to. */
  #activeMs = 0;
  /** How often the caller was asked since the caller last spoke. */
  #questions = 0;

  /** `idleMs`: for how long neither side says anything. */
  constructor(
    idleMs: number,
    leg: Leg,
    conversation: Conversation,
    watchdog: ResponseWatchdog,
    prompter: Prompter,
    reaction: Reaction,
  ) {
    this.#idleMs = idleMs;
    this.#leg = leg;
    this.#conversation = conversation;
    this.#watchdog = watchdog;
    this.#prompter = prompter;
    this.#reaction = reaction;
  }

  /** Neither side has said anything for long. A question may have been lost on the line, and the caller waits for the answer. */
  timedOut(): void {
    // Another deadline of the same moment may have changed that.
    if (!this.#isTalk || this.#watchdog.expected !== null) return;
    this.#questions += 1;
    this.#reaction.note('info', 'callerAsked', { times: this.#questions });
    this.#prompter.tell(callerIsSilent);
    this.#watchdog.expect('question');
  }

  /** After each event: until when neither side may go on saying nothing. */
  advance(): void {
    if (this.#conversation.callerSpeaks) this.#questions = 0;
    this.#reaction.waitUntil('idle', this.#deadlineMs());
  }

  #deadlineMs(): number | null {
    const isIdle = this.#isTalk && !this.#watchdog.isActive;
    if (!isIdle) this.#activeMs = this.#reaction.nowMs;
    if (!isIdle || this.#questions >= questionsMax) return null;
    return Math.max(this.#activeMs, this.#conversation.agentActiveUntilMs) + this.#idleMs;
  }

  get #isTalk(): boolean {
    return this.#leg.isTalking && this.#prompter.isHeard;
  }
}
