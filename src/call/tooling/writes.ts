import type { ToolCall, ToolResponse } from './tool-call.ts';
import { wishName, wishOf } from './wish.ts';

/** How many results of writes are kept until they were told. Each may have the length of an answer; the outcome of an older one counts as unknown. */
const knownMax = 64;

/** What an earlier process knew of a write. `unknown`: that process died before the tool was done. */
export interface PastWrite {
  readonly call: Pick<ToolCall, 'name' | 'args'>;
  readonly outcome: ToolResponse | 'told' | 'unknown';
}

/** How far a write has come. `known`: it is done, and `isHeard` by the present session, whose newest handle does not cover that yet. */
type Outcome =
  | { readonly kind: 'running' | 'told' | 'unknown' }
  | { readonly kind: 'known'; readonly response: ToolResponse; readonly isHeard: boolean };

/**
 * The writes of a phone call by what was wished. One intent lives from its first tool call until its result was told: a session has it, and
 * a handle covers that, so no later session can ask for the same thing again without meaning it anew. A write whose outcome nobody knows
 * stays so until the end of the call.
 */
export class Writes {
  /** By the name of the wish. The call bounds how many tools are run. */
  readonly #writes = new Map<string, { times: number; outcome: Outcome }>();

  /** What became of the same wish, if its intent is not over: its result, or that nobody knows. */
  find(
    wish: string,
  ): { readonly kind: 'known'; readonly response: ToolResponse } | { readonly kind: 'unknown' } | null {
    const outcome = this.#writes.get(wishName(wish))?.outcome;
    if (outcome?.kind === 'unknown') return { kind: outcome.kind };
    return outcome?.kind === 'known' ? outcome : null;
  }

  /** A new intent begins. Returns its key, which is the same in every process that restores this call. */
  begin(wish: string): string {
    const name = wishName(wish);
    const times = (this.#writes.get(name)?.times ?? 0) + 1;
    this.#writes.set(name, { times, outcome: { kind: 'running' } });
    return `${name}-${times}`;
  }

  /** The write is done. `isHeard`: the present session has been told its result. */
  done(wish: string, response: ToolResponse, isHeard: boolean): void {
    this.#set(wishName(wish), { kind: 'known', response, isHeard });
    const known = [...this.#writes].filter(([, { outcome }]) => outcome.kind === 'known');
    for (const [name] of known.slice(0, -knownMax)) this.#set(name, { kind: 'unknown' });
  }

  /** Nobody can say whether it was done. */
  lost(wish: string): void {
    this.#set(wishName(wish), { kind: 'unknown' });
  }

  /** The present session knows all results. */
  heard(): void {
    this.#eachKnown((response) => ({ kind: 'known', response, isHeard: true }));
  }

  /** The service has kept what the session knows: those intents are over. */
  covered(): void {
    this.#eachKnown((response, isHeard) => (isHeard ? { kind: 'told' } : { kind: 'known', response, isHeard }));
  }

  /** The session is gone, and nobody knows what it had been told since its last handle. */
  sessionLost(): void {
    this.#eachKnown((response) => ({ kind: 'known', response, isHeard: false }));
  }

  /** Goes on from what an earlier process knew, in the order in which the writes began. */
  restore(past: readonly PastWrite[]): void {
    for (const { call, outcome } of past) {
      const wish = wishOf(call);
      this.begin(wish);
      if (outcome === 'told' || outcome === 'unknown') this.#set(wishName(wish), { kind: outcome });
      else this.done(wish, outcome, false);
    }
  }

  #set(name: string, outcome: Outcome): void {
    const write = this.#writes.get(name);
    if (write !== undefined) write.outcome = outcome;
  }

  #eachKnown(change: (response: ToolResponse, isHeard: boolean) => Outcome): void {
    for (const write of this.#writes.values()) {
      const { outcome } = write;
      if (outcome.kind === 'known') write.outcome = change(outcome.response, outcome.isHeard);
    }
  }
}
