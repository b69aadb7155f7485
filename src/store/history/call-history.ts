import type { CallFigures, JournaledEntry } from '../journal-entry.ts';

/** A call as the history tells it. Times are Unix time in ms. */
export interface PastCall extends CallFigures {
  readonly callSid: string;
  /** The numbers as Twilio gave them; null when it withheld one. */
  readonly from: string | null;
  readonly to: string | null;
  /** Null when no agent was chosen, as for a call that was refused. */
  readonly agent: string | null;
  readonly source: 'phone' | 'browser';
  /** The instance that has the call or had it last; null for one without a name. */
  readonly instance: string | null;
  readonly startedAtMs: number;
  /** Null while the call may be live, as are `outcome` and `why`. */
  readonly endedAtMs: number | null;
  /** How it ended: an `EndReason`, or `crashed`, `lost` or `refused`. */
  readonly outcome: string | null;
  /** Sentences for a person. */
  readonly why: string | null;
  /** Codes of `src/errors.ts` that led to it, the gravest first. */
  readonly faults: readonly string[];
}

/** Which calls are wanted. What is null does not matter. */
export interface HistoryQuery {
  /** Digits of either number; everything else in it is passed over. */
  readonly number: string | null;
  /** Something that was said, in large or small letters. */
  readonly words: string | null;
  readonly outcome: string | null;
  /** Calls that began at this time or later. */
  readonly sinceMs: number | null;
  /** Calls that began before this time. */
  readonly untilMs: number | null;
}

/** Which part of them: the newest, or what follows a page before. */
export interface HistoryPlace {
  /** The `next` of the page before. */
  readonly after: string | null;
  /** 1 to `pageCallsMax`. */
  readonly limit: number;
}

/** Calls in one answer. */
export const pageCallsMax = 200;

/** Some calls, the newest first. */
export interface HistoryPage {
  readonly calls: readonly PastCall[];
  /** Leads to the next page; null when this was the last. */
  readonly next: string | null;
  /** What could not be read and why, in words; null when nothing is missing. */
  readonly missing: string | null;
}

/** One call, and what happened on it in order. */
export interface PastCallStory {
  readonly call: PastCall;
  readonly entries: readonly JournaledEntry[];
  readonly missing: string | null;
}

/** Reads what is kept of calls. Both may reject with a `ParleyError` of the journal. */
export interface CallHistory {
  list(query: HistoryQuery, place: HistoryPlace): Promise<HistoryPage>;
  /** Null when the call is unknown. */
  find(callSid: string): Promise<PastCallStory | null>;
}

/** Every call. */
export const anyCall: HistoryQuery = { number: null, words: null, outcome: null, sinceMs: null, untilMs: null };
