import type { CallSettings } from '../call-settings.ts';
import type { Conversation } from '../talk/conversation.ts';
import type { LeaveOrder, ToolResponse } from '../events.ts';
import type { Leg } from './leg.ts';
import { timeIsUp } from '../talk/prompts.ts';
import type { Exit, Goodbye } from './phase.ts';
import type { Reaction } from '../reaction.ts';
import { failure } from '../tooling/tool-work.ts';

/** A goodbye that has not begun by then, or not gone on, is not coming. The model needs 1 to 2.5 s after a tool's answer. */
const goodbyeStartMsMax = 3_000;

/** How often the end of the longest duration looks whether a session is there again. An outage has an end of its own. */
const modelMsMax = 1_000;

/** The longest goodbye that is waited for while the model still speaks it. */
const goodbyeMsMax = 12_000;

/** How long after its due end the last mark of a goodbye is waited for. */
const goodbyeMarkMs = 1_000;

/**
 * The agent's way out of a call: an exit is decided once, the caller hears the goodbye to its last mark, and the stream is closed.
 * It joins the leg, which knows the exit, with the conversation, which knows what has been heard.
 */
export class Farewell {
  readonly #settings: CallSettings;
  readonly #leg: Leg;
  readonly #conversation: Conversation;
  readonly #reaction: Reaction;
  #speaksUntilMs = 0;

  constructor(settings: CallSettings, leg: Leg, conversation: Conversation, reaction: Reaction) {
    this.#settings = settings;
    this.#leg = leg;
    this.#conversation = conversation;
    this.#reaction = reaction;
  }

  // ── Who wants to leave ─────────────────────────────────────────────────────────────────────────────────────────

  /** Carries out what a tool asks of the call. Returns what the model is told when that cannot be done, or null. */
  obey(order: LeaveOrder): ToolResponse | null {
    if (this.#leg.exit !== null) return failure('The call is being ended already. Say nothing more.');
    if (order.kind === 'hangUp') {
      this.leave({ kind: 'hangUp' });
      return null;
    }
    const { destination } = order;
    const { destinations } = this.#settings;
    // A name such as "constructor" must not find what every object has.
    const number = Object.hasOwn(destinations, destination) ? destinations[destination] : undefined;
    if (number === undefined) {
      const names = Object.keys(destinations).join(', ');
      return failure(`There is no destination "${destination}". The destinations are: ${names}.`);
    }
    this.leave({ kind: 'transfer', destination, number });
    return null;
  }

  /** The longest duration has passed: the agent is cut off, because its next words must be the goodbye. */
  timeIsUp(): void {
    if (this.#leg.exit !== null) return;
    // Another session is on its way, and can say goodbye.
    if (this.#conversation.awaitsModel) return this.#reaction.wait('callMax', modelMsMax);
    this.#conversation.cutAgent('timeIsUp');
    this.leave({ kind: this.#conversation.tell(timeIsUp) ? 'hangUp' : 'fallback' });
  }

  /** The first exit that is decided stands. */
  leave(exit: Exit): void {
    if (this.#leg.exit !== null) return;
    this.#reaction.note('info', 'leaving', { exit: exit.kind });
    this.#leg.leave(exit, this.#goodbyeOf(exit));
    const { goodbye } = this.#leg;
    if (goodbye === 'spoken') this.spoken();
    else if (goodbye === 'speaking') this.#speaks();
    else if (goodbye !== null) this.#reaction.wait('goodbye', goodbyeStartMsMax);
  }

  /** A transfer is announced after the tool's answer; a hang-up is asked for during the goodbye or after it. */
  #goodbyeOf(exit: Exit): Goodbye {
    if (exit.kind === 'fallback' || exit.kind === 'voicemail') return 'spoken';
    if (exit.kind === 'transfer') return 'awaited';
    if (this.#conversation.agentIsGenerating) return 'speaking';
    return this.#conversation.agentIsSilent ? 'awaited' : 'spoken';
  }

  // ── The goodbye ────────────────────────────────────────────────────────────────────────────────────────────────

  /** The agent speaks. */
  agentSpeaks(): void {
    if (this.#leg.goodbye === 'speaking') return this.#mayStall();
    if (this.#leg.goodbye !== 'awaited') return;
    this.#leg.setGoodbye('speaking');
    this.#speaks();
  }

  #speaks(): void {
    this.#speaksUntilMs = this.#reaction.nowMs + goodbyeMsMax;
    this.#mayStall();
  }

  /** More of the goodbye is waited for no longer than for its beginning. */
  #mayStall(): void {
    const dueMs = this.#reaction.nowMs + this.#conversation.unheardMs + goodbyeStartMsMax;
    this.#reaction.waitUntil('goodbye', Math.min(this.#speaksUntilMs, dueMs));
  }

  /** The model may have generated all that it will say. */
  generationEnded(): void {
    if (this.#leg.goodbye === 'speaking' && !this.#conversation.agentIsGenerating) this.spoken();
  }

  /** The caller speaks over the agent. A goodbye over which the caller speaks has been heard well enough. */
  interrupted(): void {
    if (this.#leg.goodbye === 'speaking') this.spoken();
  }

  /** When the call is leaving, all of the goodbye is on its way: the last mark is waited for, but not for ever. */
  spoken(): void {
    if (this.#leg.goodbye === null) return;
    this.#leg.setGoodbye('spoken');
    this.#reaction.wait('goodbye', this.#conversation.unheardMs + goodbyeMarkMs);
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
    const { exit, hasStream } = this.#leg;
    return exit !== null && exit.kind !== 'transfer' && !hasStream;
  }
}
