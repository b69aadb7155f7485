import { describe, expect, test } from 'vitest';
import type { CallFact } from '../../src/call/events.ts';
import { type JsonObject, isJsonObject, parseJson } from '../../src/encoding/json.ts';
import { VirtualClock } from '../../src/sim/driver/virtual-clock.ts';
import { VirtualSocket } from '../../src/sim/driver/virtual-socket.ts';
import { Refusals } from '../../src/system/refusals.ts';
import type { Socket } from '../../src/system/socket.ts';
import { MediaHandshakes } from '../../src/twilio/media-handshake.ts';
import { MediaStream } from '../../src/twilio/media-stream.ts';
import type { StreamBudget } from '../../src/twilio/stream-budget.ts';
import { StreamTokens } from '../../src/twilio/stream-tokens.ts';
import { LogLines } from '../log-lines.ts';
import { passTime } from '../virtual-time.ts';

const connected = { event: 'connected', protocol: 'Call', version: '1.0.0' };
const rejected: CallFact = { type: 'stream.frameRejected', fault: 'stream.frameInvalid' };

/** A media socket, from Twilio's end. */
interface MediaEnd {
  readonly socket: VirtualSocket;
  readonly received: JsonObject[];
  pings: number;
  closeCode: number | null;
  isCut: boolean;
}

/** A media socket in virtual time, the one call to which it may belong, and other sockets beside it. */
class StreamBench {
  readonly clock = new VirtualClock(0);
  readonly log = new LogLines();
  readonly facts: CallFact[] = [];
  readonly claims: string[] = [];
  stream: MediaStream | null = null;
  readonly #handshakes: MediaHandshakes;
  readonly #end: MediaEnd;
  /** Whether Parley fails when it looks for the call of a stream. */
  isBroken = false;

  constructor(callsMax = 1) {
    const owner = {
      claimStream: (token: string) => {
        this.claims.push(token);
        return token === 'secret';
      },
      attach: (socket: Socket, streamSid: string, budget: StreamBudget) => {
        const stream = new MediaStream(socket, streamSid, this.clock, budget);
        this.stream = stream;
        stream.listen((fact) => void this.facts.push(fact));
      },
    };
    const findCall = (callSid: string) => {
      if (this.isBroken) throw new RangeError('broken');
      return callSid === 'CA1' ? owner : null;
    };
    const refusals = new Refusals(this.clock, this.log.logger);
    this.#handshakes = new MediaHandshakes({ clock: this.clock, callsMax, findCall, refusals, log: this.log.logger });
    this.#end = this.opensAnother();
  }

  get socket(): VirtualSocket {
    return this.#end.socket;
  }

  get received(): readonly JsonObject[] {
    return this.#end.received;
  }

  get pings(): number {
    return this.#end.pings;
  }

  get closeCode(): number | null {
    return this.#end.closeCode;
  }

  get isCut(): boolean {
    return this.#end.isCut;
  }

  /** How much sound the call got. */
  get heardMs(): number {
    return this.facts.reduce((ms, fact) => ms + (fact.type === 'stream.media' ? fact.audio.length / 8 : 0), 0);
  }

  /** Another socket, which says nothing. */
  opensAnother(peer: string | null = null): MediaEnd {
    const socket = new VirtualSocket('open', this.clock, {
      send: (text) => {
        const message = parseJson(text);
        if (isJsonObject(message)) end.received.push(message);
      },
      ping: () => (end.pings += 1),
      close: (code) => (end.closeCode = code),
      drop: () => (end.isCut = true),
    });
    const end: MediaEnd = { socket, received: [], pings: 0, closeCode: null, isCut: false };
    this.#handshakes.accept(socket, peer);
    return end;
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

const key = { event: 'dtmf', sequenceNumber: '2', streamSid: 'MZ1', dtmf: { digit: '1' } };

function media(ms: number, timestampMs = 100): object {
  const payload = Buffer.alloc(ms * 8).toString('base64');
  const sound = { track: 'inbound', chunk: '1', timestamp: String(timestampMs), payload };
  return { event: 'media', sequenceNumber: '2', streamSid: 'MZ1', media: sound };
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
    // It may go on sending, so it is cut as soon as it can know why.
    bench.passes(249);
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

  test('is refused when its start message is longer than any that Twilio sends', () => {
    const bench = new StreamBench();
    for (let frame = 0; frame < 5; frame += 1) {
      expect(bench.closeCode).toBeNull();
      bench.says(start({ customParameters: { token: 'secret', padding: 'x'.repeat(8_000) } }));
    }
    expect([bench.closeCode, bench.refusals, bench.claims]).toEqual([1008, ['stream.startMissing'], []]);
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

describe('media sockets that wait for their start message', () => {
  test('are ten more than calls at most, until one of them starts or goes', () => {
    const bench = new StreamBench();
    const more = Array.from({ length: 10 }, () => bench.opensAnother());
    expect(bench.opensAnother().closeCode).toBe(1013);
    expect(bench.refusals).toEqual(['stream.tooManyWaiting']);
    bench.says(start());
    expect([bench.opensAnother().closeCode, bench.opensAnother().closeCode]).toEqual([null, 1013]);
    more[0]?.socket.closed(1000, '');
    expect([bench.opensAnother().closeCode, bench.opensAnother().closeCode]).toEqual([null, 1013]);
    // All others have had their time.
    bench.passes(5_000);
    expect(bench.opensAnother().closeCode).toBeNull();
  });

  test('are twenty at most of one address, where anybody may open them', () => {
    const bench = new StreamBench(50);
    const stranger = Array.from({ length: 21 }, () => bench.opensAnother('192.0.2.1').closeCode);
    expect(stranger).toEqual([...Array.from({ length: 20 }, () => null), 1013]);
    expect(bench.opensAnother('192.0.2.2').closeCode).toBeNull();
    const proved = Array.from({ length: 25 }, () => bench.opensAnother(null).closeCode);
    expect(new Set(proved)).toEqual(new Set([null]));
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

  test('is pinged at its start, then when it is quiet for a second, and cut when nothing has come back for five', () => {
    const bench = StreamBench.started();
    expect(bench.pings).toBe(1);
    bench.socket.ponged();
    bench.passes(1_000);
    expect(bench.pings).toBe(1);
    bench.passes(1_000);
    expect(bench.pings).toBe(2);
    bench.passes(2_999);
    expect([bench.pings, bench.isCut]).toEqual([4, false]);
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
    bench.socket.ponged();
    for (let look = 0; look < 8; look += 1) {
      bench.passes(3_000);
      answer(bench);
    }
    expect(bench.isCut).toBe(false);
    bench.passes(5_500);
    expect(bench.isCut).toBe(true);
  });

  // That Twilio answers pings is no promise. Of a peer that does not, a muted phone looks like a dead line, and must not be cut off.
  test('that has answered no ping is not cut, however quiet it is, until it answers one', () => {
    const bench = StreamBench.started().passes(60_000);
    expect([bench.pings, bench.isCut]).toEqual([60, false]);
    bench.says(mark('a')).passes(60_000);
    expect(bench.isCut).toBe(false);
    bench.socket.ponged();
    bench.passes(5_500);
    expect(bench.isCut).toBe(true);
  });

  test('that frames come from all the time is not pinged again', () => {
    const bench = StreamBench.started();
    for (let frame = 0; frame < 100; frame += 1) bench.passes(100).says(mark('a'));
    expect(bench.pings).toBe(1);
  });

  test('that is closed from our side tells nothing more, and is cut in the end', () => {
    const bench = StreamBench.started();
    bench.stream?.close(1001);
    bench.says(mark('a'));
    // Nobody looks after it meanwhile.
    expect([bench.closeCode, bench.clock.nextDueMs]).toEqual([1001, 2_000]);
    bench.passes(2_000);
    expect([bench.isCut, bench.pings, bench.facts]).toEqual([true, 1, []]);
    bench.passes(1);
    expect(bench.clock.nextDueMs).toBeNull();
  });

  test('that Twilio closes is told with its code, and looked after no more', () => {
    const bench = StreamBench.started();
    bench.socket.closed(1000, '');
    expect([bench.facts, bench.clock.nextDueMs]).toEqual([[{ type: 'stream.closed', code: 1000 }], null]);
  });
});

describe('a stream that brings too much', () => {
  test('is closed when its sound is more than five seconds ahead of time, and tells why', () => {
    const bench = StreamBench.started().passes(1_000);
    for (let second = 0; second < 6; second += 1) bench.says(media(1_000));
    expect([bench.closeCode, bench.heardMs]).toEqual([null, 6_000]);
    bench.says(media(20)).says(media(20)).says(mark('a'));
    expect([bench.closeCode, bench.heardMs]).toEqual([1008, 6_000]);
    expect(bench.facts.slice(6)).toEqual([
      { type: 'stream.frameRejected', fault: 'stream.audioAhead' },
      { type: 'stream.closed', code: 1008 },
    ]);
    bench.passes(250);
    expect([bench.isCut, bench.facts.length, bench.clock.nextDueMs]).toEqual([true, 8, null]);
  });

  test.for([
    ['jump by two seconds each', (frame: number) => 2_000 * frame],
    ['jump back and forth', (frame: number) => 2_500 * (frame % 2)],
    ['jump far ahead each', (frame: number) => 100_000 * frame],
    ['lack some frames each time', (frame: number) => 200 * frame],
  ] as const)('is closed when timestamps that %s claim more sound than there was time for', ([, timestampMs]) => {
    const bench = StreamBench.started();
    for (let frame = 0; frame < 50; frame += 1) bench.passes(1).says(media(1, timestampMs(frame)));
    expect(bench.closeCode).toBe(1008);
    expect(bench.facts.at(-2)).toEqual({ type: 'stream.frameRejected', fault: 'stream.audioAhead' });
  });

  test('may lack seconds that have passed, and waver', () => {
    const bench = StreamBench.started();
    for (let frame = 0; frame < 10_000; frame += 1) bench.passes(20).says(media(20, 20 * frame + 3 * (frame % 2)));
    bench.passes(30_000).socket.ponged();
    for (let frame = 0; frame < 1_000; frame += 1) bench.passes(20).says(media(20, 230_000 + 20 * frame));
    expect(bench.closeCode).toBeNull();
  });

  test('may bring at once all that a stall of fifteen seconds has held up', () => {
    const bench = StreamBench.started();
    for (let stall = 0; stall < 4; stall += 1) {
      // A pong shows that the connection lives.
      for (let second = 0; second < 15; second += 1) bench.passes(1_000).socket.ponged();
      for (let frame = 0; frame < 750; frame += 1) bench.says(media(20));
    }
    expect([bench.closeCode, bench.heardMs]).toEqual([null, 60_000]);
  });

  test('counts the time from the opening of its socket, because a start message may be held up as well', () => {
    const bench = new StreamBench().passes(4_900).says(start());
    for (let frame = 0; frame < 490; frame += 1) bench.says(media(20));
    expect(bench.closeCode).toBeNull();
  });

  test.for([
    ['keys', (bench: StreamBench) => bench.says(key)],
    ['junk', (bench: StreamBench) => bench.says('junk')],
    ['marks that nobody asked for', (bench: StreamBench) => bench.says(mark('a'))],
    ['pings', (bench: StreamBench) => bench.socket.pinged()],
    ['pongs', (bench: StreamBench) => bench.socket.ponged()],
  ] as const)('may bring a thousand %s at once, and five hundred a second', ([, brings]) => {
    const bench = StreamBench.started();
    for (let message = 0; message < 1_000; message += 1) brings(bench);
    bench.passes(1_000);
    for (let message = 0; message < 500; message += 1) brings(bench);
    expect(bench.closeCode).toBeNull();
    brings(bench);
    expect(bench.closeCode).toBe(1008);
    expect(bench.facts.slice(-2)).toEqual([
      { type: 'stream.frameRejected', fault: 'stream.flooded' },
      { type: 'stream.closed', code: 1008 },
    ]);
  });

  test('gets all its marks back at once when its sound is cleared', () => {
    const bench = StreamBench.started();
    for (let sent = 0; sent < 5_000; sent += 1) bench.stream?.sendMark('a');
    for (let back = 0; back < 5_000; back += 1) bench.says(mark('a'));
    expect(bench.closeCode).toBeNull();
  });

  test('is cut after it was closed, too', () => {
    const bench = StreamBench.started();
    bench.stream?.close(1000);
    for (let message = 0; message < 1_001; message += 1) bench.says(key);
    expect(bench.passes(250).isCut).toBe(true);
  });

  test('is cut when it takes nothing, and five minutes of sound wait for it', () => {
    const bench = StreamBench.started();
    bench.socket.waitingBytes = 4 * 1024 * 1024;
    bench.says(key).passes(1_000);
    expect(bench.isCut).toBe(false);
    bench.socket.waitingBytes += 1;
    bench.says(key).passes(1_000);
    expect([bench.isCut, bench.facts.at(-1)]).toEqual([true, { type: 'stream.closed', code: 1006 }]);
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
