import { describe, expect, test } from 'vitest';
import { callSid, otherCall, ServiceBench } from './service-bench.ts';

const over = { CallStatus: 'completed' };

/** Begins a drain; the list holds how many calls were cut off, once it is over, with the time. */
function drains(bench: ServiceBench, msMax = 0): { readonly cutOff: number; readonly afterMs: number }[] {
  const told: { cutOff: number; afterMs: number }[] = [];
  const startedAtMs = bench.clock.nowMs();
  bench.service.drain(msMax, (cutOff) => told.push({ cutOff, afterMs: bench.clock.nowMs() - startedAtMs }));
  return told;
}

/** A call in whose last words the model asks to hang up; they have not been heard. */
function saysGoodbye(bench: ServiceBench, ofCall = callSid): ReturnType<ServiceBench['talks']> {
  const talk = bench.talks(ofCall);
  const data = Buffer.from(new Uint8Array(48_000)).toString('base64');
  const parts = [{ inlineData: { mimeType: 'audio/pcm;rate=24000', data } }];
  bench.modelSays(talk.session, { serverContent: { modelTurn: { parts } } });
  bench.modelSays(talk.session, { toolCall: { functionCalls: [{ id: '1', name: 'end_call', args: {} }] } });
  bench.passes(10);
  bench.toolRuns.at(-1)?.done({ result: { response: {}, leave: { kind: 'hangUp' } } });
  return talk;
}

describe('a drain', () => {
  test('without calls is over at once, and no call is taken any more', () => {
    const bench = new ServiceBench();
    expect(drains(bench, 60_000)).toEqual([{ cutOff: 0, afterMs: 0 }]);
    expect(bench.asks('voice')).toContain('<Dial');
    expect(bench.service.registry.live).toEqual([]);
    expect(bench.log.named('callRefused')).toMatchObject([{ callSid, liveCalls: 0, why: 'draining' }]);
  });

  test('waits for a call until it has ended by itself', () => {
    const bench = new ServiceBench();
    const { stream } = bench.talks();
    const told = drains(bench, 60_000);
    bench.passes(5_000);
    expect([told, stream.closeCode]).toEqual([[], null]);
    bench.posts('status', over);
    bench.passes(100);
    expect(told).toEqual([{ cutOff: 0, afterMs: 5_100 }]);
  });

  test('counts what is left when even the way out takes too long', () => {
    const bench = new ServiceBench({ leavesCalls: false });
    bench.talks();
    const told = drains(bench, 1_000);
    bench.passes(1_000);
    expect(bench.log.named('leaving')).toHaveLength(1);
    expect(told).toEqual([]);
    // The goodbye is not waited for longer than this.
    bench.passes(10_000);
    expect(told).toMatchObject([{ cutOff: 1, afterMs: 11_000 }]);
  });

  test('sends its calls to their fallback when the journal cannot tell the next process of them', () => {
    const bench = new ServiceBench({ latency: () => null });
    bench.talks();
    drains(bench);
    expect(bench.log.named('leaving')).toHaveLength(1);
    expect(bench.log.named('callReleased')).toEqual([]);
  });
});

describe('calls that are left to the next process', () => {
  test('are released all, and waited for until Twilio has asked about each', () => {
    const bench = new ServiceBench();
    const streams = [callSid, otherCall].map((ofCall) => bench.talks(ofCall).stream);
    const told = drains(bench);
    bench.passes(10);
    expect(streams.map(({ closeCode }) => closeCode)).toEqual([1001, 1001]);
    expect(bench.log.named('callReleased')).toHaveLength(2);
    expect(bench.sessions.map(({ isClosed }) => isClosed)).toEqual([true, true]);
    expect(bench.asks('streamEnded', {}, { stream: '1' })).toContain('<Redirect');
    bench.passes(500);
    expect(told).toEqual([]);
    expect(bench.asks('streamEnded', { CallSid: otherCall }, { stream: '1' })).toContain('<Redirect');
    bench.passes(200);
    expect(told).toMatchObject([{ cutOff: 0 }]);
  });

  test('are not waited for longer than a second and a half', () => {
    const bench = new ServiceBench();
    bench.talks();
    const told = drains(bench);
    bench.passes(1_400);
    expect(told).toEqual([]);
    bench.passes(200);
    expect(told).toMatchObject([{ cutOff: 0 }]);
  });

  test('are not those that are leaving: these go first, and in their own time', () => {
    const bench = new ServiceBench();
    const goodbye = saysGoodbye(bench);
    const { stream } = bench.talks(otherCall);
    const told = drains(bench);
    bench.passes(1_000);
    expect([goodbye.stream.closeCode, stream.closeCode]).toEqual([null, null]);
    bench.posts('status', over);
    bench.passes(200);
    expect([goodbye.stream.closeCode, stream.closeCode]).toEqual([1000, 1001]);
    bench.posts('streamEnded', { CallSid: otherCall }, { stream: '1' });
    bench.passes(200);
    expect(told).toMatchObject([{ cutOff: 0 }]);
    expect(bench.log.named('callReleased')).toMatchObject([{ callSid: otherCall }]);
  });

  test('are none when all are leaving, and then nothing is waited for', () => {
    const bench = new ServiceBench();
    saysGoodbye(bench);
    const told = drains(bench);
    bench.posts('status', over);
    bench.passes(100);
    expect(told).toEqual([{ cutOff: 0, afterMs: 100 }]);
  });

  test('are released although one that is leaving never comes to its end', () => {
    const bench = new ServiceBench();
    const goodbye = saysGoodbye(bench);
    const { stream } = bench.talks(otherCall);
    const told = drains(bench);
    goodbye.stream.socket.terminate();
    bench.passes(9_900);
    expect(stream.closeCode).toBeNull();
    bench.passes(200);
    expect(stream.closeCode).toBe(1001);
    bench.passes(1_600);
    expect(told).toMatchObject([{ cutOff: 1 }]);
  });
});
