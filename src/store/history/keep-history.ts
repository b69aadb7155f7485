import type { JournalEntryKind } from '../journal-entry.ts';
import { readCall } from '../read-call.ts';
import { type StoreDatabase, textIn } from '../store-database.ts';
import { pastCallOf, searchWords } from './history-row.ts';

/** Entries after which the history tells something else of a call. */
export const keptKinds: ReadonlySet<JournalEntryKind> = new Set(['accepted', 'agent', 'ended']);

/**
 * Entries that hold what was said, what tools were asked and answered, or what is known of the caller; where a call was holds why it was
 * transferred.
 */
export const wordKinds: readonly JournalEntryKind[] = [
  'context',
  'state',
  'said',
  'noted',
  'toolStarted',
  'toolAnswered',
];

/** Writes what the entries of a call come to. Without `keepsWords`, what was said is deleted when the call is over. */
export async function keepHistory(db: StoreDatabase, callSid: string, keepsWords: boolean): Promise<void> {
  const call = await readCall(db, callSid);
  if (call === null) return;
  const { from, to, agent, source, why, faults, costUsd, tokens, waits } = pastCallOf(call);
  await db.run('writeHistory', {
    callSid,
    from,
    to,
    agent,
    source,
    why,
    faults: faults.join(' '),
    costUsd,
    tokens,
    waits: waits?.count ?? null,
    waitMedianMs: waits?.medianMs ?? null,
    waitMaxMs: waits?.maxMs ?? null,
    words: keepsWords && call.ended !== null ? searchWords(call) : '',
  });
  if (!keepsWords && call.ended !== null) await db.run('forgetWords', { callSid });
}

/** Calls that have no row, as in a file of an older version. */
export async function untold(db: StoreDatabase, limit: number): Promise<readonly string[]> {
  const rows = await db.run('untoldCalls', { limit });
  return rows.map((row) => textIn(row, 'call_sid'));
}
