import type { OperatorOrder } from '../events.ts';
import type { Farewell } from '../phone/farewell.ts';
import type { Leg } from '../phone/leg.ts';
import type { Reaction } from '../reaction.ts';
import type { Conversation } from '../talk/conversation.ts';
import type { Prompter } from '../talk/prompter.ts';
import { operatorTransfer } from '../talk/prompts.ts';
import type { OperatorWords } from './operator-words.ts';
import type { RequestRefusal } from './request-refusal.ts';

/** Carries out what an operator orders of the call, or says why that cannot be done. */
export class Operator {
  readonly #leg: Leg;
  readonly #farewell: Farewell;
  readonly #conversation: Conversation;
  readonly #words: OperatorWords;
  readonly #prompter: Prompter;
  readonly #reaction: Reaction;

  constructor(
    leg: Leg,
    farewell: Farewell,
    conversation: Conversation,
    words: OperatorWords,
    prompter: Prompter,
    reaction: Reaction,
  ) {
    this.#leg = leg;
    this.#farewell = farewell;
    this.#conversation = conversation;
    this.#words = words;
    this.#prompter = prompter;
    this.#reaction = reaction;
  }

  /** Returns why the order is refused, or null. */
  take(order: OperatorOrder): RequestRefusal | null {
    const refusal = this.#obstacle(order) ?? this.#carryOut(order);
    const answer = refusal === null ? {} : { refusal };
    this.#reaction.note('info', 'operatorOrdered', { order: order.type, ...answer });
    return refusal;
  }

  /** Whether the call is in a state in which the order makes sense. A hang-up makes sense as long as the agent has the call. */
  #obstacle({ type }: OperatorOrder): RequestRefusal | null {
    switch (this.#leg.phase.name) {
      case 'ended':
        return 'callIsOver';
      case 'ringing':
        return 'noSession';
      case 'dialling':
      case 'recording':
        return 'handedOver';
      case 'redirecting':
        return 'leaving';
      case 'awaitingStream':
      case 'talking':
      case 'leaving':
      case 'betweenStreams':
        return this.#farewell.isLeaving && type !== 'operator.hungUp' ? 'leaving' : null;
    }
  }

  #carryOut(order: OperatorOrder): RequestRefusal | null {
    switch (order.type) {
      case 'operator.hungUp':
        this.#conversation.cutAgent('operator');
        this.#farewell.hangUpNow();
        return null;
      case 'operator.transferred':
        return this.#transfer(order.destination);
      case 'operator.noted':
        return this.#words.note(order.text);
      case 'operator.said':
        return this.#words.say(order.text);
    }
  }

  /** The agent announces it, as it does when it transfers by itself, if anybody can hear it. */
  #transfer(destination: string): RequestRefusal | null {
    if (!this.#farewell.knows(destination)) return 'noSuchDestination';
    this.#conversation.cutAgent('operator');
    const isAnnounced = this.#leg.isTalking && this.#prompter.tellTogether([operatorTransfer(destination)]);
    this.#farewell.leave({ kind: 'transfer', destination, reason: null });
    if (!isAnnounced) this.#farewell.spoken();
    return null;
  }
}
