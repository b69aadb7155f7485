import { describe, expect, test } from 'vitest';
import type { CallFact } from '../../src/call/events.ts';
import { type JsonObject, isJsonObject, parseJson } from '../../src/encoding/json.ts';
import { VirtualClock } from '../../src/sim/driver/virtual-clock.ts';
import { VirtualSocket } from '../../src/sim/driver/virtual-socket.ts';
import { Refusals } from '../../src/system/refusals.ts';
import type { Socket } from '../../src/system/socket.ts';
import { acceptMediaSocket } from '../../src/twilio/media-handshake.ts';
import { MediaStream } from '../../src/twilio/media-stream.ts';
import { StreamTokens } from '../../src/twilio/stream-tokens.ts';
import { LogLines } from '../log-lines.ts';
import { passTime } from '../virtual-time.ts';

const connected = { event: 'connected', protocol: 'Call', version: '1.0.0' };
const rejected: CallFact = { type: 'stream.frameRejected', fault: 'stream.frameInvalid' };

/** A media socket in virtual time, and the one call to which it may belong. */
class StreamBench {
  readonly clock = new VirtualClock(0);
  readonly log = new LogLines();
  readonly facts: CallFact[] = [];
  readonly received: JsonObject[] = [];
  readonly socket: VirtualSocket;
  readonly claims: string[] = [];
  stream: MediaStream | null = null;
  pings = 0;
  closeCode: number | null = null;
  isCut = false;
  /** Whether Parley fails when it looks for the call of a stream. */
  isBroken = false;

  constructor() {
    this.socket = new VirtualSocket('open', this.clock, {
      send: (text) => {
        const message = parseJson(text);
        if (isJsonObject(message)) this.received.push(message);
      },
      ping: () => (this.pings += 1),
      close: (code) => (this.closeCode = code),
      drop: () => (this.isCut = true),
    });
    const owner = {
      claimStream: (token: string) => {
        this.claims.push(token);
        return token === 'secret';
      },
      attach: (socket: Socket, streamSid: string) => {
        const stream = new MediaStream(socket, streamSid, this.clock);
        this.stream = stream;
        stream.listen((fact) => void this.facts.push(fact));
      },
    };
    const findCall = (callSid: string) => {
      if (this.isBroken) throw new RangeError('broken');
      return callSid === 'CA1' ? owner : null;
    };
    const refusals = new Refusals(this.clock, this.log.logger);
    acceptMediaSocket(this.socket, { clock: this.clock, findCall, refusals, log: this.log.logger });
  }

  /** A stream that has started. */
  static started(): StreamBench {
    return new StreamBench().says(connected).says(start());
  }

  says(message: object | string, isBinary = false): this {
    const text = typeof message === 'string' ? message : JSON.stringify(message);
    this.socket.received(text, isBinary);
    return this;
  }

  passes(ms: number): this {
    passTime(this.clock, ms);
    return this;
  }

  get refusals(): unknown[] {
    return this.log.named('streamRefused').map(({ fault }) => fault);
  }
}

function start(changes: object = {}): object {
  const mediaFormat = { encoding: 'audio/x-mulaw', sampleRate: 8000, channels: 1 };
  const customParameters = { token: 'secret' };
  const inner = { accountSid: 'AC1', streamSid: 'MZ1', callSid: 'CA1', mediaFormat, customParameters, ...changes };
  return { event: 'start', sequenceNumber: '1', streamSid: 'MZ1', start: inner };
}

function mark(name: string): object {
  return { event: 'mark', sequenceNumber: '2', streamSid: 'MZ1', mark: { name } };
}

describe('a media socket', () => {
  test('over which Parley fails before it belongs to a call is cut, and nothing else', () => {
    const bench = new StreamBench();
    bench.isBroken = true;
    bench.says(connected).says(start()).says(start());
    expect([bench.isCut, bench.log.named('handshakeCrashed').length]).toEqual([true, 1]);
    bench.passes(10_000);
    expect(bench.refusals).toEqual([]);
  });

  test('belongs to its call once the start message has come', () => {
    const bench = StreamBench.started().says(mark('a'));
    expect([bench.stream?.streamSid, bench.facts]).toEqual(['MZ1', [{ type: 'stream.marked', name: 'a' }]]);
    bench.passes(3_900);
    expect([bench.refusals, bench.closeCode]).toEqual([[], null]);
  });

  test('is refused when the start message takes too long', () => {
    const bench = new StreamBench().says(connected).passes(4_999);
    expect(bench.closeCode).toBeNull();
    bench.passes(1);
    expect([bench.closeCode, bench.refusals]).toEqual([1008, ['stream.startMissing']]);
    // It may be dead, and is cut.
    bench.passes(1_999);
    expect(bench.isCut).toBe(false);
    bench.passes(1);
    expect(bench.isCut).toBe(true);
  });

  test('is refused when too much comes before the start message', () => {
    const bench = new StreamBench().says(connected).says('junk').says('bytes', true).says(mark('a'));
    expect(bench.closeCode).toBeNull();
    bench.says('junk');
    expect([bench.closeCode, bench.refusals]).toEqual([1008, ['stream.startMissing']]);
    bench.says(start()).passes(10_000);
    expect([bench.stream, bench.claims, bench.refusals.length]).toEqual([null, [], 1]);
  });

  test('may bring the start message as the last of what it may say', () => {
    const bench = new StreamBench();
    for (let frame = 0; frame < 4; frame += 1) bench.says('junk');
    expect(bench.says(start()).stream).not.toBeNull();
  });

  test.for([
    ['of another call', { callSid: 'CA2' }, []],
    ['with a wrong token', { customParameters: { token: 'guess' } }, ['guess']],
    ['without a token', { customParameters: {} }, ['']],
  ] as const)('is refused for a start message %s', ([, changes, claims]) => {
    const bench = new StreamBench().says(start(changes));
    expect([bench.closeCode, bench.refusals, bench.claims]).toEqual([1008, ['stream.tokenInvalid'], claims]);
    bench.passes(10_000);
    expect(bench.refusals).toHaveLength(1);
  });

  test('whose start message came as bytes is none', () => {
    expect(new StreamBench().says(start(), true).stream).toBeNull();
  });

  test('that goes before it was anybody’s is not waited for', () => {
    const bench = new StreamBench();
    bench.socket.closed(1000, '');
    bench.passes(10_000);
    expect([bench.refusals, bench.clock.nextDueMs]).toEqual([[], null]);
  });
});

describe('a stream', () => {
  test('tells what cannot be used, and goes on', () => {
    const bench = StreamBench.started().says(connected).says(start()).says('bytes', true).says('junk').says(mark('a'));
    expect(bench.facts).toEqual([
      rejected,
      rejected,
      { type: 'stream.frameRejected', fault: 'stream.frameBinary' },
      { type: 'stream.frameRejected', fault: 'stream.frameNotJson' },
      { type: 'stream.marked', name: 'a' },
    ]);
  });

  test('sends what it is given', () => {
    const bench = StreamBench.started();
    bench.stream?.sendMedia(Uint8Array.of(1, 2, 3));
    bench.stream?.sendMark('a');
    bench.stream?.sendClear();
    expect(bench.received).toEqual([
      { event: 'media', streamSid: 'MZ1', media: { payload: 'AQID' } },
      { event: 'mark', streamSid: 'MZ1', mark: { name: 'a' } },
      { event: 'clear', streamSid: 'MZ1' },
    ]);
  });

  test('that is quiet for a second is pinged, and cut when nothing has come back for five', () => {
    const bench = StreamBench.started().passes(1_000);
    expect(bench.pings).toBe(0);
    bench.passes(1_000);
    expect(bench.pings).toBe(1);
    bench.passes(2_999);
    expect([bench.pings, bench.isCut]).toEqual([3, false]);
    bench.passes(1);
    expect(bench.isCut).toBe(true);
    bench.passes(10_000);
    expect(bench.facts).toEqual([{ type: 'stream.closed', code: 1006 }]);
    expect(bench.clock.nextDueMs).toBeNull();
  });

  test.for([
    ['answers a ping', (bench: StreamBench) => bench.socket.ponged()],
    ['brings a frame', (bench: StreamBench) => bench.says(mark('a'))],
    ['brings junk', (bench: StreamBench) => bench.says('bytes', true)],
  ] as const)('that %s lives', ([, answer]) => {
    const bench = StreamBench.started();
    for (let look = 0; look < 8; look += 1) {
      bench.passes(3_000);
      answer(bench);
    }
    expect(bench.isCut).toBe(false);
    bench.passes(5_500);
    expect(bench.isCut).toBe(true);
  });

  test('that frames come from all the time is never pinged', () => {
    const bench = StreamBench.started();
    for (let frame = 0; frame < 100; frame += 1) bench.passes(100).says(mark('a'));
    expect(bench.pings).toBe(0);
  });

  test('that is closed from our side tells nothing more, and is cut in the end', () => {
    const bench = StreamBench.started();
    bench.stream?.close(1001);
    bench.says(mark('a'));
    // Nobody looks after it meanwhile.
    expect([bench.closeCode, bench.clock.nextDueMs]).toEqual([1001, 2_000]);
    bench.passes(2_000);
    expect([bench.isCut, bench.pings, bench.facts]).toEqual([true, 0, []]);
    bench.passes(1);
    expect(bench.clock.nextDueMs).toBeNull();
  });

  test('that Twilio closes is told with its code, and looked after no more', () => {
    const bench = StreamBench.started();
    bench.socket.closed(1000, '');
    expect([bench.facts, bench.clock.nextDueMs]).toEqual([[{ type: 'stream.closed', code: 1000 }], null]);
  });
});

describe('a token', () => {
  test('is the same for the same stream, and works once', () => {
    const tokens = new StreamTokens((stream) => `token-${stream}`);
    expect([tokens.claim(''), tokens.of(1), tokens.of(1)]).toEqual([false, 'token-1', 'token-1']);
    const answers = ['token-2', 'token-', 'tokèn-1', 'token-1', 'token-1'].map((token) => tokens.claim(token));
    expect(answers).toEqual([false, false, false, true, false]);
    expect([tokens.of(1), tokens.claim('token-1')]).toEqual(['token-1', false]);
  });

  test('is worth nothing with the next stream’s, or when none may come any more', () => {
    let made = 0;
    const tokens = new StreamTokens(() => `token-${(made += 1)}`);
    tokens.of(1);
    tokens.of(2);
    expect([tokens.claim('token-1'), made]).toEqual([false, 2]);
    tokens.revoke();
    expect(tokens.claim('token-2')).toBe(false);
  });
});
