import { closeReasons } from './close-reasons.ts';
import type { CloseFrame } from './close-reasons.ts';
import type { Context } from './usage-meter.ts';

/** What a resumed session remembers of the one before. */
export interface Memory {
  /** The turn of the script that comes next. */
  readonly turnIndex: number;
  readonly context: Context;
}

/** Whether the socket that a handle was given to is still open. */
export interface Lease {
  isOpen: boolean;
}

/** Handles are kept for the tests of one run; a longer run forgets the oldest, as the service does after two hours. */
const handlesMax = 1_000;

/** The resumption handles that the service gave out. All sessions of one service share them (GM-RESUME-1). */
export class ResumptionHandles {
  readonly #entries = new Map<string, { readonly model: string; readonly memory: Memory; readonly lease: Lease }>();
  #issued = 0;

  issue(model: string, memory: Memory, lease: Lease): string {
    this.#issued += 1;
    const handle = `resumption-handle-${this.#issued}`;
    this.#entries.set(handle, { model, memory, lease });
    const oldest = this.#entries.keys().next().value;
    if (this.#entries.size > handlesMax && oldest !== undefined) this.#entries.delete(oldest);
    return handle;
  }

  /** Takes a handle back, once. It is refused while its old socket is open, and for another model. */
  redeem(handle: string, model: string): { readonly memory: Memory } | { readonly close: CloseFrame } {
    const entry = this.#entries.get(handle);
    if (entry === undefined) return { close: closeReasons.sessionNotFound };
    if (entry.model !== model) return { close: closeReasons.argumentInvalid };
    if (entry.lease.isOpen) return { close: closeReasons.internalError };
    this.#entries.delete(handle);
    return { memory: entry.memory };
  }
}
