import { describe, expect, test } from 'vitest';
import type { CallEffect } from '../../../src/call/effects.ts';
import type { CallFact } from '../../../src/call/events.ts';
import { WriteJudge } from '../../../src/sim/judges/write-judge.ts';
import { simulatedTerms } from '../../../src/sim/scenario/pretended-tools.ts';

const note = { name: 'make_note', args: { what: 'one', when: 1 } };
const table = { name: 'book_table', args: { what: 'two' } };
const handle: CallFact = { type: 'model.resumptionUpdated', handle: 'h', resumable: true };
const audio: CallFact = { type: 'model.audio', pcm: new Uint8Array(2) };

/** A judge, and the steps of a call as it sees them. */
function bench() {
  const judge = new WriteJudge(simulatedTerms);
  let ids = 0;
  const step = (fact: CallFact, effects: readonly CallEffect[] = []): void => judge.step({ ...fact, atMs: 0 }, effects);
  return {
    step,
    speaks: () => step(audio, [{ type: 'stream.media', audio: new Uint8Array(160) }]),
    asks: (call: typeof note | typeof table): void => {
      ids += 1;
      step({ type: 'model.toolCalled', calls: [{ id: `${ids}`, ...call }] });
    },
    runs: (call: typeof note | typeof table, key: string): string | null => {
      ids += 1;
      const called = { id: `${ids}`, ...call };
      step({ type: 'model.toolCalled', calls: [called] }, [{ type: 'tool.run', call: called, key, effect: 'write' }]);
      return judge.run(call, key);
    },
    done: () => step({ type: 'tool.finished', id: `${ids}`, response: {}, scheduling: 'whenIdle', leave: null }),
    failed: (fault: 'tool.failed' | 'tool.refused') => step({ type: 'tool.failed', id: `${ids}`, fault, message: '' }),
    callerSends: (frames: number, code: number, atOnce = 1) => {
      const joined = new Uint8Array(160 * atOnce).fill(code);
      for (let sent = 0; sent < frames; sent += atOnce)
        step({ type: 'stream.media', sequence: 1, timestampMs: 1, audio: joined });
    },
    judge,
  };
}

describe('a write that is run again', () => {
  const twice = expect.stringContaining('run twice for one intent');

  test.for<[string, (seen: ReturnType<typeof bench>) => void, unknown]>([
    ['while it runs', () => {}, twice],
    ['when it is done', ({ done }) => done(), twice],
    ['when a handle came before it was done', ({ step, done }) => (step(handle), done()), twice],
    ['when it may have been done', ({ step, failed }) => (failed('tool.failed'), step(handle)), twice],
    ['when it is done and told', ({ step, done }) => (done(), step(handle)), null],
    ['when it was refused, and that was told', ({ step, failed }) => (failed('tool.refused'), step(handle)), null],
  ])('%s is judged', ([, between, verdict]) => {
    const seen = bench();
    expect(seen.runs(note, 'make_note-1')).toBeNull();
    between(seen);
    expect(seen.runs({ ...note, args: { when: 1, what: 'one' } }, 'make_note-2')).toEqual(verdict);
  });

  test('by the key of another one is found out, and something else is not', () => {
    const seen = bench();
    seen.runs(note, 'k');
    expect(seen.runs({ ...note, args: { what: 'other', when: 1 } }, 'l')).toBeNull();
    expect(seen.runs({ ...note, args: { what: 'third', when: 1 } }, 'k')).toContain('same key');
  });
});

describe('a write that wants a yes', () => {
  const spoke = 0x20;
  const without = expect.stringContaining("without the caller's yes");

  test.for<[string, (seen: ReturnType<typeof bench>) => void, unknown]>([
    ['at once', () => {}, without],
    ['when nobody spoke', ({ asks }) => asks(table), without],
    ['when the caller did not', ({ asks, speaks }) => (asks(table), speaks()), without],
    ['when the caller only clicked', (seen) => (seen.asks(table), seen.speaks(), seen.callerSends(3, spoke)), without],
    ['when the line only hissed', (seen) => (seen.asks(table), seen.speaks(), seen.callerSends(50, 0xf5)), without],
    ['when the caller spoke first', (seen) => (seen.asks(table), seen.callerSends(9, spoke), seen.speaks()), without],
    [
      'when nothing of the question was sent',
      (seen) => (seen.asks(table), seen.step(audio), seen.callerSends(9, spoke)),
      without,
    ],
    // A short yes of a busy process was taken for half as long, because two of its frames came in one event.
    [
      'after an answer in joined frames',
      (seen) => (seen.asks(table), seen.speaks(), seen.callerSends(8, spoke, 2)),
      null,
    ],
    ['after question and answer', (seen) => (seen.asks(table), seen.speaks(), seen.callerSends(9, spoke)), null],
  ])('and is run %s is judged', ([, before, verdict]) => {
    const seen = bench();
    before(seen);
    expect(seen.runs(table, 'book_table-1')).toEqual(verdict);
  });
});

test('to ask again for what runs already is no question to the caller, and the one before it stands', () => {
  const seen = bench();
  const other = { ...table, args: { what: 'one' } };
  for (const [call, key] of [
    [table, 'book_table-1'],
    [other, 'book_table-2'],
  ] as const) {
    seen.asks(call);
    if (call === other) seen.asks(table);
    seen.speaks();
    seen.callerSends(9, 0x20);
    expect(seen.runs(call, key)).toBeNull();
  }
});

test('a tool that nobody declared must not run, and one that looks something up may run again', () => {
  const { judge } = bench();
  expect(judge.run({ name: 'constructor', args: {} }, 'k')).toContain('nobody declared');
  expect([1, 2].map(() => judge.run({ name: 'lookup_record', args: {} }, 'k'))).toEqual([null, null]);
});
