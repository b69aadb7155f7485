import { expect, test } from 'vitest';
import { pastCallOf, searchWords } from '../../../src/store/history/history-row.ts';
import type { JournaledCall, JournaledEntry, JournalEntry } from '../../../src/store/journal-entry.ts';

test('what two processes spent on a call is added up, of each the last figures', () => {
  const entries = [spent(1, 0.1, 10, 800), spent(1, 0.2, 20, 900), spent(2, 0.3, 30, 600)];
  expect(pastCallOf(callWith(entries))).toMatchObject({
    costUsd: 0.5,
    tokens: 50,
    waits: { count: 3, medianMs: 300, maxMs: 900 },
  });
  // A process that spent nothing does not make the cost unknown, and one whose prices are unknown does.
  expect(pastCallOf(callWith([spent(1, null, 0, null), spent(2, 0.3, 30, null)]))).toMatchObject({
    costUsd: 0.3,
    waits: null,
  });
  expect(pastCallOf(callWith([spent(1, null, 10, null), spent(2, 0.3, 30, null)]))).toMatchObject({ costUsd: null });
});

test.for<[JournaledCall['ended'], string | null, string[]]>([
  [{ reason: 'apologised', atMs: 9 }, 'The quota.', ['model.quotaExceeded']],
  [{ reason: 'lost', atMs: 9 }, 'The process that had the call ended, and no other process went on with it.', []],
  [null, null, []],
])('why a call ended is told only of one that ended so: %j', ([ended, why, faults]) => {
  const outcome: JournaledEntry = { ...at(1), kind: 'outcome', faults: ['model.quotaExceeded'], why: 'The quota.' };
  expect(pastCallOf({ ...callWith([outcome]), ended })).toMatchObject({ why, faults });
});

test('words that are searched are those of both sides, bounded', () => {
  const said: JournalEntry = { kind: 'said', speaker: 'caller', text: ' Good\n DAY ', cut: false };
  expect(
    searchWords(
      callWith([
        { ...at(1), ...said },
        { ...at(1), ...said, speaker: 'agent' },
      ]),
    ),
  ).toBe('good day\ngood day');
  const long = Array.from({ length: 20 }, () => ({ ...at(1), ...said, text: 'x'.repeat(8_000) }));
  expect(searchWords(callWith(long))).toHaveLength(50_000);
});

function spent(fence: number, costUsd: number | null, tokens: number, maxMs: number | null): JournaledEntry {
  const waits = maxMs === null ? null : { count: fence, medianMs: maxMs / 2, maxMs };
  return { ...at(fence), kind: 'figures', costUsd, tokens, waits };
}

function at(fence: number): { readonly fence: number; readonly n: number; readonly atMs: number } {
  return { fence, n: 1, atMs: 1 };
}

function callWith(entries: readonly JournaledEntry[]): JournaledCall {
  return { callSid: 'CA1', startedAtMs: 1, fence: 2, process: 'a.1', ended: null, entries };
}
