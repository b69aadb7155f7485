import { getCallSites } from 'node:util';
import { describe, expect, test } from 'vitest';
import { Call } from '../../src/call/call.ts';
import type { Door } from '../../src/host/call-doors.ts';
import type { CallHost } from '../../src/host/call-host.ts';
import { scenarioOfSeed } from '../../src/sim/run/seed.ts';
import { simulateCall } from '../../src/sim/run/call.ts';
import { type BenchSession, type BenchStream, callSid, otherCall, ServiceBench } from './service-bench.ts';

const quiet = Buffer.alloc(160, 0xff).toString('base64');
const media = { event: 'media', media: { track: 'inbound', chunk: '1', timestamp: '20', payload: quiet } };
const orders = { toolCall: { functionCalls: [{ id: '1', name: 'order', args: {} }] } };
const apology = /<Say>I am sorry\.<\/Say><Dial .*\+15550102/;

/** A service with another call that talks, and a first call that breaks at the next thing that comes by the armed door. */
class DoorBench extends ServiceBench {
  readonly others: { readonly stream: BenchStream; readonly session: BenchSession };
  readonly #gate: { armed: string | null };

  constructor() {
    const gate: { armed: string | null } = { armed: null };
    const onEnter = (door: Door): void => {
      if (door !== gate.armed) return;
      gate.armed = null;
      throw new RangeError('broken');
    };
    super({ agentOf: (ofCall) => (ofCall === callSid ? { onEnter } : {}) });
    this.#gate = gate;
    this.others = this.talks(otherCall);
    this.passes(1_000);
  }

  arm(door: string): void {
    this.#gate.armed = door;
  }

  get host(): CallHost {
    const host = this.service.registry.find(callSid);
    if (host === null) throw new RangeError('There is no call.');
    return host;
  }
}

/** How a call is brought so far, and what then enters by each door. A door that has no row is an error of its type. */
const entrances: Record<Door, (bench: DoorBench, armed: () => void) => void> = {
  ask: (bench, armed) => {
    bench.talks();
    armed();
    expect(bench.asks('streamEnded', {}, { stream: '1' })).toMatch(apology);
  },
  order: talking(({ bench }) => void bench.host.order({ type: 'operator.hungUp' })),
  show: talking(({ bench }) => void bench.host.show(Uint8Array.of(0xff, 0xd8, 0xff, 0xd9))),
  tell: talking(({ bench }) => bench.host.tell({ type: 'service.drained' })),
  claimStream: beforeTheStream,
  attach: beforeTheStream,
  fence: talking(({ bench }) => bench.host.fence()),
  release: talking(({ bench }) => released(bench)),
  timer: talking(({ bench }) => bench.passes(2_000)),
  redirected: (bench, armed) => {
    const { stream } = bench.talks();
    bench.host.tell({ type: 'service.drained' });
    stream.socket.terminate();
    bench.passes(15_000);
    armed();
    bench.redirects[0]?.done({ type: 'telephony.updated' });
  },
  toolSettled: (bench, armed) => {
    bench.modelSays(bench.talks().session, orders);
    bench.passes(1_000);
    armed();
    bench.toolRuns[0]?.done({ result: { response: { result: 'It is on its way.' } } });
  },
  journalSettled: talking(({ bench, session }) => {
    bench.modelSays(session, orders);
    bench.passes(1_000);
  }),
  journalReleased: talking(({ bench }) => released(bench)),
  'stream.onMessage': talking(({ bench, stream }) => bench.says(stream, media)),
  'stream.onPong': talking(({ bench }) => bench.passes(3_000)),
  'stream.onPing': talking(({ stream }) => stream.socket.pinged()),
  'stream.onClose': talking(({ stream }) => stream.socket.closed(1006, '')),
  'model.onOpen': connecting((socket) => socket.opened()),
  'model.onError': connecting((socket) => socket.refused('connect ECONNREFUSED')),
  'model.onMessage': talking(({ bench, session }) => bench.modelSays(session, {})),
  'model.onPong': talking(({ session }) => session.socket.ponged()),
  'model.onPing': talking(({ session }) => session.socket.pinged()),
  'model.onFrameTooLong': talking(({ session }) => session.socket.overflowed()),
  'model.onClose': talking(({ session }) => session.socket.closed(1011, '')),
  'sdk.onClose': talking(({ session }) => session.socket.closed(1011, '')),
  'sdk.onSession': (bench, armed) => {
    bench.asks('voice');
    armed();
    bench.answersSetup();
  },
  'sdk.onFailed': connecting((socket) => socket.refused('connect ECONNREFUSED')),
};

describe('what throws behind a door', () => {
  test.for(Object.entries(entrances))('%s ends its call and no other', ([door, enter]) => {
    const bench = new DoorBench();
    enter(bench, () => bench.arm(door));
    expect(bench.log.named('callCrashed')).toMatchObject([{ callSid, door, fault: 'call.crashed' }]);

    const { registry } = bench.service;
    expect(registry.live.map((host) => host.callSid)).toEqual([otherCall]);
    expect(bench.sessions.map(({ socket }) => socket.isOpen)).toEqual([true, false]);
    const { stream, session } = bench.others;
    const heard = session.received.length;
    for (let frame = 0; frame < 5; frame += 1) bench.says(stream, media);
    expect([stream.closeCode, session.received.length > heard]).toEqual([null, true]);
    expect(bench.asks('streamEnded', {}, { stream: '1' })).toMatch(apology);
  });
});

test('a stream whose close is never answered is cut also when the timer breaks that was to cut it', () => {
  const bench = new DoorBench();
  const { stream } = bench.talks();
  bench.host.tell({ type: 'service.drained' });
  while (stream.closeCode === null) bench.passes(10);
  bench.passes(1_980);
  expect(stream.isCut).toBe(false);
  bench.arm('timer');
  bench.passes(40);
  expect(bench.log.named('callCrashed')).toMatchObject([{ door: 'timer' }]);
  expect(stream.isCut).toBe(true);
});

test('whatever reaches a call comes by a door', () => {
  const unguarded = new Set<string>();
  const look = (): void => {
    // A stack as text, with its places in the sources, would take far longer.
    const callers = getCallSites(100).map(({ functionName }) => functionName);
    if (!callers.includes('#enter')) unguarded.add(callers.join(' < '));
  };
  class WatchedCall extends Call {
    override handle(...of: Parameters<Call['handle']>): ReturnType<Call['handle']> {
      look();
      return super.handle(...of);
    }
    override nextDeadline(): ReturnType<Call['nextDeadline']> {
      look();
      return super.nextDeadline();
    }
    override get isLeaving(): boolean {
      look();
      return super.isLeaving;
    }
    override get isHandedOver(): boolean {
      look();
      return super.isHandedOver;
    }
  }
  for (let seed = 1; seed <= 4; seed += 1) {
    simulateCall(scenarioOfSeed(seed), { makeCall: (...of) => new WatchedCall(...of), hashes: false });
  }
  expect([...unguarded]).toEqual([]);
});

interface Talk {
  readonly bench: DoorBench;
  readonly stream: BenchStream;
  readonly session: BenchSession;
}

function talking(enter: (talk: Talk) => void): (bench: DoorBench, armed: () => void) => void {
  return (bench, armed) => {
    const talk = { bench, ...bench.talks() };
    armed();
    enter(talk);
  };
}

function connecting(enter: (socket: BenchSession['socket']) => void): (bench: DoorBench, armed: () => void) => void {
  return (bench, armed) => {
    bench.asks('voice');
    armed();
    const session = bench.sessions.at(-1);
    if (session !== undefined) enter(session.socket);
  };
}

function beforeTheStream(bench: DoorBench, armed: () => void): void {
  const token = /name="token" value="([^"]+)"/.exec(bench.asks('voice'))?.[1] ?? '';
  armed();
  const stream = bench.opensStream(token);
  bench.passes(2_000);
  expect([stream.closeCode === null, stream.isCut]).toEqual([false, true]);
}

function released(bench: DoorBench): void {
  let releases = 0;
  bench.host.release(false, () => (releases += 1));
  bench.passes(1_000);
  expect(releases).toBe(1);
}
