import { describe, expect, test } from 'vitest';
import type { CallFact } from '../../src/call/events.ts';
import { type ModelSession, openModelSession, type SessionDrivers } from '../../src/gemini/live-session.ts';
import { type Sdk, type SdkOrder, setupMsMax } from '../../src/gemini/sdk.ts';
import type { AgentSetup } from '../../src/gemini/setup.ts';
import { SimulatedSdk } from '../../src/sim/driver/simulated-sdk.ts';
import { VirtualClock } from '../../src/sim/driver/virtual-clock.ts';
import { VirtualSocket } from '../../src/sim/driver/virtual-socket.ts';
import { LogLines } from '../log-lines.ts';
import { passTime } from '../virtual-time.ts';
import { recordedAgent } from '../wire-fixtures.ts';

const setupComplete = '{"setupComplete":{}}';
const megabyte = 1024 * 1024;

/** A connection to the model, from the model's end. */
interface Connection {
  readonly socket: VirtualSocket;
  closeCode: number | null;
  isCut: boolean;
}

/** Sessions in virtual time, on connections that a test handles. */
class SessionBench {
  readonly clock = new VirtualClock(0);
  readonly log = new LogLines();
  readonly connections: Connection[] = [];
  readonly sent: object[] = [];
  readonly #drivers: SessionDrivers;
  #ids = 0;

  constructor(sdk?: Sdk) {
    this.#drivers = {
      sdk: sdk ?? new SimulatedSdk('wss://model.example', () => (message) => void this.sent.push(message)),
      clock: this.clock,
      randomness: { token: () => '', uniqueId: () => `id-${(this.#ids += 1)}`, fraction: () => 0.5 },
      connect: (_url, _headers, listener) => {
        const socket = new VirtualSocket('connecting', this.clock, {
          send: () => {},
          ping: () => {},
          close: (code) => (connection.closeCode = code),
          drop: () => (connection.isCut = true),
        });
        const connection: Connection = { socket, closeCode: null, isCut: false };
        socket.listen(listener);
        this.connections.push(connection);
        return socket;
      },
    };
  }

  opens(after: ModelSession | null = null, agent: AgentSetup = recordedAgent, handle: string | null = null) {
    const facts: CallFact[] = [];
    const order = { handle, recap: null, after };
    const session = openModelSession(this.#drivers, agent, order, (fact) => void facts.push(fact), this.log.logger);
    return { session, facts };
  }

  /** A session whose setup was answered. */
  answered(agent?: AgentSetup) {
    const opened = this.opens(null, agent);
    const connection = this.latest;
    connection.socket.opened();
    connection.socket.received(setupComplete, false);
    return { ...opened, connection };
  }

  get latest(): Connection {
    const connection = this.connections.at(-1);
    if (connection === undefined) throw new RangeError('There is no connection.');
    return connection;
  }

  passes(ms: number): void {
    passTime(this.clock, ms);
  }
}

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

test.for(['text', 'data'])('a message with the key %s, on which the SDK would fail, is rejected', (key) => {
  const bench = new SessionBench();
  const { facts, connection } = bench.answered();
  connection.socket.received(JSON.stringify({ [key]: 'x', serverContent: { interrupted: true } }), false);
  expect(facts.slice(1)).toEqual([{ type: 'model.frameRejected', fault: 'model.frameInvalid' }]);
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

const unknownName = `Invalid JSON payload received. Unknown name "languageCodes" at 'setup.input_audio_transcription': Cannot find field.`;
const invalid = 'Request contains an invalid argument.';

describe('a setup with a language for the transcript', () => {
  test.for([unknownName, invalid])('that is refused with "%s" is sent once more without it', (reason) => {
    const bench = new SessionBench();
    const { facts } = bench.opens(null, german());
    bench.latest.socket.opened();
    bench.latest.socket.closed(1007, reason);
    bench.latest.socket.opened();
    bench.latest.socket.received(setupComplete, false);
    expect(facts).toEqual([{ type: 'model.opened' }]);
    expect(transcriptions(bench)).toEqual(['{"languageCodes":["de-AT"]}', '{}']);
    expect(bench.log.named('languageRefused')).toMatchObject([{ level: 'warn', language: 'de-AT' }]);
  });

  test('that was refused is sent without it from then on, and only once where that is refused too', () => {
    const bench = new SessionBench();
    const agent = german();
    bench.opens(null, agent);
    for (const reason of [unknownName, null]) {
      bench.latest.socket.opened();
      if (reason === null) bench.latest.socket.received(setupComplete, false);
      else bench.latest.socket.closed(1007, reason);
    }
    const { facts } = bench.opens(null, agent);
    bench.latest.socket.opened();
    bench.latest.socket.closed(1007, invalid);
    expect(transcriptions(bench)).toEqual(['{"languageCodes":["de-AT"]}', '{}', '{}']);
    expect(facts).toMatchObject([{ type: 'model.openFailed', remedy: 'fresh' }]);
  });

  test('that is refused for a key, or with a handle that may be to blame, fails as any other', () => {
    for (const [reason, handle, remedy] of [
      ['API key not valid.', null, 'none'],
      [invalid, 'h1', 'fresh'],
    ] as const) {
      const bench = new SessionBench();
      const { facts } = bench.opens(null, german(), handle);
      bench.latest.socket.opened();
      bench.latest.socket.closed(1007, reason);
      expect(facts).toMatchObject([{ type: 'model.openFailed', remedy }]);
      expect(bench.connections).toHaveLength(1);
    }
  });

  test('that is closed by us meanwhile is not sent again', () => {
    const bench = new SessionBench();
    const { session, facts } = bench.opens(null, german());
    bench.latest.socket.opened();
    session.close();
    bench.latest.socket.closed(1007, unknownName);
    expect([facts, bench.connections.length]).toEqual([[], 1]);
  });
});

/** An agent of its own, which speaks German. */
function german(): AgentSetup {
  return { ...recordedAgent, settings: { ...recordedAgent.settings, transcriptionLanguage: 'de-AT' } };
}

/** The transcription of each setup that was sent. */
function transcriptions({ sent }: SessionBench): unknown[] {
  return sent.map((message) => JSON.stringify(message).match(/"inputAudioTranscription":(\{.*?\})/)?.[1]);
}
