import type { Kysely } from 'kysely';
import type { JournalEntryKind } from '../journal-entry.ts';
import { readCall } from '../read-call.ts';
import type { JournalTables } from '../schema.ts';
import { pastCallOf, searchWords } from './history-row.ts';

/** Entries after which the history tells something else of a call. */
export const keptKinds: ReadonlySet<JournalEntryKind> = new Set(['accepted', 'agent', 'ended']);

/**
 * Entries that hold what was said, what tools were asked and answered, or what is known of the caller; where a call was holds why it was
 * transferred.
 */
const wordKinds: readonly JournalEntryKind[] = ['context', 'state', 'said', 'noted', 'toolStarted', 'toolAnswered'];

/** Writes what the entries of a call come to. Without `keepsWords`, what was said is deleted when the call is over. */
export async function keepHistory(db: Kysely<JournalTables>, callSid: string, keepsWords: boolean): Promise<void> {
  const call = await readCall(db, callSid);
  if (call === null) return;
  const { from, to, agent, source, why, faults, costUsd, tokens, waits } = pastCallOf(call);
  const row = {
    from_number: from,
    to_number: to,
    agent,
    source,
    why,
    faults: faults.join(' '),
    cost_usd: costUsd,
    tokens,
    waits: waits?.count ?? null,
    wait_median_ms: rounded(waits?.medianMs),
    wait_max_ms: rounded(waits?.maxMs),
    words: keepsWords && call.ended !== null ? searchWords(call) : '',
  };
  await db
    .insertInto('history')
    .values({ call_sid: callSid, ...row })
    .onConflict((conflict) => conflict.column('call_sid').doUpdateSet(row))
    .execute();
  if (keepsWords || call.ended === null) return;
  await db.deleteFrom('entries').where('call_sid', '=', callSid).where('kind', 'in', wordKinds).execute();
}

/** Calls that have no row, as in a file of an older version. */
export async function untold(db: Kysely<JournalTables>, limit: number): Promise<readonly string[]> {
  const rows = await db
    .selectFrom('calls')
    .select('calls.call_sid')
    .leftJoin('history', 'history.call_sid', 'calls.call_sid')
    .where('history.call_sid', 'is', null)
    .limit(limit)
    .execute();
  return rows.map((row) => row.call_sid);
}

function rounded(ms: number | undefined): number | null {
  return ms === undefined ? null : Math.round(ms);
}
