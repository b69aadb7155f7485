import { describe, expect, test } from 'vitest';
import { CallJournal, callMemory } from '../../src/store/call-journal.ts';
import { CallRecord } from '../../src/store/writing/call-record.ts';
import { type JournalEntry, readEntry } from '../../src/store/journal-entry.ts';

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

describe('what a tool changed', () => {
  const call = { name: 'book', args: { at: '5' } };
  const response = { result: 'Booked.' };

  test('is on record from the moment on which it is run, and so is what came of it', () => {
    const entries = entriesOf((journal) => {
      for (const [id, effect] of [
        ['1', 'write'],
        ['2', 'read'],
        ['3', 'write'],
        ['4', 'write'],
      ] as const)
        journal.write({ type: 'tick', atMs: 1 }, [{ type: 'tool.run', call: { ...call, id }, key: 'book-1', effect }]);
      journal.write({ type: 'tool.finished', id: '1', response, scheduling: 'whenIdle', leave: null, atMs: 2 }, []);
      journal.write({ type: 'tool.failed', id: '2', fault: 'tool.failed', message: 'No.', atMs: 2 }, []);
      // Nobody knows whether it was done, so that is what the next process must think as well.
      journal.write({ type: 'tool.failed', id: '3', fault: 'tool.interrupted', message: 'No.', atMs: 2 }, []);
      journal.write({ type: 'tool.failed', id: '4', fault: 'tool.refused', message: 'No.', atMs: 2 }, []);
    });
    expect(entries).toEqual([
      { kind: 'toolStarted', id: '1', ...call, write: true },
      { kind: 'toolStarted', id: '2', ...call },
      { kind: 'toolStarted', id: '3', ...call, write: true },
      { kind: 'toolStarted', id: '4', ...call, write: true },
      { kind: 'toolAnswered', id: '1', name: 'book', response },
      { kind: 'toolAnswered', id: '2', name: 'book', response: { error: 'No.' } },
      { kind: 'toolAnswered', id: '4', name: 'book', response: { error: 'No.' } },
    ]);
  });

  const started = { kind: 'toolStarted', id: '1', ...call, write: true } as const;
  const answered = { kind: 'toolAnswered', id: '1', name: 'book', response } as const;
  const handle = { kind: 'handle', handle: 'h1', model } as const;

  test.for<[string, readonly JournalEntry[], readonly unknown[]]>([
    ['is unknown without an answer', [started, handle], ['unknown']],
    ['is known with one', [handle, started, answered, { ...handle, handle: null }], [response]],
    ['is told with a handle behind that', [started, answered, handle], ['told']],
    ['is unknown once and known the other time', [started, started, answered], ['unknown', response]],
    ['is nothing if it was only looked up', [{ kind: 'toolStarted', id: '1', ...call }, answered], []],
  ])('%s', ([, entries, outcomes]) => {
    expect(memoryOf(entries).writes).toEqual(outcomes.map((outcome) => ({ call, outcome })));
  });

  test('is told to the next session as unknown, and what was looked up as broken off', () => {
    const { items } = memoryOf([started, { kind: 'toolStarted', id: '2', ...call }]);
    expect(items.map((item) => (item.kind === 'tool' ? item.response['error'] : null))).toEqual([
      expect.stringContaining('It is not known whether this was done'),
      'This was broken off. Call the tool again if it is still wanted.',
    ]);
  });
});

/** The entries that a journal writes of a call. */
function entriesOf(write: (journal: CallJournal) => void): (JournalEntry | null)[] {
  const entries: (JournalEntry | null)[] = [];
  const owner = { callSid: 'CA1', hold: 1, startedAtMs, heldSinceMs: 0, now: () => startedAtMs, onFenced: () => {} };
  const record = new CallRecord({ ...owner, write: ({ kind, json }) => void entries.push(readEntry(kind, json)) });
  write(new CallJournal(record, { first: model, fallback: '' }));
  return entries;
}

function memoryOf(entries: readonly JournalEntry[]) {
  const journaled = entries.map((entry, at) => ({ ...entry, fence: 1, n: at + 1, atMs: startedAtMs }));
  return callMemory(
    { callSid: 'CA1', startedAtMs, fence: 1, process: 'p', ended: null, entries: journaled },
    model,
    startedAtMs + 1_000,
  );
}
