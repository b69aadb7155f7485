import { describe, expect, test, type TestContext } from 'vitest';
import { anyCall, type CallHistory } from '../../../src/store/history/call-history.ts';
import type { Journal } from '../../../src/store/journal.ts';
import { until } from '../../until.ts';
import { closed, closeMsMax, parties, saidLine, takeOver } from '../journal-scene.ts';

/** An empty place for a journal, and the processes that share it. */
export interface JournalBench {
  /** Opens the journal for a process. */
  readonly open: (keepsWords: boolean) => Promise<Journal>;
  readonly history: () => Promise<CallHistory>;
  /** What the tables hold, or a change of them behind the back of all. */
  readonly sql: (text: string) => Promise<readonly Record<string, unknown>[]>;
  /** The time of day, by which acceptances are told apart. */
  readonly clock: { nowMs: number };
}

/** Makes an empty place. */
export type MakeBench = (context: TestContext) => JournalBench;

const whole = { after: null, limit: 200 };

/** Says as tests what a journal must do for the processes that share it, whatever keeps the calls. */
export function journalContract(makeBench: MakeBench): void {
  describe('a call that is accepted again', () => {
    testAcceptedAgain(makeBench);
  });
  describe('the history of a journal', () => {
    testHistory(makeBench);
  });
  testTakenOver(makeBench);
  testForgotten(makeBench);
  testUnfit(makeBench);
}

function testTakenOver(makeBench: MakeBench): void {
  test('a call that is taken over is over when it had ended, and unknown when there was none', async (context) => {
    const journal = await makeBench(context).open(true);
    await wholeCall(journal, 'CA1');
    expect(await takeOver(journal, 'CA1')).toMatchObject({
      kind: 'over',
      call: { fence: 1, ended: { reason: 'callerHungUp' } },
    });
    expect(await takeOver(journal, 'CA2')).toEqual({ kind: 'unknown' });
  });
}

function testAcceptedAgain(makeBench: MakeBench): void {
  test('belongs to whoever accepted it last', async (context) => {
    const bench = makeBench(context);
    const [first, second] = [await bench.open(true), await bench.open(true)];
    const fenced: string[] = [];
    const old = first.accept('CA1', parties, () => fenced.push('the old one'));
    await first.read('CA1');
    bench.clock.nowMs += 1;
    const record = second.accept('CA1', parties, () => fenced.push('the new one'));
    await second.read('CA1');
    old.append(saidLine('of the old one'));
    await until('the old one to be told', () => fenced.length > 0);
    record.append(saidLine('of the new one'));
    const call = await second.read('CA1');
    expect(call?.entries.map(({ kind, fence }) => [kind, fence])).toEqual([
      ['accepted', 1],
      ['accepted', 2],
      ['said', 2],
    ]);
    expect(fenced).toEqual(['the old one']);
  });

  test('stays with the newer process when the older one comes to the store later', async (context) => {
    const bench = makeBench(context);
    const [older, newer] = [await bench.open(true), await bench.open(true)];
    await Promise.all([older.read(''), newer.read('')]);
    const lateMs = bench.clock.nowMs;
    bench.clock.nowMs += 1_000;
    const fenced: string[] = [];
    const record = newer.accept('CA1', parties, () => fenced.push('the newer'));
    await newer.read('CA1');
    bench.clock.nowMs = lateMs;
    older.accept('CA1', parties, () => fenced.push('the older'));
    await older.read('CA1');
    expect(fenced).toEqual(['the older']);
    record.end('callerHungUp');
    expect(await newer.read('CA1')).toMatchObject({ fence: 1, ended: { reason: 'callerHungUp' } });
  });
}

function testHistory(makeBench: MakeBench): void {
  test('has a call that was refused, which belongs to whoever takes it later', async (context) => {
    const bench = makeBench(context);
    const [refuses, takes] = [await bench.open(true), await bench.open(true)];
    refuses.refuse('CA1', { from: '+15550101', to: null }, 'There was no room.');
    await refuses.read('CA1');
    const history = await bench.history();
    expect(await history.list(anyCall, whole)).toMatchObject({
      calls: [{ callSid: 'CA1', outcome: 'refused', why: 'There was no room.', from: '+15550101' }],
    });
    const fenced: string[] = [];
    const record = takes.accept('CA1', parties, () => fenced.push('CA1'));
    await takes.read('CA1');
    // Twilio asks the first process once more, and it has no room yet.
    refuses.refuse('CA1', { from: '+15550101', to: null }, 'There was no room.');
    await refuses.read('CA1');
    expect((await history.list(anyCall, whole)).calls).toMatchObject([{ outcome: null, why: null }]);
    record.end('callerHungUp');
    await takes.read('CA1');
    expect(fenced).toEqual([]);
    expect((await history.find('CA1'))?.call).toMatchObject({ outcome: 'callerHungUp' });
  });

  test('has no end of a call that was presumed lost and goes on', async (context) => {
    const bench = makeBench(context);
    const [first, other] = [await bench.open(true), await bench.open(true)];
    const record = first.accept('CA1', parties, () => {});
    await first.read('CA1');
    bench.clock.nowMs += 1_000;
    await other.closeUnfinished(500);
    const history = await bench.history();
    expect((await history.list(anyCall, whole)).calls).toMatchObject([{ outcome: 'lost' }]);
    record.append(saidLine('still here'));
    await first.read('CA1');
    expect((await history.list(anyCall, whole)).calls).toMatchObject([{ outcome: null, why: null, endedAtMs: null }]);
  });

  test('gets the calls of an older version once, and loses all that are too old', async (context) => {
    const bench = makeBench(context);
    const before = await bench.open(true);
    for (const callSid of ['CA1', 'CA2']) await wholeCall(before, callSid);
    await closed(before, closeMsMax);
    await bench.sql('DELETE FROM history');
    const journal = await bench.open(true);
    expect([await journal.tell(), await journal.tell()]).toEqual([2, 0]);
    expect(await bench.sql('SELECT call_sid, from_number FROM history')).toHaveLength(2);
    expect(await journal.prune(-1)).toBe(2);
    for (const table of ['history', 'entries', 'calls']) expect(await bench.sql(`SELECT * FROM ${table}`)).toEqual([]);
  });
}

function testUnfit(makeBench: MakeBench): void {
  test('an entry that the database can never take is given up, and nothing waits for it', async (context) => {
    const bench = makeBench(context);
    const journal = await bench.open(true);
    const [one, other] = [journal.accept('CA1', parties, () => {}), journal.accept('CA2', parties, () => {})];
    one.append(saidLine('before'));
    // No column is without a value.
    one.append(JSON.parse('{"kind":null}'));
    other.append(saidLine('elsewhere'));
    one.append(saidLine('behind'));
    const texts = async (callSid: string): Promise<unknown[]> =>
      ((await journal.read(callSid))?.entries ?? []).map((entry) => (entry.kind === 'said' ? entry.text : entry.kind));
    await until('all is written', async () => (await texts('CA1')).length === 3);
    expect(await texts('CA1')).toEqual(['accepted', 'before', 'behind']);
    expect(await texts('CA2')).toEqual(['accepted', 'elsewhere']);
    expect(journal.state).toMatchObject({ kind: 'open', droppedEntries: 1 });
  });
}

function testForgotten(makeBench: MakeBench): void {
  test('what was said is deleted with the end of a call, if it is not to be kept', async (context) => {
    const bench = makeBench(context);
    const journal = await bench.open(false);
    const live = journal.accept('live', parties, () => {});
    live.append(saidLine('a secret word'));
    live.append({ kind: 'context', values: { customer: 'a known caller' } });
    live.append({ kind: 'state', phase: 'dial', facts: { transfer: { reason: 'a private matter' } } });
    await wholeCall(journal, 'over');
    await journal.read('live');
    expect(await bench.sql("SELECT call_sid FROM entries WHERE kind = 'said'")).toEqual([{ call_sid: 'live' }]);
    live.end('callerHungUp');
    await closed(journal, closeMsMax);
    expect(await bench.sql("SELECT * FROM entries WHERE kind IN ('said', 'context', 'state')")).toEqual([]);
    expect(await bench.sql("SELECT * FROM history WHERE words <> ''")).toEqual([]);
  });
}

/** Accepts, says and ends, and waits until all is kept. */
async function wholeCall(journal: Journal, callSid: string): Promise<void> {
  const record = journal.accept(callSid, parties, () => {});
  record.append(saidLine('hello'));
  record.end('callerHungUp');
  await journal.read(callSid);
}
