import { expect, test } from 'vitest';
import { CallJournal, callMemory } from '../../src/store/call-journal.ts';
import { CallRecord } from '../../src/store/call-record.ts';
import type { JournalEntry } from '../../src/store/journal-entry.ts';

const model = 'gemini-3.8-live';
const startedAtMs = Date.UTC(2026, 10, 20, 12);

test('a call whose process died before it had written what Twilio was told is waiting for its first stream', () => {
  expect(memoryOf([{ kind: 'accepted', from: null, to: null }]).instruction).toEqual({ kind: 'stream', number: 1 });
});

test('a call is where Twilio was told last', () => {
  const told: JournalEntry[] = [2, 3].map((number) => ({
    kind: 'state',
    phase: 'stream',
    facts: { kind: 'stream', number },
  }));
  expect(memoryOf(told).instruction).toEqual({ kind: 'stream', number: 3 });
});

test('a handle of another model is not used', () => {
  expect(memoryOf([{ kind: 'handle', handle: 'h1', model }]).handle).toEqual({ value: 'h1', atMs: -1_000 });
  expect(memoryOf([{ kind: 'handle', handle: 'h1', model: 'gemini-2.5-live' }]).handle).toBeNull();
});

test('of a model that gives one handle after the other, 5,000 are written down', () => {
  const kinds: string[] = [];
  const owner = { callSid: 'CA1', hold: 1, startedAtMs, heldSinceMs: 0, now: () => startedAtMs, onFenced: () => {} };
  const record = new CallRecord({ ...owner, write: ({ kind }) => void kinds.push(kind) });
  const journal = new CallJournal(record, { first: model, fallback: '' });
  for (let update = 0; update < 5_010; update += 1) {
    journal.write({ type: 'model.resumptionUpdated', handle: `h${update}`, resumable: true, atMs: update }, []);
  }
  expect(kinds).toEqual(Array(5_000).fill('handle'));
});

test('a note of an operator is remembered if the call took it', () => {
  const entries: unknown[] = [];
  const owner = { callSid: 'CA1', hold: 1, startedAtMs, heldSinceMs: 0, now: () => startedAtMs, onFenced: () => {} };
  const record = new CallRecord({ ...owner, write: (item) => void entries.push(item) });
  const journal = new CallJournal(record, { first: model, fallback: '' });
  for (const [text, refusal] of [
    ['He is a regular.', null],
    ['Too late.', 'leaving'],
  ] as const) {
    journal.write({ type: 'operator.noted', text, atMs: 1 }, [{ type: 'request.answer', refusal }]);
  }
  expect(entries).toMatchObject([{ kind: 'noted', json: JSON.stringify({ text: 'He is a regular.' }) }]);
  expect(memoryOf([{ kind: 'noted', text: 'He is a regular.' }]).items).toEqual([
    { kind: 'noted', atMs: -1_000, text: 'He is a regular.' },
  ]);
});

function memoryOf(entries: readonly JournalEntry[]) {
  const journaled = entries.map((entry, at) => ({ ...entry, fence: 1, n: at + 1, atMs: startedAtMs }));
  return callMemory(
    { callSid: 'CA1', startedAtMs, fence: 1, ended: null, entries: journaled },
    model,
    startedAtMs + 1_000,
  );
}
