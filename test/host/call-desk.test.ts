import { describe, expect, test } from 'vitest';
import { MemoryStore } from '../../src/sim/driver/memory-store.ts';
import { callSid, otherCall, ServiceBench, tokenIn } from './service-bench.ts';

const over = { CallStatus: 'completed' };

/** A call that a process had which is gone; what is left of it is in the store. */
function abandoned(): MemoryStore {
  const store = new MemoryStore();
  new ServiceBench({ store }).talks();
  return store;
}

describe('new calls', () => {
  test('have sessions with their webhooks as long as they come no faster than they could fill the service', () => {
    const bench = new ServiceBench({ callsMax: 40 });
    const comes = (number: number): string => bench.asks('voice', { CallSid: sidOf(number) });
    for (let call = 0; call < 10; call += 1) comes(call);
    expect(bench.sessions).toHaveLength(10);
    const twiml = [comes(10), comes(11)];
    expect(bench.sessions).toHaveLength(10);
    bench.opensStream(tokenIn(twiml[0] ?? ''), sidOf(10));
    expect(bench.sessions).toHaveLength(11);
    // 40 calls in 20 s are two a second. A webhook that is repeated counts for nothing.
    for (let repeated = 0; repeated < 10; repeated += 1) comes(11);
    bench.passes(1_000);
    for (let call = 12; call < 15; call += 1) comes(call);
    expect(bench.sessions).toHaveLength(13);
  });
});

/** A CallSid for each number. */
function sidOf(number: number): string {
  return `CA${String(number).padStart(32, '0')}`;
}

describe('a call of a process that is gone', () => {
  test('goes on where it was, with the agent of whoever called', () => {
    const bench = new ServiceBench({ store: abandoned() });
    const twiml = bench.asks('streamEnded', {}, { stream: '1' });
    expect(twiml).toContain('stream-ended?stream=2');
    expect(bench.parties).toEqual([{ callSid, from: '+15550177', to: '+15550188' }]);
    const stream = bench.opensStream(tokenIn(twiml));
    expect(stream.closeCode).toBeNull();
    expect(bench.log.named('restored')).toMatchObject([{ items: 0 }]);
    expect(bench.service.registry.liveCount).toBe(1);
  });

  test('is taken over once, however many ask meanwhile', () => {
    const bench = new ServiceBench({ store: abandoned(), latency: () => 300 });
    const asked = [
      bench.posts('streamEnded', {}, { stream: '1' }),
      bench.posts('streamEnded', {}, { stream: '1' }),
      bench.posts('voice'),
    ];
    bench.posts('status', { CallStatus: 'in-progress' });
    bench.passes(200);
    expect(asked).toEqual([[], [], []]);
    bench.passes(2_000);
    const twiml = asked.map((answers) => answers.map((answer) => ('twiml' in answer ? tokenIn(answer.twiml) : '')));
    expect(twiml).toEqual([['token-1'], ['token-1'], ['token-1']]);
    expect(bench.log.named('restored')).toHaveLength(1);
    expect(bench.log.named('callReceived')).toEqual([]);
    expect(bench.parties).toHaveLength(1);
  });

  test('gets its end when that is all there is to tell', () => {
    const store = abandoned();
    const bench = new ServiceBench({ store });
    bench.posts('status', over);
    bench.passes(1_000);
    expect(bench.log.named('callEnded')).toMatchObject([{ callSid, reason: 'callerHungUp' }]);
    bench.passes(120_000);
    expect(bench.asks('streamEnded', {}, { stream: '1' })).toContain('<Dial');
    expect(bench.log.named('callNotTakenOver')).toMatchObject([{ journal: 'over' }]);
  });

  test('can be asked for again when it could not be had', () => {
    const bench = new ServiceBench({ store: null });
    bench.asks('streamEnded', {}, { stream: '1' });
    expect(bench.asks('streamEnded', {}, { stream: '1' })).toContain('<Dial');
    expect(bench.log.named('callNotTakenOver')).toHaveLength(2);
  });

  test('is the other process’s no more: that one hears of it with its next note, and stops', () => {
    const store = new MemoryStore();
    const first = new ServiceBench({ store });
    const { stream, session } = first.talks();
    const second = new ServiceBench({ store });
    second.passes(1_000).asks('streamEnded', {}, { stream: '1' });
    first.modelSays(session, { toolCall: { functionCalls: [{ id: '1', name: 'order', args: {} }] } });
    first.passes(1_000);
    expect(first.log.named('callFenced')).toMatchObject([{ callSid }]);
    expect([stream.closeCode, session.isClosed]).toEqual([1000, true]);
    // Its answer might be one that nobody waits for.
    expect(first.toolRuns).toMatchObject([]);
    expect([first.service.registry.find(callSid), first.service.registry.live]).toEqual([null, []]);
    // Nothing of it waits any more.
    first.passes(61_000);
    expect(first.clock.nextDueMs).toBeNull();
  });

  test('may be taken over by a process that loses it again', () => {
    const store = abandoned();
    const second = new ServiceBench({ store });
    second.asks('streamEnded', {}, { stream: '1' });
    const third = new ServiceBench({ store });
    third.passes(1_000).asks('streamEnded', {}, { stream: '1' });
    const session = second.answersSetup();
    second.modelSays(session, { toolCall: { functionCalls: [{ id: '1', name: 'order', args: {} }] } });
    second.passes(1_000);
    expect(second.log.named('callFenced')).toMatchObject([{ callSid }]);
  });
});

describe('the answer to a new call', () => {
  test.for([
    [20, 20],
    [5_000, 250],
  ] as const)(
    'comes when the journal has it, or is too slow: with a disk of %i ms after %i ms',
    ([diskMs, answerMs]) => {
      const bench = new ServiceBench({ latency: () => diskMs });
      // The file is open.
      bench.passes(10_000);
      const answers = bench.posts('voice');
      bench.passes(answerMs - 1);
      expect(answers).toEqual([]);
      bench.passes(1);
      expect(answers).toMatchObject([{ status: 200 }]);
    },
  );
});

test('calls have agents of their own', () => {
  const bench = new ServiceBench();
  bench.asks('voice');
  bench.asks('voice', { CallSid: otherCall, From: 'anonymous' });
  expect(bench.parties).toMatchObject([{ from: '+15550177' }, { callSid: otherCall, from: 'anonymous' }]);
});
