import type { CallEffect } from './effects.ts';
import type { CallEvent } from './events.ts';

/** Sees what happens on a call and what the call orders, as a call log does. */
export interface CallObserver {
  /** One step, when all of its effects are done. `tookMs` is the time from the event until then. */
  write(event: CallEvent, effects: readonly CallEffect[], tookMs: number): void;
  /** Nothing more comes. */
  close(): void;
}
