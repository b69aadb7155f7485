import { expect, test } from 'vitest';
import type { CallFact } from '../../../src/call/events.ts';
import { OutcomeWriter } from '../../../src/host/outcome/outcome-writer.ts';
import { CallRecord } from '../../../src/store/writing/call-record.ts';
import type { JournalItem } from '../../../src/store/journal-job.ts';

/** What the writer of a call puts on record while these facts happen. */
function writtenAt(facts: readonly (readonly [number, CallFact])[]): string[] {
  const items: JournalItem[] = [];
  const owner = { callSid: 'CA1', hold: 1, startedAtMs: 0, heldSinceMs: 0 };
  const record = new CallRecord({
    ...owner,
    now: () => 0,
    write: (item) => void items.push(item),
    onFenced: () => {},
  });
  const figures = { costUsd: 0.01, tokens: 10, waits: null };
  const writer = new OutcomeWriter(record, {
    agent: 'gemini-3.8-live',
    recorded: null,
    figures: () => figures,
    waitedMs: () => null,
  });
  for (const [atMs, fact] of facts) writer.write({ ...fact, atMs }, []);
  return items.map(({ kind }) => kind);
}

const usage: CallFact = {
  type: 'model.usage',
  usage: {
    promptTokens: 10,
    responseTokens: 0,
    thoughtsTokens: 0,
    totalTokens: 10,
    promptByModality: {},
    responseByModality: {},
  },
};

test('figures are written with the bill of a model, every half minute', () => {
  expect(writtenAt([[29_999, usage]])).toEqual([]);
  expect(
    writtenAt([
      [30_000, usage],
      [59_999, usage],
      [60_000, usage],
    ]),
  ).toEqual(['figures', 'figures']);
  expect(writtenAt([[30_000, { type: 'tick' }]])).toEqual([]);
});

test('figures are written when a stream is closed, because another process may go on with the call', () => {
  expect(writtenAt([[1_000, { type: 'stream.closed', code: 1001 }]])).toEqual(['figures']);
});
