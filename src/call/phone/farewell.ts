import type { CallSettings } from '../call-settings.ts';
import type { ModelTurn } from '../agent/model-turn.ts';
import type { Conversation } from '../talk/conversation.ts';
import type { LeaveOrder } from '../events.ts';
import type { ToolResponse } from '../tooling/tool-call.ts';
import type { Leg } from './leg.ts';
import type { Goodbye } from './goodbye.ts';
import type { Exit } from './phase.ts';
import type { Reaction } from '../reaction.ts';
import { failure } from '../tooling/tool-words.ts';

/**
 * The agent's way out of a call: an exit is decided once, the caller hears the goodbye to its last mark, and the stream is closed.
 * It joins the leg, which knows the exit, with the conversation, which knows what has been heard.
 */
export class Farewell {
  readonly #destinations: CallSettings['destinations'];
  readonly #leg: Leg;
  readonly #conversation: Conversation;
  readonly #turn: ModelTurn;
  readonly #reaction: Reaction;

  constructor(
    destinations: CallSettings['destinations'],
    leg: Leg,
    conversation: Conversation,
    turn: ModelTurn,
    reaction: Reaction,
  ) {
    this.#destinations = destinations;
    this.#leg = leg;
    this.#conversation = conversation;
    this.#turn = turn;
    this.#reaction = reaction;
  }

  /** Whether it is decided how the agent's part ends. */
  get isLeaving(): boolean {
    return this.#leg.exit !== null;
  }

  /** Whether the call is leaving and nobody hears the agent. A caller who comes back must not hear it late. */
  get isUnheard(): boolean {
    return this.isLeaving && !this.#leg.hasStream;
  }

  // ── Who wants to leave ─────────────────────────────────────────────────────────────────────────────────────────

  /** Carries out what a tool asks of the call. Returns what the model is told when that cannot be done, or null. */
  apply(order: LeaveOrder): ToolResponse | null {
    if (this.isLeaving) return failure('The call is being ended already. Say nothing more.');
    if (order.kind !== 'transfer') {
      this.leave({ kind: order.kind });
      return null;
    }
    const { destination, reason } = order;
    if (!this.knows(destination)) {
      const names = Object.keys(this.#destinations).join(', ');
      return failure(`There is no destination "${destination}". The destinations are: ${names}.`);
    }
    this.leave({ kind: 'transfer', destination, reason });
    return null;
  }

  /** Whether there is a destination of that name. One such as "constructor" must not find a property that every object has. */
  knows(destination: string): boolean {
    return Object.hasOwn(this.#destinations, destination);
  }

  /** An operator ends the call, also one that is leaving in another way. */
  hangUpNow(): void {
    this.#reaction.note('info', 'leaving', { exit: 'operatorHangUp' });
    this.#leg.leave({ kind: 'operatorHangUp' }, 'spoken', 0);
  }

  /** The first exit that is decided stands. */
  leave(exit: Exit): void {
    if (this.isLeaving) return;
    this.#reaction.note('info', 'leaving', { exit: exit.kind });
    this.#leg.leave(exit, this.#goodbyeOf(exit), this.#conversation.unheardMs);
  }

  /** A transfer and a message are announced after the tool's answer. A hang-up is asked for during the goodbye, or after it. */
  #goodbyeOf(exit: Exit): Goodbye['name'] {
    if (exit.kind === 'transfer' || exit.kind === 'message') return 'awaited';
    if (exit.kind !== 'hangUp') return 'spoken';
    if (this.#turn.isGenerating) return 'speaking';
    return this.#conversation.agentIsSilent ? 'awaited' : 'spoken';
  }

  // ── The goodbye ────────────────────────────────────────────────────────────────────────────────────────────────

  /** The agent speaks. */
  agentSpeaks(): void {
    this.#leg.agentSpeaks(this.#conversation.unheardMs);
  }

  /** The model may have generated all that it will say. */
  generationEnded(): void {
    if (this.#leg.goodbye === 'speaking' && !this.#turn.isGenerating) this.spoken();
  }

  /** The caller speaks over the agent. A goodbye over which the caller speaks has been heard well enough. */
  interrupted(): void {
    if (this.#leg.goodbye === 'speaking') this.spoken();
  }

  /** When the call is leaving, all of the goodbye is on its way. */
  spoken(): void {
    this.#leg.agentHasSpoken(this.#conversation.unheardMs);
  }

  /** The wait for the goodbye is over. Returns whether there is nothing more to wait for. */
  timedOut(): boolean {
    // No goodbye came, but what was said before it may still be playing.
    const wordsArePlaying = this.#leg.goodbye === 'awaited' && !this.#conversation.agentIsSilent;
    if (wordsArePlaying) this.spoken();
    return !wordsArePlaying;
  }

  /** Whether the caller has heard the goodbye, so that the agent can go. */
  get isHeard(): boolean {
    return this.#leg.goodbye === 'spoken' && this.#conversation.agentIsSilent;
  }

  /** Whether nobody will hear the model any more. It is kept for a transfer that may fail. */
  get needsNoModel(): boolean {
    return this.isUnheard && this.#leg.exit?.kind !== 'transfer';
  }
}
