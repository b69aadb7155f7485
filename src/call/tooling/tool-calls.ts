import type { CallSettings } from '../call-settings.ts';
import { Confirmations } from './confirmations.ts';
import { ReadResults } from './read-results.ts';
import type { ToolCall, ToolResponse } from './tool-call.ts';
import { type ToolTerms, usualTerms } from './tool-terms.ts';
import { wishName, wishOf } from './wish.ts';
import { Writes } from './writes.ts';

/** More calls at once than any prompt of ours asks for; beyond it the model is in a loop. */
const openCallsMax = 16;

/** One every seven seconds of the longest call. Each is a run that somebody pays for, and a line in the log and the journal. */
const runsMax = 2_000;

/** The last ids are remembered so that none is run or answered twice: far more than a session can mean with one that it repeats. */
const answeredIdsMax = 1_000;

interface OpenCall {
  readonly call: ToolCall;
  readonly wish: string;
  readonly terms: ToolTerms;
  readonly startedMs: number;
  /** Under which ids the present model session waits for the result; none when the session that asked is lost. */
  askedAs: readonly string[];
}

/** A tool that is done: what was asked, and under which ids the answer is waited for. */
export type ClosedCall = Pick<OpenCall, 'call' | 'askedAs'>;

/** What becomes of a request of the model to run a tool. */
export type ToolStart =
  | { readonly kind: 'started'; readonly key: string; readonly effect: ToolTerms['effect'] }
  | { readonly kind: 'repeated' | 'tooMany' | 'spent' | 'joined' }
  /** The caller must be asked first. */
  | { readonly kind: 'unconfirmed' }
  /** The very same was asked for before, and whoever asked may not have the answer. */
  | { readonly kind: 'known'; readonly response: ToolResponse }
  /** The very same was begun before, and nobody knows whether it was done. */
  | { readonly kind: 'unknown' };

/**
 * The tool calls of a phone call. Every id is answered exactly once, because an unanswered one deafens the session (GM-TOOL-3). A session
 * that is lost cannot be answered; its tools run on, and a next session that asks for the same gets their result instead of a second run.
 * What changes something outside is run once for each intent, whoever asks for it again and under whichever id.
 */
export class ToolCalls {
  readonly writes = new Writes();
  readonly confirmations = new Confirmations();
  readonly #terms: CallSettings['tools'];
  readonly #reads = new ReadResults();
  readonly #open = new Map<string, OpenCall>();
  readonly #answered = new Set<string>();
  #runs = 0;

  constructor(terms: CallSettings['tools']) {
    this.#terms = terms;
  }

  /** Takes a new call. `repeated`: the id was seen before, and nothing must be done. `joined`: a running tool serves it. */
  start(call: ToolCall, nowMs: number): ToolStart {
    if (this.#isKnown(call.id)) return { kind: 'repeated' };
    const wish = wishOf(call);
    const terms = this.#termsOf(call.name);
    const start =
      this.#join(call, wish, terms) ?? this.#recall(wish, terms, nowMs) ?? this.#begin(call, wish, terms, nowMs);
    if (start.kind !== 'started' && start.kind !== 'joined') this.#remember(call.id);
    return start;
  }

  /** Takes a new call that must not be run. Returns whether it is to be answered: not if its id was seen before. */
  reject(id: string): boolean {
    if (this.#isKnown(id)) return false;
    this.#remember(id);
    return true;
  }

  /** Closes an open call by the id of its run. Null when it is not open. */
  close(id: string, response: ToolResponse, nowMs: number): ClosedCall | null {
    const open = this.#take(id);
    if (open === null) return null;
    const isHeard = open.askedAs.length > 0;
    if (open.terms.effect === 'write') this.writes.done(open.wish, response, isHeard);
    else this.#reads.add(open.wish, response, nowMs, isHeard);
    return open;
  }

  /** Closes an open call of which nobody can say whether it was done. */
  lose(id: string): ClosedCall | null {
    const open = this.#take(id);
    if (open !== null) this.writes.lost(open.wish);
    return open;
  }

  /** The model does not wait for this answer any more, and its tool runs on. Returns whether it was waited for. */
  leave(askedAs: string): boolean {
    const open = this.#open.get(this.runOf(askedAs) ?? '');
    if (open === undefined) return false;
    open.askedAs = open.askedAs.filter((id) => id !== askedAs);
    this.#remember(askedAs);
    return true;
  }

  isOpen(id: string): boolean {
    return this.#open.has(id);
  }

  /** Whether this run changes something outside of the call. */
  isWrite(id: string): boolean {
    return this.#open.get(id)?.terms.effect === 'write';
  }

  /** The name of the tool of a run. */
  nameOf(id: string): string {
    return this.#open.get(id)?.call.name ?? '';
  }

  /** The id of the run that answers what the model asked under `askedAs`. */
  runOf(askedAs: string): string | null {
    for (const [id, open] of this.#open) if (open.askedAs.includes(askedAs)) return id;
    return null;
  }

  /** Whether the model session waits for a tool. */
  get isAwaited(): boolean {
    return [...this.#open.values()].some(({ askedAs }) => askedAs.length > 0);
  }

  get nextDeadlineMs(): number | null {
    let earliestMs: number | null = null;
    for (const open of this.#open.values()) {
      const atMs = deadlineOf(open);
      if (earliestMs === null || atMs < earliestMs) earliestMs = atMs;
    }
    return earliestMs;
  }

  /** The longest time that any of the running tools may take, in ms; 0 when none runs. */
  get longestMs(): number {
    let longestMs = 0;
    for (const { terms } of this.#open.values()) longestMs = Math.max(longestMs, terms.timeoutMs);
    return longestMs;
  }

  overdue(nowMs: number): string[] {
    return [...this.#open].filter(([, open]) => deadlineOf(open) <= nowMs).map(([id]) => id);
  }

  /** The model session is lost, and with it the duty to answer. The tools run on for the next one. */
  sessionLost(): void {
    for (const open of this.#open.values()) {
      for (const id of open.askedAs) this.#remember(id);
      open.askedAs = [];
    }
    this.#reads.sessionLost();
    this.writes.sessionLost();
    this.confirmations.sessionLost();
  }

  /** The service has kept everything up to now: a resumed session knows these results. */
  covered(): void {
    this.#reads.covered();
    this.writes.covered();
    this.confirmations.covered();
  }

  /** Nobody waits any more. Returns the ids of the tools that still run. */
  abandon(): string[] {
    const ids = [...this.#open.keys()];
    for (const { wish, terms } of this.#open.values()) if (terms.effect === 'write') this.writes.lost(wish);
    this.#open.clear();
    return ids;
  }

  /** What still runs for a session that is lost. */
  get running(): readonly ToolCall[] {
    return [...this.#open.values()].filter(({ askedAs }) => askedAs.length === 0).map(({ call }) => call);
  }

  /** A running tool serves whoever asks for the same: a read serves the next session, a write also the one that asked. */
  #join(call: ToolCall, wish: string, { effect }: ToolTerms): ToolStart | null {
    const running = [...this.#open.values()].find((open) => open.wish === wish);
    if (running === undefined || (effect !== 'write' && running.askedAs.length > 0)) return null;
    if (running.askedAs.length >= openCallsMax) return { kind: 'tooMany' };
    running.askedAs = [...running.askedAs, call.id];
    return { kind: 'joined' };
  }

  /** What is known of the same wish from before. */
  #recall(wish: string, { effect }: ToolTerms, nowMs: number): ToolStart | null {
    if (effect === 'write') {
      const found = this.writes.find(wish);
      // The session that asks knows all results from here on.
      if (found?.kind === 'known') this.writes.heard();
      return found;
    }
    const response = this.#reads.take(wish, nowMs);
    return response === null ? null : { kind: 'known', response };
  }

  #begin(call: ToolCall, wish: string, terms: ToolTerms, nowMs: number): ToolStart {
    const { effect, confirm } = terms;
    if (confirm && !this.confirmations.isGiven(call.name, wish)) {
      this.confirmations.ask(call.name, wish);
      return { kind: 'unconfirmed' };
    }
    if (this.#runs >= runsMax) return { kind: 'spent' };
    if (this.#open.size >= openCallsMax) return { kind: 'tooMany' };
    this.#runs += 1;
    this.confirmations.used(call.name);
    this.#open.set(call.id, { call, wish, terms, startedMs: nowMs, askedAs: [call.id] });
    // A read has no key of its own: whoever looks something up twice has changed nothing.
    const key = effect === 'write' ? this.writes.begin(wish) : wishName(wish);
    return { kind: 'started', key, effect };
  }

  #take(id: string): OpenCall | null {
    const open = this.#open.get(id);
    if (open === undefined) return null;
    this.#open.delete(id);
    for (const each of [id, ...open.askedAs]) this.#remember(each);
    return open;
  }

  #termsOf(name: string): ToolTerms {
    // A name such as "constructor" must not find a property that every object has.
    return (Object.hasOwn(this.#terms, name) ? this.#terms[name] : undefined) ?? usualTerms;
  }

  #isKnown(id: string): boolean {
    return this.#answered.has(id) || this.#open.has(id) || this.runOf(id) !== null;
  }

  #remember(id: string): void {
    this.#answered.add(id);
    if (this.#answered.size <= answeredIdsMax) return;
    for (const oldest of this.#answered) {
      this.#answered.delete(oldest);
      return;
    }
  }
}

function deadlineOf({ startedMs, terms }: OpenCall): number {
  return startedMs + terms.timeoutMs;
}
