import type { CallSettings } from '../../call/call-settings.ts';
import type { CallEffect } from '../../call/effects.ts';
import type { CallEvent } from '../../call/events.ts';

/** Judges whether the model has what it needs at once: a session when the phone rings, and the wish for a greeting. */
export class ModelSessionJudge {
  readonly #models: CallSettings['model'];
  readonly #broken: (sentence: string) => void;
  #wasOpened = false;
  #isOpen = false;
  #hasGreeted = false;
  #greetsByItself = false;
  #wasRestored = false;

  constructor(models: CallSettings['model'], broken: (sentence: string) => void) {
    this.#models = models;
    this.#broken = broken;
  }

  /** Whether a session was ever ordered. */
  get wasOpened(): boolean {
    return this.#wasOpened;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Whether the model has ever said anything. */
  get hasGreeted(): boolean {
    return this.#hasGreeted;
  }

  /** Looks at one step of a call. */
  step(event: CallEvent, effects: readonly CallEffect[], hasEnded: boolean): void {
    const orders = (type: CallEffect['type']): boolean => effects.some((effect) => effect.type === type);
    if (event.type === 'call.received') {
      this.#wasOpened ||= orders('model.open');
      if (!this.#wasOpened) this.#broken('no model session was opened when the call came');
    }
    for (const effect of effects) if (effect.type === 'model.open') this.#follow(effect.fallback);
    if (event.type === 'model.closed') this.#isOpen = false;
    if (event.type === 'call.restored') this.#wasRestored = true;
    if (event.type === 'model.opened') {
      this.#isOpen = !hasEnded;
      const isGivenUp = orders('model.close') || hasEnded;
      const isAsked = orders('model.sendText') || this.#hasGreeted || this.#greetsByItself;
      // A caller who speaks in the middle of a call wants an answer, and no greeting.
      const isToAnswer = this.#wasRestored && orders('model.sendAudio');
      if (!isAsked && !isToAnswer && !isGivenUp) this.#broken('the model was not asked to greet');
    }
    this.#hasGreeted ||= event.type === 'model.audio';
  }

  #follow(isFallback: boolean): void {
    const { first, fallback } = this.#models;
    this.#greetsByItself = (isFallback ? (fallback ?? first) : first).greeting === 'byItself';
  }

  /** The session is over: a step has closed it, or its process is gone. */
  closed(): void {
    this.#isOpen = false;
  }
}
