import type { LatenessFigures } from '../../siege/lateness.ts';
import type { ChaosFault } from '../faults.ts';

// All times are Unix time in ms by the clock of the machine.

/** From one moment up to another; null while it goes on. */
export interface Stretch {
  readonly fromMs: number;
  readonly toMs: number | null;
}

/** A request of the phone network that had no answer which it could use. */
export interface FailedWebhook {
  readonly atMs: number;
  readonly purpose: string;
  readonly detail: string;
}

/** What the phone network and the caller's ear have seen of one call. */
export interface SeenCall {
  readonly callSid: string;
  /** The caller's number, without the plus. */
  readonly callerDigits: string;
  readonly placedMs: number;
  /** When the service said what to do with the call; null when it never did. */
  readonly answeredMs: number | null;
  readonly streams: readonly Stretch[];
  /** When something was to be heard. */
  readonly sounds: readonly Stretch[];
  readonly endedMs: number | null;
  readonly endReason: string | null;
  /** When the phone network itself began to speak, which is the apology. */
  readonly apologisedMs: number | null;
  readonly failedWebhooks: readonly FailedWebhook[];
  /** Requests that were made again because the first had no answer. */
  readonly retriedWebhooks: number;
}

/** What the model has seen of one session. */
export interface SeenSession {
  readonly callerDigits: string;
  readonly openedMs: number;
  readonly spokeMs: number | null;
  readonly wasAskedToGreet: boolean;
  readonly conversation: number | null;
  /** When the caller named the conversation to it. */
  readonly toldMs: number | null;
  /** The conversations whose order it knew beforehand. */
  readonly known: readonly number[];
}

/** A fault, as it came. */
export interface StrikeFacts {
  readonly fault: ChaosFault;
  /** The process that was struck; null where it was the database. */
  readonly instance: string | null;
  readonly atMs: number;
  readonly untilMs: number;
}

/** A process has begun a stream of a call. */
export interface TakenFacts {
  readonly callSid: string;
  readonly instance: string;
  readonly atMs: number;
}

/** All that is known of a round when it is over. */
export interface RoundFacts {
  readonly calls: readonly SeenCall[];
  readonly sessions: readonly SeenSession[];
  readonly strikes: readonly StrikeFacts[];
  readonly taken: readonly TakenFacts[];
  /** What the server of the tool was told to do, each time. */
  readonly effects: readonly string[];
  /** By CallSid, the reason why a call has ended in the journal; null where it has no end. */
  readonly journal: ReadonlyMap<string, string | null>;
  readonly callsMax: number;
  /** How late the processes of the round were that are not measured. */
  readonly late: readonly LatenessFigures[];
}
