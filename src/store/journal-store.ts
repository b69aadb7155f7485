import type { JournaledCall } from './journal-entry.ts';
import type { JournalItem, UnfinishedCall } from './journal-job.ts';

/** The reason for a call that nobody took over. It is a presumption: a sign of life revokes it. */
export const lostReason = 'lost';

/** The reason for a call that was not taken. */
export const refusedReason = 'refused';

/**
 * How long after its beginning a call may be accepted anew. Twilio repeats a voice webhook within 15 s (TW-HOOK-2), maybe to another process;
 * the rest is for clocks that differ. Later it is no question of Twilio, and must not take a call from whoever has it.
 */
export const repeatMsMax = 30_000;

/**
 * Where the records of calls are kept, as one process sees them; several processes may share it. Every method writes all or nothing,
 * but for what the database can never take. Every method may reject with an error of the database. `test/store/store-contract.ts` says what each must do.
 */
export interface JournalStore {
  /**
   * Writes all items except those of holds that do not have their call. Returns these holds. `onUnfit` is told of each item that is left out
   * because the database can never take it.
   */
  write(items: readonly JournalItem[], onUnfit?: (error: unknown) => void): Promise<readonly number[]>;

  /** Null when the call is unknown. */
  read(callSid: string): Promise<JournaledCall | null>;

  /** The name of the process that has a call; null when it is unknown or has ended for certain. */
  owner(callSid: string): Promise<string | null>;

  /**
   * Raises the fence, unless the call has ended. Returns the call as it is then; null when it is unknown. `stream`: the number of a stream that
   * has come for it; if it or a later one came before, to any process, nothing changes and the call counts as unknown.
   */
  takeOver(callSid: string, hold: number, atMs: number, stream?: number | null): Promise<JournaledCall | null>;

  /** Calls without an end, the quietest first. */
  unfinished(): Promise<readonly UnfinishedCall[]>;

  /** Ends the calls of other processes that gave no sign of life since `beforeMs`. Returns how many. */
  closeUnfinished(beforeMs: number, atMs: number, reason: string): Promise<number>;

  /** Writes what the history lacks of some calls. Returns of how many; zero when it lacks none. */
  tell(): Promise<number>;

  /** Deletes some calls that ended before `beforeMs`. Returns how many; zero when none is left. */
  prune(beforeMs: number): Promise<number>;
}
