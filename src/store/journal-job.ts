import type { ErrorCode } from '../errors.ts';
import type { JournaledCall, JournalEntryKind } from './journal-entry.ts';

// What the journal and its backend say to each other.

/** One entry on its way to the file. Times are Unix time in ms. */
export interface JournalItem {
  readonly callSid: string;
  /** Which hold on the call writes it; unique in its process. Only the latest hold on a call may write. */
  readonly hold: number;
  readonly heldSinceMs: number;
  readonly startedAtMs: number;
  /** Counts the entries of the hold, so that an item which is sent twice is written once. */
  readonly n: number;
  readonly atMs: number;
  readonly kind: JournalEntryKind;
  readonly json: string;
}

/** A call without an end. */
export interface UnfinishedCall {
  readonly callSid: string;
}

export type JournalJob =
  /** Writes all items or none. Without items, it only opens the file. `isLast`: no attempt follows, because the process is about to end. */
  | { readonly kind: 'write'; readonly items: readonly JournalItem[]; readonly isLast?: boolean }
  | { readonly kind: 'read' | 'owner'; readonly callSid: string }
  /** `stream`: with the stream of this number, if none of it has come; null without one. */
  | {
      readonly kind: 'takeOver';
      readonly callSid: string;
      readonly hold: number;
      readonly atMs: number;
      readonly stream: number | null;
    }
  | { readonly kind: 'unfinished' }
  | { readonly kind: 'closeUnfinished'; readonly beforeMs: number; readonly atMs: number; readonly reason: string }
  | { readonly kind: 'tell' }
  | { readonly kind: 'prune'; readonly beforeMs: number }
  | { readonly kind: 'close' };

export type JournalAnswer =
  /**
   * `refusedHolds`: the holds whose items were not written, because another hold has the call. `unfit`: why the database could never take some
   * of them, which are given up, one reason for each; absent where it could.
   */
  | { readonly kind: 'written'; readonly refusedHolds: readonly number[]; readonly unfit?: readonly string[] }
  /** The items were not written: they are kept on the disk until the database is back. `outboxEntries`: how many wait there. */
  | { readonly kind: 'filed'; readonly outboxEntries: number; readonly code: ErrorCode; readonly why: string }
  /** The items were not taken: some of those that wait on the disk were written in their place. */
  | {
      readonly kind: 'behind';
      readonly outboxEntries: number;
      readonly refusedHolds: readonly number[];
      readonly unfit?: readonly string[];
    }
  | { readonly kind: 'call'; readonly call: JournaledCall | null }
  /** The name of the process that has a call. */
  | { readonly kind: 'owner'; readonly owner: string | null }
  | { readonly kind: 'calls'; readonly calls: readonly UnfinishedCall[] }
  | { readonly kind: 'count'; readonly count: number }
  | { readonly kind: 'failed'; readonly code: ErrorCode; readonly why: string };

/** A new file was begun. The old one is at `movedTo`, or gone. */
export interface JournalRenewal {
  readonly cause: 'journal.corrupt' | 'journal.gone';
  readonly movedTo: string | null;
}

/** What the thread of the file is given at its start. */
export interface JournalFileSettings {
  readonly file: string;
  /** Tells this process from all others. */
  readonly process: string;
  /** Whether what was said is kept when a call is over. */
  readonly keepsWords: boolean;
  readonly fileBytesMax: number;
}

export interface JournalRequest {
  readonly id: number;
  readonly job: JournalJob;
}

export interface JournalReply {
  readonly id: number;
  readonly answer: JournalAnswer;
  readonly renewal: JournalRenewal | null;
}

/**
 * Where the records of calls are kept: a file, a database, the memory of a simulation. It does its jobs one after the other, in the order
 * in which they were asked for, and never throws: a failure is an answer.
 */
export interface JournalBackend {
  /** Has a job done. `done` is called once, in a later turn; it may take as long as a disk does. */
  ask(job: JournalJob, done: (answer: JournalAnswer) => void): void;
  /** Stops it, even in the middle of a job, and calls `done` when it has stopped. */
  stop(done: () => void): void;
}
