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
    for (const observer of this.#observers) {
      try {
        observer.write(event, effects, tookMs);
      } catch (error) {
        this.#failed(observer, error);
      }
    }
  }

  /** Nothing more comes. */
  close(ending: CallEnding): void {
    for (const observer of this.#observers) {
      this.#observers.delete(observer);
      try {
        observer.close(ending);
      } catch (error) {
        this.#failed(observer, error);
      }
    }
  }

  #failed(observer: CallObserver, error: unknown): void {
    this.#observers.delete(observer);
    this.#log.error({ err: error }, 'observerFailed');
  }
}
