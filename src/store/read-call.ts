import type { Kysely, Selectable } from 'kysely';
import { type JournaledCall, type JournaledEntry, readEntry } from './journal-entry.ts';
import type { JournalTables } from './schema.ts';

/** Restoring needs the last state and some minutes of talk; a call of hours has some thousand entries. */
const entriesReadMax = 5_000;

/** What is kept of a call; null when it is unknown. */
export async function readCall(db: Kysely<JournalTables>, callSid: string): Promise<JournaledCall | null> {
  const call = await db.selectFrom('calls').selectAll().where('call_sid', '=', callSid).executeTakeFirst();
  if (call === undefined) return null;
  const lastFirst = await db
    .selectFrom('entries')
    .selectAll()
    .where('call_sid', '=', callSid)
    .orderBy('fence', 'desc')
    .orderBy('n', 'desc')
    .limit(entriesReadMax)
    .execute();
  const { started_at_ms: startedAtMs, fence, ended_reason: reason, ended_at_ms: endedAtMs } = call;
  return {
    callSid,
    startedAtMs,
    fence,
    ended: reason === null || endedAtMs === null ? null : { reason, atMs: endedAtMs },
    entries: lastFirst
      .toReversed()
      .map(entryOf)
      .filter((entry) => entry !== null),
  };
}

function entryOf(row: Selectable<JournalTables['entries']>): JournaledEntry | null {
  const entry = readEntry(row.kind, row.json);
  return entry === null ? null : { ...entry, fence: row.fence, n: row.n, atMs: row.at_ms };
}
