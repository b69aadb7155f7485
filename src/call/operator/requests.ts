import type { Pictures } from '../caller/pictures.ts';
import type { CallEvent } from '../events.ts';
import type { Reaction } from '../reaction.ts';
import type { Operator } from './operator.ts';
import type { RequestRefusal } from './request-refusal.ts';

/** Answers whoever orders something of the call or shows it a picture: at once, also when the call is over. */
export class Requests {
  readonly #operator: Operator;
  readonly #pictures: Pictures;
  readonly #reaction: Reaction;

  constructor(operator: Operator, pictures: Pictures, reaction: Reaction) {
    this.#operator = operator;
    this.#pictures = pictures;
    this.#reaction = reaction;
  }

  /** Takes an event, if it is a request. */
  take(event: CallEvent): void {
    switch (event.type) {
      case 'operator.hungUp':
      case 'operator.transferred':
      case 'operator.noted':
      case 'operator.said':
        return this.#answer(this.#operator.take(event));
      case 'caller.pictured':
        return this.#answer(this.#pictures.take(event.bytes));
      default:
    }
  }

  /** The call is over. */
  end(): void {
    this.#pictures.end();
  }

  #answer(refusal: RequestRefusal | null): void {
    this.#reaction.do({ type: 'request.answer', refusal });
  }
}
