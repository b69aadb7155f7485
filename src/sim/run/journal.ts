import type { CallMemory } from '../../call/talk/memory.ts';
import { CallJournal, callMemory } from '../../store/call-journal.ts';
import { CallRecord } from '../../store/call-record.ts';
import { type JournaledEntry, readEntry } from '../../store/journal-entry.ts';
import type { JournalItem } from '../../store/journal-job.ts';

/** How late the real journal writes; what is younger dies with its process. */
const batchMs = 200;

const model = 'gemini-3.8-live';

/** The journal of a simulated call: it outlives the service, as a file does. Times are ms of the world. */
export class SimulatedJournal {
  readonly #items: JournalItem[] = [];
  #holds = 0;
  #startedAtMs: number | null = null;
  /** When a service that had the call was alive last. */
  #lastSeenMs = 0;

  /** A service takes the call. `now` tells its time, and what it writes is read back at the earliest `batchMs` later. */
  open(callSid: string, now: () => number): CallJournal {
    this.#holds += 1;
    this.#startedAtMs ??= now();
    const record = new CallRecord({
      callSid,
      hold: this.#holds,
      startedAtMs: this.#startedAtMs,
      heldSinceMs: now(),
      now,
      write: (item) => {
        this.#items.push(item);
      },
      onFenced: () => {},
    });
    return new CallJournal(record, { first: model, fallback: model });
  }

  /** A service has the call at this moment. */
  seen(nowMs: number): void {
    this.#lastSeenMs = nowMs;
  }

  /** A service waits until all that it wrote is in the file. */
  settled(nowMs: number): void {
    this.#lastSeenMs = nowMs + batchMs;
  }

  /** What is left of the call for another service; null when there is nothing, or the call has ended. */
  restore(callSid: string, nowMs: number): CallMemory | null {
    const startedAtMs = this.#startedAtMs;
    if (startedAtMs === null) return null;
    // What came in the last moments of a killed service never reached the file; the first entry of a call is not waited for.
    const killedAtMs = this.#lastSeenMs;
    const kept = this.#items.filter(({ atMs, n }) => n === 1 || atMs <= killedAtMs - batchMs);
    const entries = kept.flatMap(({ kind, json, hold, n, atMs }): JournaledEntry[] => {
      const entry = readEntry(kind, json);
      return entry === null ? [] : [{ ...entry, fence: hold, n, atMs }];
    });
    if (entries.some(({ kind }) => kind === 'ended')) return null;
    return callMemory({ callSid, startedAtMs, fence: this.#holds, ended: null, entries }, model, nowMs);
  }
}
