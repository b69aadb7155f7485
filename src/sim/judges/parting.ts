import type { CallEffect } from '../../call/effects.ts';

/** The ways out of a call that lead the caller to nobody else. */
const lastExits: ReadonlySet<unknown> = new Set(['hangUp', 'operatorHangUp']);

/** Sees whether the agent has parted from the caller for good: it leaves for nobody else, and has closed the stream after its goodbye. */
export class Parting {
  #isLeaving = false;
  #isOver = false;

  get isOver(): boolean {
    return this.#isOver;
  }

  /** Looks at one step of a call. */
  step(effects: readonly CallEffect[]): void {
    for (const effect of effects) {
      if (effect.type === 'note' && effect.name === 'leaving') this.#isLeaving = lastExits.has(effect.fields.exit);
      if (effect.type === 'stream.close') this.#isOver = this.#isLeaving;
    }
  }
}
