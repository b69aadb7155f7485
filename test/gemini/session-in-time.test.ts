import { describe, expect, test } from 'vitest';
import { type SdkOrder, setupMsMax } from '../../src/gemini/sdk.ts';
import { SimulatedSdk } from '../../src/sim/driver/simulated-sdk.ts';
import { recordedAgent } from '../wire-fixtures.ts';
import { SessionBench } from './session-bench.ts';

const megabyte = 1024 * 1024;

describe('a setup that is not answered', () => {
  test.for([
    [true, 'model.setupTimeout'],
    [false, 'model.unreachable'],
  ] as const)('fails after its time, and the connection is cut; connected: %s', ([isConnected, fault]) => {
    const bench = new SessionBench();
    const { facts } = bench.opens();
    if (isConnected) bench.latest.socket.opened();
    bench.passes(setupMsMax - 1);
    expect([facts, bench.latest.isCut]).toEqual([[], false]);
    bench.passes(1);
    expect(facts).toEqual([{ type: 'model.openFailed', fault, remedy: 'resume', jitter: 0.5 }]);
    expect(bench.latest.isCut).toBe(true);
    expect(bench.log.named('modelOpenFailed')).toMatchObject([{ fault, why: expect.any(String) }]);
  });

  test('is given up without a word when the session is closed meanwhile', () => {
    const bench = new SessionBench();
    const { session, facts } = bench.opens();
    bench.latest.socket.opened();
    session.close();
    bench.passes(2_000);
    expect(bench.clock.nextDueMs).toBeNull();
    bench.passes(60_000);
    expect([facts, bench.latest.closeCode, bench.log.text]).toEqual([[], 1000, '']);
  });

  test('is no matter once it was answered', () => {
    const bench = new SessionBench();
    const { facts, connection } = bench.answered();
    bench.passes(60_000);
    expect([facts, connection.isCut]).toEqual([[{ type: 'model.opened' }], false]);
    expect(bench.clock.nextDueMs).toBeNull();
  });
});

describe('a sign-in that comes first', () => {
  test('fails after its time', () => {
    const bench = new SessionBench({ setupMsMax, connect: () => {} });
    const { facts } = bench.opens();
    bench.passes(setupMsMax - 1);
    expect(facts).toEqual([]);
    bench.passes(1);
    const fault = 'model.setupTimeout';
    expect(facts).toEqual([{ type: 'model.openFailed', fault, remedy: 'resume', jitter: 0.5 }]);
  });

  test('and lasts until the session was closed opens no connection', () => {
    const real = new SimulatedSdk('wss://model.example', () => () => {});
    const signingIn: SdkOrder[] = [];
    const bench = new SessionBench({ setupMsMax, connect: (order) => void signingIn.push(order) });
    const { session, facts } = bench.opens();
    session.close();
    expect(bench.clock.nextDueMs).toBeNull();
    for (const order of signingIn) real.connect(order);
    bench.passes(60_000);
    expect([facts, bench.connections, bench.log.text]).toEqual([[], [], '']);
  });
});

describe('a session that ends', () => {
  test('is told with its code, and closed for good', () => {
    const bench = new SessionBench();
    const { facts, session, connection } = bench.answered();
    connection.socket.closed(1007, 'Request contains an invalid argument.');
    const reason = 'Request contains an invalid argument.';
    expect(facts.slice(1)).toEqual([{ type: 'model.closed', code: 1007, reason, remedy: 'fresh', jitter: 0.5 }]);
    session.sendText('Nobody hears this.');
    expect(bench.sent).toHaveLength(1);
  });

  test('before its setup was answered is refused, and its code says what may help', () => {
    const bench = new SessionBench();
    const { facts } = bench.opens();
    bench.latest.socket.opened();
    bench.latest.socket.closed(1008, 'models/x is not found for API version v1beta');
    expect(facts).toMatchObject([{ type: 'model.openFailed', fault: 'model.notFound', remedy: 'otherModel' }]);
    bench.passes(2_000);
    expect(bench.clock.nextDueMs).toBeNull();
  });

  test.for([
    [401, 'model.keyRefused', 'none'],
    [429, 'model.quotaExceeded', 'later'],
    [503, 'model.unreachable', 'resume'],
  ] as const)('with its upgrade refused by %i is %s, and may be tried: %s', ([status, fault, remedy]) => {
    const bench = new SessionBench();
    const { facts } = bench.opens();
    bench.latest.socket.refused(`Unexpected server response: ${status}`);
    expect(facts).toMatchObject([{ type: 'model.openFailed', fault, remedy }]);
  });

  // The SDK hands a session over some turns after its setup was answered. One whose connection broke in between was open for ever.
  test('before the SDK has handed it over is told after it was opened', () => {
    const real = new SimulatedSdk('wss://model.example', () => () => {});
    const handOver: (() => void)[] = [];
    const connect = (order: SdkOrder): void =>
      real.connect({ ...order, onSession: (session) => void handOver.push(() => order.onSession(session)) });
    const { facts, connection } = new SessionBench({ setupMsMax, connect }).answered();
    connection.socket.closed(1011, 'Internal error encountered.');
    for (const act of handOver) act();
    expect(facts).toMatchObject([{ type: 'model.opened' }, { type: 'model.closed', code: 1011, remedy: 'resume' }]);
  });

  test('because it is closed is closed in order, and cut when the other end does not answer', () => {
    const bench = new SessionBench();
    const { facts, session, connection } = bench.answered();
    session.close();
    session.close();
    expect([connection.closeCode, connection.isCut]).toEqual([1000, false]);
    bench.passes(2_000);
    expect([connection.isCut, facts]).toEqual([true, [{ type: 'model.opened' }]]);
  });
});

test('a connection that takes no more is given up, as one that broke', () => {
  const bench = new SessionBench();
  const { facts, session, connection } = bench.answered();
  connection.socket.waitingBytes = 4 * megabyte;
  session.sendAudio(new Uint8Array(640));
  expect([facts.length, bench.sent.length]).toEqual([1, 2]);
  connection.socket.waitingBytes += 1;
  session.sendAudio(new Uint8Array(640));
  session.sendAudio(new Uint8Array(640));
  expect(facts.slice(1)).toEqual([
    { type: 'model.closed', code: 1006, reason: 'choked', remedy: 'resume', jitter: 0.5 },
  ]);
  expect([bench.sent.length, connection.isCut]).toEqual([2, true]);
});

test('a connection that takes no more is cut when its session is closed, since no closing handshake would get through', () => {
  const bench = new SessionBench();
  const { session, connection } = bench.answered();
  connection.socket.waitingBytes = 4 * megabyte + 1;
  session.close();
  expect([connection.isCut, connection.closeCode]).toEqual([true, null]);
});

// The SDK throws on a message with one of these keys, where nobody can catch it.
test.for(['text', 'data'])('a message with the key %s, on which the SDK would fail, is read past the SDK', (key) => {
  const bench = new SessionBench();
  const { facts, connection } = bench.answered();
  connection.socket.received(JSON.stringify({ [key]: 'x', serverContent: { interrupted: true } }), false);
  expect(facts.slice(1)).toEqual([{ type: 'model.interrupted' }]);
});

test('the calls of a model that gives them no ids get names of their own', () => {
  const bench = new SessionBench();
  const model = 'gemini-live-2.5-flash-native-audio';
  const { facts, connection } = bench.answered({ ...recordedAgent, model });
  const functionCalls = [{ name: 'end_call' }, { name: 'end_call' }];
  connection.socket.received(JSON.stringify({ toolCall: { functionCalls } }), false);
  expect(facts.at(-1)).toMatchObject({ calls: [{ id: 'id-1' }, { id: 'id-2' }] });
});

describe('a session that follows another', () => {
  test('waits until the service has closed that one', () => {
    const bench = new SessionBench();
    const { session, connection } = bench.answered();
    session.close();
    bench.opens(session);
    bench.passes(400);
    expect(bench.connections).toHaveLength(1);
    connection.socket.closed(1000, '');
    expect(bench.connections).toHaveLength(2);
  });

  test('does not wait for a closing handshake that takes too long', () => {
    const bench = new SessionBench();
    const { session } = bench.answered();
    session.close();
    bench.opens(session);
    bench.passes(499);
    expect(bench.connections).toHaveLength(1);
    bench.passes(1);
    expect(bench.connections).toHaveLength(2);
  });

  test.for([true, false])('begins at once when there is nothing to wait for; it was connected: %s', (wasConnected) => {
    const bench = new SessionBench(wasConnected ? undefined : { setupMsMax, connect: () => {} });
    const before = bench.opens();
    if (wasConnected) bench.latest.socket.closed(1006, '');
    before.session.close();
    let gone = 0;
    before.session.whenGone(() => (gone += 1));
    expect(gone).toBe(1);
  });

  test('and is closed while it waits never begins', () => {
    const bench = new SessionBench();
    const { session } = bench.answered();
    session.close();
    const next = bench.opens(session);
    next.session.close();
    bench.passes(60_000);
    expect([bench.connections.length, next.facts]).toEqual([1, []]);
  });
});
