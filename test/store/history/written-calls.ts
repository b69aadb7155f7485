import { entryJson, type JournalEntry } from '../../../src/store/journal-entry.ts';
import type { JournalItem } from '../../../src/store/journal-job.ts';
import { JournalFile } from '../../../src/store/sqlite/journal-file.ts';

/** When the first call starts. */
export const firstStartMs = Date.UTC(2026, 10, 20, 12);

/** Calls as a journal writes them, in the order of their start. */
export interface WrittenCall {
  readonly callSid: string;
  readonly from: string | null;
  readonly entries: readonly Exclude<JournalEntry, { kind: 'ended' | 'takenOver' | 'accepted' }>[];
  /** Null for a call that is live. */
  readonly end: string | null;
  readonly lastsMs?: number;
}

/**
 * Writes calls into a journal at `place`, `apartMs` between their starts. It does without a thread, because a thread takes longer to start
 * than all of it.
 */
export async function writeCalls(place: string, calls: readonly WrittenCall[], apartMs: number): Promise<void> {
  const journal = new JournalFile({ file: place, process: 'a', keepsWords: true, fileBytesMax: 64 * 1024 * 1024 });
  await journal.use((store) => store.write(writtenItems(calls, apartMs)));
  journal.close();
}

/** What a process writes of calls, `apartMs` between their starts. */
export function writtenItems(calls: readonly WrittenCall[], apartMs: number): readonly JournalItem[] {
  return calls.flatMap(({ callSid, from, entries, end, lastsMs = 0 }, hold) => {
    const atMs = firstStartMs + hold * apartMs;
    const all: JournalEntry[] = [{ kind: 'accepted', from, to: '+15550100' }, ...entries];
    if (end !== null) all.push({ kind: 'ended', reason: end });
    const usual = { callSid, hold, heldSinceMs: atMs, startedAtMs: atMs };
    return all.map((entry, n) => ({
      ...usual,
      n,
      atMs: entry.kind === 'ended' ? atMs + lastsMs : atMs,
      kind: entry.kind,
      json: entryJson(entry),
    }));
  });
}
