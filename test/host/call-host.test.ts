import { describe, expect, test } from 'vitest';
import { Call } from '../../src/call/call.ts';
import type { CallObserver } from '../../src/call/call-observer.ts';
import type { CallEffect } from '../../src/call/effects.ts';
import type { CallEvent } from '../../src/call/events.ts';
import { blankJpeg } from '../../src/sim/driver/blank-jpeg.ts';
import { MemoryStore } from '../../src/sim/driver/memory-store.ts';
import { StreamBudget } from '../../src/twilio/stream-budget.ts';
import { callSid, otherCall, ServiceBench, settings, tokenIn } from './service-bench.ts';

const over = { CallStatus: 'completed' };
const quiet = new Uint8Array(160).fill(0xff);
const media = {
  event: 'media',
  media: { track: 'inbound', chunk: '1', timestamp: '20', payload: Buffer.from(quiet).toString('base64') },
};
const orders = { toolCall: { functionCalls: [{ id: '1', name: 'order', args: {} }] } };
const breaks = { serverContent: { interrupted: true } };

/** A call that throws when the model is interrupted. */
class BrokenCall extends Call {
  override handle(event: CallEvent): readonly CallEffect[] {
    if (event.type === 'model.interrupted') throw new RangeError('broken');
    return super.handle(event);
  }
}

function breaksOrders(door: string): void {
  if (door === 'order') throw new RangeError('broken');
}

/** Notes what it sees, and throws when it has seen so much. */
class Noting implements CallObserver {
  readonly seen: string[] = [];
  readonly tookMs: number[] = [];
  closes = 0;
  readonly #seenMax: number;

  constructor(seenMax = Infinity) {
    this.#seenMax = seenMax;
  }

  write(event: CallEvent, _effects: readonly CallEffect[], tookMs: number): void {
    this.seen.push(event.type);
    this.tookMs.push(tookMs);
    if (this.seen.length >= this.#seenMax) throw new RangeError('The disk is full.');
  }

  close(): void {
    this.closes += 1;
  }
}

/** An observer that cannot be closed. */
class Unclosable extends Noting {
  override close(): void {
    throw new RangeError('The disk is full.');
  }
}

function marksOf({ received }: { readonly received: readonly object[] }): unknown[] {
  return received.flatMap((one) => ('mark' in one ? [one.mark] : []));
}

describe('a call that breaks', () => {
  test('lets go of all that it has, and needs this process no more', () => {
    const { bench, stream, session } = broken();
    expect(bench.log.named('callCrashed')).toMatchObject([{ callSid, fault: 'call.crashed', level: 'error' }]);
    expect([stream.closeCode, session.isClosed]).toEqual([1000, true]);
    expect(bench.toolRuns.map(({ signal }) => signal.aborted)).toEqual([true]);
    expect(bench.service.registry.live).toEqual([]);
    expect(bench.clock.nextDueMs).toBeGreaterThan(0);
  });

  test('sends its caller to the fallback, with an apology', () => {
    const { bench } = broken();
    const twiml = bench.asks('streamEnded', {}, { stream: '1' });
    expect(twiml).toMatch(/<Say>I am sorry\.<\/Say><Dial .*\+15550102/);
    expect(bench.opensStream('token-1').closeCode).toBe(1008);
  });

  test('is seen to its last step by whoever observes it, and by nobody afterwards', () => {
    const { bench, observer } = broken();
    expect([observer.seen.at(-1), observer.closes]).toEqual(['model.interrupted', 1]);
    const steps = observer.seen.length;
    bench.posts('status', over);
    bench.passes(700_000);
    expect([observer.seen.length, observer.closes]).toEqual([steps, 1]);
  });

  test('harms no other call', () => {
    const { bench } = broken();
    const { stream } = bench.talks(otherCall);
    bench.says(stream, media);
    expect([stream.closeCode, bench.service.registry.liveCount]).toEqual([null, 1]);
  });
});

describe('a call that breaks outside of a step', () => {
  test('as when it is asked for its next deadline ends as any other', () => {
    let isBroken = false;
    class Timeless extends Call {
      override nextDeadline(): ReturnType<Call['nextDeadline']> {
        if (isBroken) throw new RangeError('broken');
        return super.nextDeadline();
      }
    }
    const bench = new ServiceBench({ agent: { makeCall: (...of) => new Timeless(...of) } });
    const { stream, session } = bench.talks();
    isBroken = true;
    bench.passes(600_000);
    expect(bench.log.named('callCrashed')).toMatchObject([{ callSid, door: 'timer' }]);
    expect([stream.closeCode, session.isClosed, bench.service.registry.live]).toEqual([1000, true, []]);
  });

  test('as when it is asked whether it needs its process does not keep others from being taken', () => {
    let isBroken = false;
    class Standless extends Call {
      override get isHandedOver(): boolean {
        if (isBroken) throw new RangeError('broken');
        return super.isHandedOver;
      }
    }
    const bench = new ServiceBench({
      agentOf: (ofCall) => (ofCall === callSid ? { makeCall: (...of) => new Standless(...of) } : {}),
    });
    const { stream } = bench.talks();
    isBroken = true;
    expect(bench.asks('voice', { CallSid: otherCall })).toContain('<Stream');
    bench.says(stream, media);
    expect(bench.service.registry.live.map((host) => host.callSid)).toEqual([otherCall]);
  });

  test('and on its way out as well still leaves nothing behind', () => {
    const bench = new ServiceBench({ agent: { makeCall: brokenCall, observers: [new Unclosable()] } });
    const { stream, session } = bench.talks();
    stream.socket.close = breaksToo;
    session.socket.close = breaksToo;
    bench.modelSays(session, breaks);
    expect(bench.service.registry.live).toEqual([]);
    expect(bench.log.named('callCrashed')).toHaveLength(3);
    bench.passes(2_000);
    expect([stream.isCut, session.isClosed]).toEqual([true, true]);
    expect(bench.asks('streamEnded', {}, { stream: '1' })).toContain('+15550102');
  });

  test('while it is released does not hold up the release', () => {
    const bench = new ServiceBench({ agent: { observers: [new Unclosable()] } });
    bench.talks();
    let releases = 0;
    bench.service.registry.find(callSid)?.release(false, () => (releases += 1));
    bench.passes(10);
    expect([releases, bench.service.registry.live]).toEqual([1, []]);
  });
});

describe('whoever observes a call', () => {
  test('sees every step, and is told of its end', () => {
    const observer = new Noting();
    const bench = new ServiceBench({ agent: { observers: [observer] } });
    bench.talks();
    bench.posts('status', over);
    bench.posts('status', over);
    expect(observer.seen).toEqual(['call.received', 'stream.started', 'model.opened', 'call.completed']);
    expect([observer.closes, observer.tookMs]).toEqual([1, [0, 0, 0, 0]]);
  });

  test('and fails is not asked again, and neither the call nor another one notices', () => {
    const [failing, other] = [new Noting(2), new Noting()];
    const bench = new ServiceBench({ agent: { observers: [failing, other] } });
    bench.talks();
    bench.posts('status', over);
    expect([failing.seen.length, other.seen.length]).toEqual([2, 4]);
    expect([failing.closes, other.closes]).toEqual([0, 1]);
    expect(bench.log.named('observerFailed')).toHaveLength(1);
    expect(bench.log.named('callEnded')).toHaveLength(1);
  });
});

describe('the stream of a call', () => {
  test('must bring the token of the last answer, and only once', () => {
    const bench = new ServiceBench();
    const token = tokenIn(bench.asks('voice'));
    expect(bench.opensStream('wrong').closeCode).toBe(1008);
    expect(bench.opensStream(token).closeCode).toBeNull();
    expect(bench.opensStream(token).closeCode).toBe(1008);
    expect(bench.log.named('streamRefused')).toMatchObject([{ fault: 'stream.tokenInvalid' }, {}]);
  });

  test('is displaced by the next one, of which the last answer tells', () => {
    const bench = new ServiceBench();
    const { stream } = bench.talks();
    const twiml = bench.asks('streamEnded', {}, { stream: '1' });
    expect(twiml).toContain('stream-ended?stream=2');
    const next = bench.opensStream(tokenIn(twiml));
    expect([stream.closeCode, next.closeCode]).toEqual([1000, null]);
    // The repeated question about the first stream repeats the answer.
    expect(tokenIn(bench.asks('voice'))).toBe('token-1');
  });

  test('gets nothing that is ordered by what was read of the one before in the same turn', () => {
    const bench = new ServiceBench();
    const { stream, session } = bench.talks();
    bench.passes(20);
    const inlineData = { mimeType: 'audio/pcm;rate=24000', data: Buffer.alloc(48_000, 16).toString('base64') };
    for (let spoken = 0; spoken < 5; spoken += 1)
      bench.modelSays(session, { serverContent: { modelTurn: { parts: [{ inlineData }] } } });
    bench.says(stream, media);
    const sent = marksOf(stream).length;
    // More of the reply is due, as the frame shows.
    bench.clock.moveTo(bench.clock.nowMs() + 300);
    const wasRead = bench.clock.wasRead.bind(bench.clock);
    bench.clock.wasRead = () => {};
    bench.says(stream, { ...media, media: { ...media.media, timestamp: '320' } });
    const next = bench.opensStream(null);
    bench.service.registry.find(callSid)?.attach(next.socket, 'MZ2', new StreamBudget(bench.clock));
    wasRead();
    expect([marksOf(stream).length, marksOf(next)]).toEqual([sent + 1, []]);
  });

  test('is closed and listened to no more when the call is over', () => {
    const observer = new Noting();
    const bench = new ServiceBench({ agent: { observers: [observer] } });
    const { stream, session } = bench.talks();
    bench.posts('status', over);
    bench.says(stream, media);
    expect([stream.closeCode, session.isClosed, observer.seen.at(-1)]).toEqual([1000, true, 'call.completed']);
  });
});

describe('what must be on record before it is done', () => {
  test('waits for the disk: a tool', () => {
    const bench = new ServiceBench({ latency: () => 300 });
    bench.passes(1_000);
    const { session } = bench.talks();
    bench.passes(1_000);
    bench.modelSays(session, orders);
    bench.passes(299);
    expect(bench.toolRuns).toEqual([]);
    bench.passes(1);
    expect(bench.toolRuns).toMatchObject([{ name: 'order' }]);
  });

  test('is not done by a process that lost the call meanwhile: a redirect', () => {
    const store = new MemoryStore();
    const redirected = [false, true].map((isTaken) => {
      const bench = new ServiceBench({ store: isTaken ? store : new MemoryStore() });
      const { stream } = bench.talks();
      bench.service.registry.find(callSid)?.tell({ type: 'service.drained' });
      stream.socket.terminate();
      bench.passes(1_000);
      if (isTaken) new ServiceBench({ store }).passes(2_000).asks('streamEnded', {}, { stream: '1' });
      // Nobody asks what comes next.
      bench.passes(15_000);
      return bench.redirects.map((redirect) => redirect.callSid);
    });
    expect(redirected).toEqual([[callSid], []]);
  });

  test('is told to the call when it is done', () => {
    const bench = new ServiceBench();
    const { stream } = bench.talks();
    bench.service.registry.find(callSid)?.tell({ type: 'service.drained' });
    stream.socket.terminate();
    bench.passes(15_000);
    const [redirect] = bench.redirects;
    expect(redirect?.twiml).toContain('<Number>+15550102</Number>');
    redirect?.done({ type: 'telephony.failed', fault: 'telephony.refused', callOver: true });
    expect(bench.log.named('callEnded')).toHaveLength(1);
  });
});

test('a tool that the model takes back is told to stop', () => {
  const bench = new ServiceBench();
  const { session } = bench.talks();
  bench.modelSays(session, orders);
  bench.passes(10);
  bench.modelSays(session, { toolCallCancellation: { ids: ['1'] } });
  expect(bench.toolRuns.map(({ signal }) => signal.aborted)).toEqual([true]);
});

describe('whoever orders something of a call', () => {
  test('is told at once whether it is done, and why not', () => {
    const bench = new ServiceBench();
    const { stream } = bench.talks();
    const transfer = { type: 'operator.transferred', destination: 'billing' } as const;
    expect(bench.service.order(callSid, transfer)).toEqual({
      kind: 'refused',
      refusal: 'noSuchDestination',
      reason: 'There is no destination of that name.',
    });
    expect(bench.service.order(callSid, { type: 'operator.hungUp' })).toEqual({ kind: 'taken' });
    bench.passes(10);
    expect(stream.closeCode).toBe(1000);
    expect(bench.asks('streamEnded', {}, { stream: '1' })).toContain('<Hangup/>');
    for (const ofCall of [callSid, otherCall]) {
      expect(bench.service.order(ofCall, { type: 'operator.hungUp' })).toMatchObject({ refusal: 'callIsOver' });
    }
  });

  test('is told that the call is over when it breaks over the order', () => {
    const bench = new ServiceBench({ agent: { onEnter: breaksOrders } });
    bench.talks();
    expect(bench.service.order(callSid, { type: 'operator.hungUp' })).toMatchObject({ refusal: 'callIsOver' });
    expect(bench.log.named('callCrashed')).toMatchObject([{ door: 'order' }]);
  });
});

test('whoever orders something of a call that has broken is told that it is over', () => {
  const bench = new ServiceBench({ agent: { makeCall: (...ofCall) => new BrokenCall(...ofCall) } });
  const { session } = bench.talks();
  const note = { type: 'operator.noted', text: 'He is a regular.' } as const;
  expect(bench.service.order(callSid, note)).toEqual({ kind: 'taken' });
  bench.modelSays(session, breaks);
  expect(bench.service.order(callSid, note)).toMatchObject({ refusal: 'callIsOver' });
});

describe('a picture that the caller shows', () => {
  test('goes to the model as it is', () => {
    const bench = new ServiceBench();
    const { session } = bench.talks();
    const jpeg = blankJpeg(1_000);
    expect(bench.service.show(callSid, jpeg)).toEqual({ kind: 'taken' });
    const data = Buffer.from(jpeg).toString('base64');
    expect(session.received).toContainEqual({ realtimeInput: { video: { data, mimeType: 'image/jpeg' } } });
    expect(bench.service.show(callSid, jpeg)).toMatchObject({ refusal: 'tooSoon' });
    expect(bench.service.show(otherCall, jpeg)).toMatchObject({ refusal: 'callIsOver' });
  });

  test('never reaches the model when it is none', () => {
    const bench = new ServiceBench();
    const { session } = bench.talks();
    const heard = session.received.length;
    for (const bytes of [new Uint8Array(), new Uint8Array(1_000)]) {
      expect(bench.service.show(callSid, bytes)).toMatchObject({ refusal: 'noPicture' });
    }
    expect(session.received).toHaveLength(heard);
  });
});

test('a call from the browser is known by its CallSid, and only so many are', () => {
  const { registry } = new ServiceBench().service;
  registry.expectFromBrowser(callSid);
  expect([registry.sourceOf(callSid), registry.sourceOf(otherCall)]).toEqual(['browser', 'phone']);
  for (let count = 0; count < 10_000; count += 1) registry.expectFromBrowser(`CA${count}`);
  expect(registry.sourceOf(callSid)).toBe('phone');
});

describe('the model session of a call', () => {
  test('is replaced by another one when it is lost', () => {
    const bench = new ServiceBench();
    const { session } = bench.talks();
    session.socket.closed(1011, 'Internal error.');
    bench.passes(100);
    expect(bench.sessions).toHaveLength(2);
    bench.answersSetup();
    bench.passes(5_000);
    expect(bench.sessions.map(({ isClosed }) => isClosed)).toEqual([false, false]);
  });

  test('is of the fallback model when the first is not to be had', () => {
    const bench = new ServiceBench();
    bench.asks('voice');
    const refused = bench.sessions[0];
    refused?.socket.opened();
    refused?.socket.closed(1008, 'models/gemini is not found for API version v1beta');
    bench.passes(5_000);
    bench.answersSetup();
    expect(JSON.stringify(bench.sessions.map(({ received }) => received[0]))).toMatch(
      /models\/gemini-3\.8-live".*models\/gemini-other"/,
    );
  });

  test('hears the caller', () => {
    const bench = new ServiceBench();
    const { stream, session } = bench.talks();
    bench.passes(9_000);
    const before = session.received.length;
    for (let frame = 0; frame < 5; frame += 1) bench.says(stream, media);
    expect(session.received.length).toBeGreaterThan(before);
  });
});

describe('time', () => {
  test('brings the call to its end when nothing else happens', () => {
    const bench = new ServiceBench({ settings: { ...settings, callMsMax: 120_000 } });
    bench.talks();
    bench.passes(600_000);
    expect(bench.log.named('callEnded')).toHaveLength(1);
    expect(bench.service.registry.live).toEqual([]);
    // Nothing of it waits any more.
    bench.passes(120_000);
    expect(bench.clock.nextDueMs).toBeNull();
  });

  test('is waited for with one timer, and no more often than there is something to do', () => {
    const observer = new Noting();
    const bench = new ServiceBench({ agent: { observers: [observer] } });
    bench.asks('voice');
    bench.passes(60_000);
    const ticks = observer.seen.filter((type) => type === 'tick').length;
    expect(ticks).toBeGreaterThan(0);
    expect(ticks).toBeLessThan(10);
  });
});

describe('a call that is over', () => {
  test('is remembered for a minute, for webhooks that are late', () => {
    const bench = new ServiceBench();
    bench.talks();
    bench.posts('status', over);
    bench.passes(59_000);
    expect(bench.service.registry.find(callSid)).not.toBeNull();
    bench.passes(2_000);
    expect(bench.service.registry.find(callSid)).toBeNull();
  });

  test('has nothing to release', () => {
    const bench = new ServiceBench();
    bench.talks();
    const host = bench.service.registry.find(callSid);
    bench.posts('status', over);
    let releases = 0;
    host?.release(false, () => (releases += 1));
    host?.fence();
    expect([releases, host?.isReleased, host?.isFenced]).toEqual([1, false, false]);
    expect(bench.log.named('callReleased')).toEqual([]);
  });
});

test('a call that is released is told as one that lost its stream, and acts no more', () => {
  const observer = new Noting();
  let diskMs = 1;
  const bench = new ServiceBench({ agent: { observers: [observer] }, latency: () => diskMs });
  const { stream, session } = bench.talks();
  bench.modelSays(session, orders);
  bench.passes(1_000);
  diskMs = 300;
  bench.modelSays(session, { sessionResumptionUpdate: { newHandle: 'h1', resumable: true } });
  const host = bench.service.registry.find(callSid);
  let releases = 0;
  host?.release(false, () => (releases += 1));
  expect([releases, host?.isReleased, stream.closeCode]).toEqual([0, true, null]);
  bench.passes(299);
  expect([releases, stream.closeCode, session.isClosed]).toEqual([0, null, true]);
  bench.passes(1);
  expect([releases, stream.closeCode, session.isClosed]).toEqual([1, 1001, true]);
  expect(bench.toolRuns.map(({ signal }) => signal.aborted)).toEqual([true]);
  expect([observer.seen.at(-1), observer.closes]).toEqual(['stream.closed', 1]);
  // Nothing of it waits any more.
  bench.passes(61_000);
  expect([observer.seen.at(-1), bench.clock.nextDueMs]).toEqual(['stream.closed', null]);
  expect(bench.service.registry.live).toEqual([]);
  // Whoever asks again is told at once.
  host?.release(false, () => (releases += 1));
  expect(releases).toBe(2);
});

test('a call whose caller talks to a human takes no room, and is not waited for', () => {
  const bench = new ServiceBench({ callsMax: 1 });
  const { stream, session } = bench.talks();
  bench.service.registry.find(callSid)?.tell({ type: 'service.drained' });
  stream.socket.closed(1000, '');
  expect(bench.asks('streamEnded', {}, { stream: '1' })).toContain('<Dial');
  bench.passes(60_000);
  expect(session.isClosed).toBe(true);
  const { registry } = bench.service;
  expect([registry.liveCount, registry.live.length, registry.noRoom]).toEqual([0, 1, null]);
});

/** A call that has just broken, while its model waited for a tool. */
function broken() {
  const observer = new Noting();
  const bench = new ServiceBench({ agent: { observers: [observer], makeCall: brokenCall } });
  const { stream, session } = bench.talks();
  bench.modelSays(session, orders);
  bench.passes(10);
  bench.modelSays(session, breaks);
  return { bench, stream, session, observer };
}

const brokenCall = (...of: ConstructorParameters<typeof Call>): Call => new BrokenCall(...of);

function breaksToo(): never {
  throw new RangeError('broken as well');
}
