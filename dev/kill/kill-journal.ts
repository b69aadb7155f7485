import { DatabaseSync } from 'node:sqlite';
import { type JournalEntry, readEntry } from '../../src/store/journal-entry.ts';

/** A process that writes locks the file for some milliseconds. */
const busyMsMax = 2_000;

/** An entry of the file. */
export interface SeenEntry {
  readonly callSid: string;
  readonly fence: number;
  readonly atMs: number;
  readonly json: string;
  readonly entry: JournalEntry;
}

/** What stood in the journal at one moment. */
export interface JournalSnapshot {
  /** By CallSid; `ended` is the reason, null while there is none. */
  readonly calls: ReadonlyMap<string, { readonly fence: number; readonly ended: string | null }>;
  /** By call, fence and number. */
  readonly entries: ReadonlyMap<string, SeenEntry>;
  /** SQLite's own check of the file. */
  readonly isSound: boolean;
}

/** Before there is a file. */
const emptySnapshot: JournalSnapshot = { calls: new Map(), entries: new Map(), isSound: true };

/** Reads the whole file while another process may write it. */
function readJournalFile(file: string): JournalSnapshot {
  const db = new DatabaseSync(file, { readOnly: true, timeout: busyMsMax });
  try {
    // One transaction, so that calls and entries are of one moment.
    db.exec('BEGIN');
    const calls = db.prepare('SELECT call_sid, fence, ended_reason FROM calls').all();
    const rows = db.prepare('SELECT call_sid, fence, n, at_ms, kind, json FROM entries').all();
    const [found] = Object.values(db.prepare('PRAGMA quick_check(1)').get() ?? {});
    const entries = new Map<string, SeenEntry>();
    for (const { call_sid: callSid, fence, n, at_ms: atMs, kind, json } of rows) {
      const entry = readEntry(String(kind), String(json));
      if (entry === null) continue;
      const seen = { callSid: String(callSid), fence: Number(fence), atMs: Number(atMs), json: String(json), entry };
      entries.set(`${seen.callSid} ${seen.fence} ${Number(n)}`, seen);
    }
    return {
      calls: new Map(
        calls.map(({ call_sid: callSid, fence, ended_reason: ended }) => [
          String(callSid),
          { fence: Number(fence), ended: typeof ended === 'string' ? ended : null },
        ]),
      ),
      entries,
      isSound: found === 'ok',
    };
  } finally {
    db.close();
  }
}

/** Reads the journal again and again: what stood there once must stand there for good. */
export class JournalWatch {
  readonly #file: string;
  snapshot = emptySnapshot;
  /** Calls and entries that were there and are gone or changed. */
  lost = 0;
  /** Entries of a process that had lost the call. */
  stale = 0;
  /** Readings at which SQLite found the file damaged. */
  unsound = 0;

  constructor(file: string) {
    this.#file = file;
  }

  readAgain(): void {
    const snapshot = readJournalFile(this.#file);
    this.lost += lostBetween(this.snapshot, snapshot);
    this.stale += staleWrites(this.snapshot, snapshot);
    if (!snapshot.isSound) this.unsound += 1;
    this.snapshot = snapshot;
  }
}

/** How many calls and entries stood there before and are gone or changed. */
function lostBetween(before: JournalSnapshot, after: JournalSnapshot): number {
  const lostCalls = [...before.calls.keys()].filter((callSid) => !after.calls.has(callSid));
  const lostEntries = [...before.entries].filter(([key, { json }]) => after.entries.get(key)?.json !== json);
  return lostCalls.length + lostEntries.length;
}

/** How many entries came under a fence after a later one had been seen: a process wrote that had lost the call. */
function staleWrites(before: JournalSnapshot, after: JournalSnapshot): number {
  const isStale = ([key, { callSid, fence }]: [string, SeenEntry]): boolean =>
    !before.entries.has(key) && fence < (before.calls.get(callSid)?.fence ?? 0);
  return [...after.entries].filter(isStale).length;
}

/** The entries of one call, in order of time. */
export function entriesOf(snapshot: JournalSnapshot, callSid: string): SeenEntry[] {
  return [...snapshot.entries.values()].filter((seen) => seen.callSid === callSid).toSorted((a, b) => a.atMs - b.atMs);
}
