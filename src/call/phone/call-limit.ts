import type { Reaction } from '../reaction.ts';
import type { ModelConnection } from '../session/model-connection.ts';
import type { Conversation } from '../talk/conversation.ts';
import type { Prompter } from '../talk/prompter.ts';
import { timeIsUp } from '../talk/prompts.ts';
import type { Farewell } from './farewell.ts';

/** How often the end of the longest duration looks whether a session is there again. An outage has an end of its own. */
const modelMsMax = 1_000;

/** The longest duration of a call: when it has passed, the agent says goodbye. */
export class CallLimit {
  readonly #connection: ModelConnection;
  readonly #conversation: Conversation;
  readonly #farewell: Farewell;
  readonly #prompter: Prompter;
  readonly #reaction: Reaction;
  #untilMs = Infinity;

  constructor(
    connection: ModelConnection,
    conversation: Conversation,
    farewell: Farewell,
    prompter: Prompter,
    reaction: Reaction,
  ) {
    this.#connection = connection;
    this.#conversation = conversation;
    this.#farewell = farewell;
    this.#prompter = prompter;
    this.#reaction = reaction;
  }

  /** The call may last so long from this moment on. */
  begin(ms: number): void {
    this.#untilMs = this.#reaction.nowMs + ms;
    this.#reaction.wait('callMax', ms);
  }

  get isReached(): boolean {
    return this.#reaction.nowMs >= this.#untilMs;
  }

  /** The longest duration has passed: the agent is cut off, because its next words must be the goodbye. */
  timedOut(): void {
    if (this.#farewell.isLeaving) return;
    // Another session is on its way, and can say goodbye.
    if (this.#connection.isAwaited) return this.#reaction.wait('callMax', modelMsMax);
    this.#conversation.cutAgent('timeIsUp');
    this.#farewell.leave({ kind: this.#prompter.tellNow(timeIsUp) ? 'hangUp' : 'fallback' });
  }
}
