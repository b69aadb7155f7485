import type { CallerSound } from './hearing/overlap-hearing.ts';
import { ResumptionHandles } from './protocol/resumption-handles.ts';

/** Calls remembered for telling whose they were; far more than a test makes. */
const callsMax = 10_000;

/** What all sessions of one service share: its handles, the ids of its tool calls, and whether a defect has made it deaf for good. */
export class ServiceMemory {
  readonly handles = new ResumptionHandles();
  readonly #sessionByCall = new Map<string, number>();
  #calls = 0;
  /** No session answers any more, a fresh one neither. */
  isDeaf = false;
  /** What the caller began to say last; null where the host has told of nothing. */
  callerSound: CallerSound | null = null;

  /** A new id for a tool call of a session: no two sessions share one (GM-TOOL-8). */
  issueCallId(session: number): string {
    this.#calls += 1;
    const id = `function-call-${this.#calls}`;
    this.#sessionByCall.set(id, session);
    const oldest = this.#sessionByCall.keys().next().value;
    if (this.#sessionByCall.size > callsMax && oldest !== undefined) this.#sessionByCall.delete(oldest);
    return id;
  }

  /** The number of the session that made a call; null for an id that nobody made. */
  sessionOfCall(id: string): number | null {
    return this.#sessionByCall.get(id) ?? null;
  }
}
