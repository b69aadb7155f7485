import type { ErrorCode } from '../errors.ts';

/** How often a process says that it lives. A store has half a write a second of each process. */
export const beatMs = 2_000;

/**
 * How long a process counts as alive after it said so. Three beats may be lost on the way. A caller hears nothing of a process that stands
 * still, and the calls of one are fetched within 15 s of that: this, a beat, and the fetching itself.
 */
export const leaseMs = 8_000;

/** How long after its lease the calls of a process are waited for, so that others fetch them. */
export const graceMs = 5_000;

/** How long an answer is waited for. Then the question is asked again, and a lease outlasts two of these. */
export const answerMsMax = 3_000;

/** A time in which no process renewed its lease is one in which the store was away, or all processes were. */
export const awayMsMin = 2 * beatMs;

/** The lease of one process. Times are Unix time in ms by the clock of the store, which is the only one that counts. */
export interface ProcessLease {
  /** As in the journal. */
  readonly holder: string;
  /** What it is called in addresses; null without a name. */
  readonly instance: string | null;
  /** How many calls it may have. */
  readonly slots: number;
  /** How many it had when it last said so. */
  readonly calls: number;
  /** Whether it takes new calls. One that is about to end does not. */
  readonly takesCalls: boolean;
  /** Whether it is too late with the calls that it has to take another at this moment. */
  readonly isLate: boolean;
  /** The number of its last question. */
  readonly asked: number;
  readonly renewedAtMs: number;
  readonly untilMs: number;
  /**
   * When a process that has fallen was found without calls that somebody could fetch, or came back; null for others. Until all have said how
   * many calls they have since then, its slots are nobody's.
   */
  readonly emptiedAtMs: number | null;
  /** Where others find its operator's pages, in words that only they read; null where it shows none. */
  readonly pages: string | null;
}

/** What a process says and wants when it renews its lease. */
export interface LeaseAsk {
  readonly holder: string;
  readonly instance: string | null;
  /** Counts the questions of a process, so that one which was held up on its way changes nothing any more. */
  readonly asked: number;
  readonly calls: number;
  /** The slots that it uses until it has the answer. It may have more calls: those that it has taken over. */
  readonly slots: number;
  /** The limit of all processes together. */
  readonly callsMax: number;
  /** How many of them it takes at most. */
  readonly ownCallsMax: number;
  readonly takesCalls: boolean;
  readonly isLate: boolean;
  /** Whether it has had a lease before. */
  readonly isRenewal: boolean;
  /** As in its lease. */
  readonly pages: string | null;
}

/** A process whose lease counts. */
export type LivingProcess = Pick<ProcessLease, 'holder' | 'instance' | 'pages'>;

/** A process whose lease has run out. */
export interface FallenProcess {
  readonly holder: string;
  readonly instance: string | null;
  /** How many calls beyond the limit there may be if it lives, cut off from the store. */
  readonly slots: number;
  /** Its calls in which caller and agent talk: whoever is with a person or the voicemail needs no process. */
  readonly talking: readonly string[];
}

/** A process that can take calls in place of another, and how many. */
export interface Taker {
  /** What it is called in addresses. */
  readonly instance: string;
  readonly room: number;
}

/** What the store grants. */
export type LeaseAnswer =
  | {
      readonly kind: 'held';
      readonly slots: number;
      /** How many it may use. What it has beyond that it gives back with its next question. */
      readonly goal: number;
      /** The lease had run out, and others may have its calls. */
      readonly wasLost: boolean;
      /** How many calls there are beyond the limit. */
      readonly callsOver: number;
      readonly fallen: readonly FallenProcess[];
      /** The processes that take calls, in an order that is the same for all of them. */
      readonly peers: readonly string[];
      /** The others that have room for a call at this moment, as far as they can be named in an address. */
      readonly takers: readonly Taker[];
      /** All that live. */
      readonly living: readonly LivingProcess[];
    }
  /** Another process with this name lives, and said so at `renewedAtMs`. */
  | { readonly kind: 'taken'; readonly by: string; readonly renewedAtMs: number }
  /** A later question was answered already. */
  | { readonly kind: 'late' };

export type LeaseFailure = { readonly kind: 'failed'; readonly code: ErrorCode; readonly why: string };

/** Where the leases of all processes are. */
export interface LeaseStore {
  /** Calls `done` once, in bounded time. What was asked before and is not answered by then is given up. */
  ask(ask: LeaseAsk, done: (answer: LeaseAnswer | LeaseFailure) => void): void;
  /** The process ends in order. Calls `done` in bounded time. */
  leave(holder: string, done: () => void): void;
}
