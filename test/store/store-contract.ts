import { describe, expect, test, type TestContext } from 'vitest';
import { entryJson, type JournalEntry } from '../../src/store/journal-entry.ts';
import type { JournalItem } from '../../src/store/journal-job.ts';
import { type JournalStore, lostReason } from '../../src/store/journal-store.ts';
import { saidLine } from './journal-scene.ts';

/** A store whose answers may come at once. */
export type StoreUnderTest = {
  readonly [Method in keyof JournalStore]: (
    ...parameters: Parameters<JournalStore[Method]>
  ) => Awaited<ReturnType<JournalStore[Method]>> | ReturnType<JournalStore[Method]>;
};

/** Makes an empty place for calls, and gives what opens it for a process. The tests do one thing at a time. */
export type MakePlace = (context: TestContext) => (process: string) => StoreUnderTest;

/** Unix time in ms. */
const startMs = Date.UTC(2026, 10, 20, 12);

/** Says as tests what every store must do, whatever keeps the calls. */
export function storeContract(makePlace: MakePlace): void {
  describe('a call', () => {
    testWriting(makePlace);
  });
  describe('a call that is accepted again', () => {
    testAccepting(makePlace);
  });
  describe('a call that is taken over', () => {
    testTakingOver(makePlace);
  });
  describe('a call without an end', () => {
    testUnfinished(makePlace);
  });
  describe('pruning', () => {
    testPruning(makePlace);
  });
}

/** Says what every store must do since clocks of its processes may differ. A version before it did not. */
export function clockContract(makePlace: MakePlace): void {
  test('a call that is taken over belongs to its new owner also if the clock of that is behind', async (context) => {
    const open = makePlace(context);
    await open('a').write([item({ heldSinceMs: startMs })]);
    expect(await open('b').takeOver('CA1', 5, startMs - 5_000)).toMatchObject({ fence: 2 });
    expect(await open('a').write([item({ n: 2, heldSinceMs: startMs })])).toEqual([1]);
    expect(await open('b').write([item({ hold: 5, heldSinceMs: startMs - 5_000 })])).toEqual([]);
  });
}

function testWriting(makePlace: MakePlace): void {
  test('is read as it was written, by every process', async (context) => {
    const open = makePlace(context);
    const entries: readonly JournalEntry[] = [
      { kind: 'accepted', from: '+15550101', to: null },
      { kind: 'recorded', by: 'parley-3', log: '20260101T000000Z-CA1' },
      { kind: 'context', values: { customer: 'Ann Lee', plan: '7' } },
      { kind: 'state', phase: 'stream', facts: { kind: 'stream', number: 1 } },
      saidLine('I need "help" \u{1F4DE} now'),
      { kind: 'toolStarted', id: 'T1', name: 'lookup', args: { order: 'A1042' } },
      { kind: 'toolAnswered', id: 'T1', name: 'lookup', response: { found: [1, 2] } },
      { kind: 'handle', handle: null, model: 'gemini' },
    ];
    const items = entries.map((entry, index) => item({ n: index + 1, atMs: startMs + index }, entry));
    expect(await open('a').write(items.slice(0, 4))).toEqual([]);
    expect(await open('a').write(items.slice(4))).toEqual([]);
    for (const process of ['a', 'b'])
      expect(await open(process).read('CA1')).toEqual({
        callSid: 'CA1',
        startedAtMs: startMs,
        fence: 1,
        process: 'a',
        ended: null,
        entries: entries.map((entry, index) => ({ ...entry, fence: 1, n: index + 1, atMs: startMs + index })),
      });
  });

  test('that nobody wrote about is unknown', async (context) => {
    const store = makePlace(context)('a');
    await store.write([]);
    await store.write([item({ callSid: 'CA2' })]);
    expect(await store.read('CA1')).toBeNull();
  });

  test('holds an entry once that is written twice, and entries in the order of their numbers', async (context) => {
    const store = makePlace(context)('a');
    await store.write([item({ n: 3 }, saidLine('third')), item({ n: 1 }, saidLine('first'))]);
    expect(await store.write([item({ n: 1 }, saidLine('again')), item({ n: 2 }, saidLine('second'))])).toEqual([]);
    const call = await store.read('CA1');
    expect(call?.entries).toMatchObject([{ text: 'first' }, { text: 'second' }, { text: 'third' }]);
  });

  test('ends with the entry that says so, and stays so when its owner writes on', async (context) => {
    const store = makePlace(context)('a');
    await store.write([item({}), item({ n: 2, atMs: startMs + 5 }, { kind: 'ended', reason: 'callerHungUp' })]);
    await store.write([item({ n: 3, atMs: startMs + 9 })]);
    const call = await store.read('CA1');
    expect(call?.ended).toEqual({ reason: 'callerHungUp', atMs: startMs + 5 });
    expect(call?.entries).toHaveLength(3);
    expect(await store.unfinished()).toEqual([]);
  });
}

function testAccepting(makePlace: MakePlace): void {
  test('belongs to whoever accepted it last, and the other is refused once for all it wanted', async (context) => {
    const open = makePlace(context);
    await open('a').write([item({ hold: 7 })]);
    expect(await open('b').write([item({ hold: 1, heldSinceMs: startMs + 1 }, saidLine('of b'))])).toEqual([]);
    const refused = await open('a').write([
      item({ hold: 7, n: 2 }),
      item({ callSid: 'CA2', hold: 8 }),
      item({ hold: 7, n: 3 }),
    ]);
    expect(refused).toEqual([7]);
    expect((await open('a').read('CA2'))?.entries).toHaveLength(1);
    const call = await open('a').read('CA1');
    expect(call).toMatchObject({ startedAtMs: startMs, fence: 2 });
    expect(call?.entries.map(({ fence, n }) => [fence, n])).toEqual([
      [1, 1],
      [2, 1],
    ]);
  });

  test.for([
    ['earlier', startMs - 1],
    ['in the same ms by another process', startMs],
  ] as const)('%s, but written later, stays with its owner', async ([, heldSinceMs], context) => {
    const open = makePlace(context);
    await open('a').write([item({})]);
    expect(await open('b').write([item({ hold: 2, heldSinceMs }, { kind: 'ended', reason: 'callerHungUp' })])).toEqual([
      2,
    ]);
    expect(await open('a').read('CA1')).toMatchObject({ fence: 1, ended: null, entries: [{ n: 1 }] });
    expect(await open('a').write([item({ n: 2 })])).toEqual([]);
  });

  test('in the same ms by the same process belongs to the later hold, also within one write', async (context) => {
    const store = makePlace(context)('a');
    expect(await store.write([item({ hold: 1 }), item({ hold: 2 }), item({ hold: 1, n: 2 })])).toEqual([1]);
    expect(await store.read('CA1')).toMatchObject({ fence: 2, entries: [{ fence: 1 }, { fence: 2 }] });
  });

  test('long after it began, stays with its owner, or ended', async (context) => {
    const open = makePlace(context);
    await open('a').write([item({})]);
    const anew = { hold: 2, heldSinceMs: startMs + 30_001, startedAtMs: startMs + 30_001 };
    expect(await open('b').write([item(anew)])).toEqual([2]);
    await open('a').write([item({ n: 2 }, { kind: 'ended', reason: 'callerHungUp' })]);
    expect(await open('a').write([item(anew)])).toEqual([2]);
    expect(await open('b').read('CA1')).toMatchObject({ fence: 1, ended: { reason: 'callerHungUp' } });
  });

  test('half a minute after it began, is still the repeated question of Twilio', async (context) => {
    const open = makePlace(context);
    await open('a').write([item({})]);
    const anew = { hold: 2, heldSinceMs: startMs + 30_000, startedAtMs: startMs + 30_000 };
    expect(await open('b').write([item(anew)])).toEqual([]);
  });

  test('after its end is open again', async (context) => {
    const open = makePlace(context);
    await open('a').write([item({}, { kind: 'ended', reason: 'callerHungUp' })]);
    await open('b').write([item({ heldSinceMs: startMs + 1 })]);
    expect(await open('b').read('CA1')).toMatchObject({ fence: 2, ended: null });
  });
}

function testTakingOver(makePlace: MakePlace): void {
  test('is given as it stands, and belongs to its new owner', async (context) => {
    const open = makePlace(context);
    await open('a').write([item({}, saidLine('of a'))]);
    const call = await open('b').takeOver('CA1', 5, startMs + 10);
    expect(call).toMatchObject({ startedAtMs: startMs, fence: 2, ended: null });
    expect(call?.entries).toMatchObject([
      { kind: 'said', text: 'of a', fence: 1, n: 1 },
      { kind: 'takenOver', fence: 2, n: 0, atMs: startMs + 10 },
    ]);
    expect(await open('a').write([item({ n: 2 })])).toEqual([1]);
    expect(await open('b').write([item({ hold: 5, heldSinceMs: startMs + 10 }, saidLine('of b'))])).toEqual([]);
    expect(await open('b').read('CA1')).toEqual({
      ...call,
      entries: [...(call?.entries ?? []), { ...saidLine('of b'), fence: 2, n: 1, atMs: startMs }],
    });
  });

  test('twice belongs to the last, also within one process', async (context) => {
    const store = makePlace(context)('a');
    await store.write([item({})]);
    await store.takeOver('CA1', 2, startMs + 10);
    expect(await store.takeOver('CA1', 3, startMs + 10)).toMatchObject({ fence: 3 });
    expect(await store.write([item({ hold: 2, heldSinceMs: startMs + 10 })])).toEqual([2]);
    expect(await store.write([item({ hold: 3, heldSinceMs: startMs + 10 })])).toEqual([]);
  });

  test('after its end keeps its end and its owner', async (context) => {
    const open = makePlace(context);
    await open('a').write([item({}, { kind: 'ended', reason: 'callerHungUp' })]);
    const call = await open('b').takeOver('CA1', 5, startMs + 10);
    expect(call).toMatchObject({ fence: 1, ended: { reason: 'callerHungUp' }, entries: [{ kind: 'ended' }] });
    expect(await open('a').write([item({ n: 2 })])).toEqual([]);
  });

  test('tells who has it, and nobody once it has ended', async (context) => {
    const open = makePlace(context);
    expect(await open('a').owner('CA1')).toBeNull();
    await open('a.1').write([item({ atMs: startMs + 5 })]);
    expect(await open('b').owner('CA1')).toBe('a.1');
    await open('b.2').takeOver('CA1', 5, startMs + 10);
    expect(await open('a').owner('CA1')).toBe('b.2');
    const ended: JournalEntry = { kind: 'ended', reason: 'callerHungUp' };
    await open('b.2').write([item({ hold: 5, heldSinceMs: startMs + 10 }, ended)]);
    expect(await open('a').owner('CA1')).toBeNull();
  });

  test('with a stream is so once for each, and by nobody whose stream came before', async (context) => {
    const open = makePlace(context);
    await open('a').write([item({}, { kind: 'streamed', stream: 1 })]);
    expect(await open('b').takeOver('CA1', 5, startMs + 10, 1)).toBeNull();
    expect(await open('a').write([item({ n: 2 }, saidLine('still of a'))])).toEqual([]);
    const taken = await open('b').takeOver('CA1', 6, startMs + 20, 2);
    expect(taken?.entries.at(-1)).toMatchObject({ kind: 'takenOver', stream: 2, fence: 2 });
    expect(await open('c').takeOver('CA1', 5, startMs + 30, 2)).toBeNull();
    expect(await open('c').read('CA1')).toMatchObject({ fence: 2 });
    const asked: JournalEntry = { kind: 'state', phase: 'stream', facts: { kind: 'stream', number: 4 } };
    await open('b').write([item({ hold: 6, heldSinceMs: startMs + 20 }, asked)]);
    expect(await open('c').takeOver('CA1', 5, startMs + 30, 3)).toBeNull();
    expect(await open('c').takeOver('CA1', 5, startMs + 30, 4)).toMatchObject({ fence: 3 });
  });

  test('and unknown stays unknown', async (context) => {
    const store = makePlace(context)('a');
    expect(await store.takeOver('CA1', 1, startMs)).toBeNull();
    expect(await store.read('CA1')).toBeNull();
    expect(await store.unfinished()).toEqual([]);
  });
}

function testUnfinished(makePlace: MakePlace): void {
  test('is listed by how long it has been quiet, whoever has it', async (context) => {
    const open = makePlace(context);
    await open('a').write([item({ callSid: 'CA1' }), item({ callSid: 'CA2', atMs: startMs + 1 })]);
    await open('b').write([item({ callSid: 'CA3', atMs: startMs + 2 })]);
    await open('a').write([item({ callSid: 'CA1', n: 2, atMs: startMs + 3 })]);
    // An entry that was held up makes no call quieter.
    await open('a').write([item({ callSid: 'CA1', n: 3, atMs: startMs })]);
    expect(await open('a').unfinished()).toEqual(['CA2', 'CA3', 'CA1'].map((callSid) => ({ callSid })));
  });

  test('is presumed lost when another process had it and has been quiet', async (context) => {
    const open = makePlace(context);
    await open('a').write([item({ callSid: 'quiet' }), item({ callSid: 'talks', atMs: startMs + 100 })]);
    await open('b').write([item({ callSid: 'own' })]);
    const close = () => open('b').closeUnfinished(startMs + 100, startMs + 200, lostReason);
    expect([await close(), await close()]).toEqual([1, 0]);
    expect(await open('b').read('quiet')).toMatchObject({
      fence: 1,
      ended: { reason: lostReason, atMs: startMs + 200 },
      entries: [{ kind: 'said' }],
    });
    expect(await open('b').unfinished()).toEqual([{ callSid: 'own' }, { callSid: 'talks' }]);
  });

  test('is open again when its owner writes after all, or somebody takes it over', async (context) => {
    const open = makePlace(context);
    await open('a').write([item({ callSid: 'CA1' }), item({ callSid: 'CA2' })]);
    expect(await open('b').closeUnfinished(startMs + 100, startMs + 200, lostReason)).toBe(2);
    expect(await open('a').write([item({ callSid: 'CA1', n: 2, atMs: startMs + 300 })])).toEqual([]);
    expect(await open('b').takeOver('CA2', 1, startMs + 300)).toMatchObject({ fence: 2, ended: null });
    expect(await open('b').unfinished()).toHaveLength(2);
    expect(await open('b').read('CA1')).toMatchObject({ fence: 1, ended: null });
  });

  test('gets its true end when its owner brings it late', async (context) => {
    const open = makePlace(context);
    await open('a').write([item({})]);
    await open('b').closeUnfinished(startMs + 100, startMs + 200, lostReason);
    await open('a').write([item({ n: 2, atMs: startMs + 50 }, { kind: 'ended', reason: 'callerHungUp' })]);
    expect((await open('b').read('CA1'))?.ended).toEqual({ reason: 'callerHungUp', atMs: startMs + 50 });
  });
}

function testPruning(makePlace: MakePlace): void {
  test('deletes what ended before, for certain or not, with every entry, and nothing else', async (context) => {
    const open = makePlace(context);
    const old = Array.from({ length: 250 }, (_, index) => `old${index}`);
    const ended = { kind: 'ended', reason: 'callerHungUp' } as const;
    await open('a').write(old.flatMap((callSid) => [item({ callSid }), item({ callSid, n: 2 }, ended)]));
    await open('a').write([item({ callSid: 'lost' })]);
    await open('b').closeUnfinished(startMs + 1, startMs + 1, lostReason);
    await open('a').write([item({ callSid: 'young', atMs: startMs + 2 }, ended), item({ callSid: 'live' })]);
    let pruned = 0;
    for (let count = await open('b').prune(startMs + 2); count > 0; count = await open('b').prune(startMs + 2))
      pruned += count;
    expect(pruned).toBe(251);
    for (const callSid of ['old0', 'old249', 'lost']) expect(await open('a').read(callSid)).toBeNull();
    for (const callSid of ['young', 'live']) expect((await open('a').read(callSid))?.entries).toHaveLength(1);
  });

  test('leaves nothing to a call that comes back under its name', async (context) => {
    const store = makePlace(context)('a');
    await store.write([item({ n: 1 }), item({ n: 2 }, { kind: 'ended', reason: 'callerHungUp' })]);
    expect(await store.prune(startMs + 1)).toBe(1);
    await store.write([item({ n: 3 }, saidLine('back'))]);
    expect(await store.read('CA1')).toMatchObject({ fence: 1, ended: null, entries: [{ n: 3, text: 'back' }] });
  });
}

function item(of: Partial<JournalItem>, entry: JournalEntry = saidLine('hello')): JournalItem {
  const usual = { callSid: 'CA1', hold: 1, heldSinceMs: startMs, startedAtMs: startMs, n: 1, atMs: startMs };
  return { ...usual, ...of, kind: entry.kind, json: entryJson(entry) };
}
