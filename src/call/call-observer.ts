import type { CallEffect } from './effects.ts';
import type { CallEvent } from './events.ts';

/** Somebody who sees what happens on a call and what it orders, such as its log. */
export interface CallObserver {
  /** One step, when all of its effects are done. `tookMs` is the time from the event until then. */
  write(event: CallEvent, effects: readonly CallEffect[], tookMs: number): void;
  /** Nothing more comes. */
  close(): void;
}
