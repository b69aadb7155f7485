import type { Leg } from '../phone/leg.ts';
import type { Conversation } from '../talk/conversation.ts';
import type { Reaction } from '../reaction.ts';
import type { ResponseWatchdog } from '../watchdog/response-watchdog.ts';
import type { ModelConnection } from './model-connection.ts';
import type { Recovery } from './recovery.ts';

/** Replaces a session that works but has had its time, in a moment in which nobody notices. */
export class Rotator {
  readonly #leg: Leg;
  readonly #conversation: Conversation;
  readonly #connection: ModelConnection;
  readonly #watchdog: ResponseWatchdog;
  readonly #recovery: Recovery;
  readonly #reaction: Reaction;

  constructor(
    leg: Leg,
    conversation: Conversation,
    connection: ModelConnection,
    watchdog: ResponseWatchdog,
    recovery: Recovery,
    reaction: Reaction,
  ) {
    this.#leg = leg;
    this.#conversation = conversation;
    this.#connection = connection;
    this.#watchdog = watchdog;
    this.#recovery = recovery;
    this.#reaction = reaction;
  }

  /** The service will end the session. */
  goingAway(timeLeftMs: number): void {
    this.#reaction.note('info', 'modelGoingAway', { timeLeftMs });
    this.#connection.rotation.goingAway(timeLeftMs);
  }

  /** The session's time is over, or no quiet moment came. */
  timedOut(): void {
    // A goodbye is not broken off for it.
    const isLeaving = this.#leg.goodbye !== null;
    if (this.#connection.rotation.timedOut() && this.#connection.isOpen && !isLeaving) this.#rotate();
  }

  /** After each event: whether this is the quiet moment. */
  advance(): void {
    if (this.#connection.rotation.cause !== null && this.isQuiet && this.#connection.isKept) this.#rotate();
  }

  /** Nobody speaks, and nobody waits: with all that was said kept, a session can be replaced without anybody noticing. */
  get isQuiet(): boolean {
    const isSilence = !this.#watchdog.isActive && this.#conversation.agentIsSilent && !this.#watchdog.isResting;
    return isSilence && this.#connection.isOpen;
  }

  #rotate(): void {
    const { rotation } = this.#connection;
    this.#reaction.note('info', 'modelRotated', { cause: rotation.cause ?? 'age' });
    if (!rotation.isEarly) return this.#recovery.rotate();
    // If the service sends `goAway` to every session at once, each counts as lost, which is bounded.
    if (!this.#recovery.restart('resume')) this.#recovery.giveUp('goAway');
  }
}
