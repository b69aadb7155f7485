import type { HistoryEntry } from '../history.ts';
import { closeReasons } from './close-reasons.ts';
import type { CloseFrame } from './close-reasons.ts';
import type { SessionScript } from '../script/script.ts';
import type { ScriptPlace } from '../script/turn-supply.ts';
import type { Context } from '../usage-meter.ts';

/** What a resumed session remembers of the one before: how things stood when the handle was given (GM-RESUME-2). */
interface Memory {
  readonly place: ScriptPlace;
  readonly context: Context;
  readonly history: readonly HistoryEntry[];
  /** How long the session has lived, over all its connections. */
  readonly livedMs: number;
}

/** The connection that a handle was given to. */
export interface Lease {
  /** The number of the session. */
  readonly session: number;
  /** Null while the socket is open. */
  endedAtMs: number | null;
  /** Whether a session that resumes this one answers nobody. */
  staysDeaf: boolean;
}

/** A handle that was taken: what is remembered, and the number of the session that it was given to. */
export interface Resumed {
  readonly memory: Memory;
  readonly session: number;
  readonly isDeaf: boolean;
}

/** Handles are kept for the tests of one run; a longer run forgets the oldest. */
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

  /** Takes a handle back, once. It is refused while its old socket is open, when it is too old, and for another model. */
  redeem(
    handle: string,
    model: string,
    { handleMs, deadHandle }: Pick<SessionScript, 'handleMs' | 'deadHandle'>,
    atMs: number,
  ): Resumed | { readonly close: CloseFrame; readonly isParallel: boolean } {
    const entry = this.#entries.get(handle);
    if (entry === undefined) return { close: deadHandle, isParallel: false };
    const { memory, lease } = entry;
    if (entry.model !== model) return { close: closeReasons.argumentInvalid, isParallel: false };
    if (lease.endedAtMs === null) return { close: closeReasons.internalError, isParallel: true };
    this.#entries.delete(handle);
    if (atMs - lease.endedAtMs > handleMs) return { close: deadHandle, isParallel: false };
    return { memory, session: lease.session, isDeaf: lease.staysDeaf };
  }
}
