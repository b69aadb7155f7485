import { type JournalEntryKind, type JournaledCall, type JournaledEntry, readEntry } from './journal-entry.ts';
import { numberIn, type StoreDatabase, type StoreRow, textIn } from './store-database.ts';

/** Entries that a call makes by the thousand, and of which restoring needs the last ones: some minutes of talk, and the newest handle. */
export const talkKinds: readonly JournalEntryKind[] = ['said', 'handle'];

/** A call of hours has some thousand of them. */
const talkReadMax = 5_000;

/** With who called, who answers, where the call is, and what its tools have done: two entries for each of those that it may run. */
const entriesReadMax = 10_000;

/** What is kept of a call; null when it is unknown. */
export async function readCall(db: StoreDatabase, callSid: string): Promise<JournaledCall | null> {
  const [call] = await db.run('readCall', { callSid });
  if (call === undefined) return null;
  const lastFirst = await db.run('readEntries', { callSid, limit: entriesReadMax, talkMax: talkReadMax });
  const { ended_reason: reason, ended_at_ms: endedAtMs } = call;
  return {
    callSid,
    startedAtMs: numberIn(call, 'started_at_ms'),
    fence: numberIn(call, 'fence'),
    process: textIn(call, 'process'),
    ended: typeof reason === 'string' && typeof endedAtMs === 'number' ? { reason, atMs: endedAtMs } : null,
    entries: lastFirst
      .toReversed()
      .map(entryOf)
      .filter((entry) => entry !== null),
  };
}

function entryOf(row: StoreRow): JournaledEntry | null {
  const entry = readEntry(textIn(row, 'kind'), textIn(row, 'json'));
  if (entry === null) return null;
  return { ...entry, fence: numberIn(row, 'fence'), n: numberIn(row, 'n'), atMs: numberIn(row, 'at_ms') };
}
