import type { CallEnding, CallObserver } from '../call/call-observer.ts';
import type { CallEffect } from '../call/effects.ts';
import type { CallEvent } from '../call/events.ts';
import type { Logger } from '../system/logger.ts';

/** Whoever observes a call. One that throws is asked no more, and neither the call nor the others notice. */
export class CallObservers {
  readonly #observers: Set<CallObserver>;
  readonly #log: Logger;

  constructor(observers: readonly CallObserver[], log: Logger) {
    this.#observers = new Set(observers);
    this.#log = log;
  }

  write(event: CallEvent, effects: readonly CallEffect[], tookMs: number): void {
    this.#each((observer) => observer.write(event, effects, tookMs));
  }

  /** Nothing more comes. */
  close(ending: CallEnding): void {
    this.#each((observer) => {
      this.#observers.delete(observer);
      observer.close(ending);
    });
  }

  #each(tell: (observer: CallObserver) => void): void {
    for (const observer of this.#observers) {
      try {
        tell(observer);
      } catch (error) {
        this.#observers.delete(observer);
        this.#log.error({ err: error }, 'observerFailed');
      }
    }
  }
}
