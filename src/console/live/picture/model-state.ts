import type { CallEffect } from '../../../call/effects.ts';
import type { CallEvent } from '../../../call/events.ts';
import type { ModelHealth } from './live-call.ts';

/** Follows the model sessions of one call. */
export class ModelState {
  #health: ModelHealth = 'none';
  #sessions = 0;

  get health(): ModelHealth {
    return this.#health;
  }

  /** How many were opened so far. */
  get sessions(): number {
    return this.#sessions;
  }

  happened({ type }: CallEvent): void {
    if (type === 'model.opened') this.#health = 'live';
    else if (type === 'model.openFailed' || type === 'model.closed') this.#lost();
  }

  ordered({ type }: CallEffect): void {
    if (type === 'model.open') {
      this.#sessions += 1;
      this.#health = this.#health === 'lost' ? 'recovering' : 'connecting';
    } else if (type === 'model.close') this.#health = 'closed';
  }

  /** A session that the call has closed is not lost. */
  #lost(): void {
    if (this.#health !== 'closed') this.#health = 'lost';
  }
}
