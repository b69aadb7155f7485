import type { CallIdentity, CarrierCallSettings, StreamOddities } from '../carrier-settings.ts';
import type { CarrierEffect, CarrierEvent, StreamEnd } from '../carrier-events.ts';
import { problem } from '../carrier-events.ts';
import { CarrierStream } from './media-stream.ts';
import type { NextRandom } from '../../seeded-random.ts';
import { randomSid } from '../../seeded-random.ts';
import type { TwilioCode } from '../twilio-codes.ts';
import type { StreamNoun } from '../twiml/twiml.ts';

/** A `<Stream>` that was not refused. */
export type AcceptedStream = Extract<StreamNoun, { type: 'stream' }>;

/** What `<Stream statusCallback>` reports. */
export type StreamStatus =
  | { readonly type: 'stream-started' }
  | { readonly type: 'stream-stopped' }
  | { readonly type: 'stream-error'; readonly error: string };

/** Effects to perform, what to report, and whether the stream is over. */
export interface StreamProgress {
  readonly effects: readonly CarrierEffect[];
  readonly status: StreamStatus | null;
  readonly isOver: boolean;
}

/** Twilio documents no limit for the handshake of a stream; 10 s is what it allows a webhook's connection. */
const handshakeMsMax = 10_000;

/** One `<Connect><Stream>` from the handshake to the end (TW-STREAM-1, TW-CLOSE-1 to TW-CLOSE-4). */
export class StreamLeg {
  readonly noun: AcceptedStream;
  readonly streamSid: string;
  readonly #call: CallIdentity;
  readonly #nextRandom: NextRandom;
  readonly #oddities: StreamOddities;
  readonly #handshakeUntilMs: number;
  /** Null until the socket is open. */
  #stream: CarrierStream | null = null;

  constructor(
    noun: AcceptedStream,
    { call, nextRandom, oddities = {} }: Pick<CarrierCallSettings, 'call' | 'nextRandom' | 'oddities'>,
    atMs: number,
  ) {
    this.noun = noun;
    this.streamSid = randomSid('MZ', nextRandom);
    this.#call = call;
    this.#nextRandom = nextRandom;
    this.#oddities = oddities;
    this.#handshakeUntilMs = atMs + handshakeMsMax;
  }

  /** The stream itself; null while the socket is not open. */
  get stream(): CarrierStream | null {
    return this.#stream;
  }

  /** The first effect. */
  open(): CarrierEffect {
    return { type: 'socket.open', streamSid: this.streamSid, url: this.noun.url };
  }

  /** Takes what happens to the socket of this leg. */
  take(event: CarrierEvent, atMs: number): StreamProgress {
    const stream = this.#stream;
    if (stream !== null && event.type === 'network.failed') {
      // The socket vanishes without `stop` (TW-CLOSE-3).
      return this.#closed(stream, 'networkFailed', 1006, [{ type: 'socket.drop', streamSid: this.streamSid }], atMs);
    }
    if (stream !== null && event.type === 'network.stalled') return this.#stalled(stream, atMs);
    if (!('streamSid' in event) || event.streamSid !== this.streamSid) return goesOn([]);
    if (stream === null) return this.#shakeHands(event, atMs);
    if (event.type === 'socket.received') return goesOn(stream.receive(event.data, atMs));
    if (event.type === 'socket.closed') return this.#closed(stream, 'serverClosed', event.code, [], atMs);
    return goesOn([]);
  }

  /** When the handshake has taken too long; null once the socket is open. */
  handshakeEndsAtMs(): number | null {
    return this.#stream === null ? this.#handshakeUntilMs : null;
  }

  /** Gives the handshake up. */
  giveUp(atMs: number): StreamProgress {
    const { effects, ...progress } = this.#failed(31901, 'no answer to the handshake', atMs);
    return { ...progress, effects: [{ type: 'socket.drop', streamSid: this.streamSid }, ...effects] };
  }

  /** Twilio itself ends the stream, or drops a handshake that nobody waits for any more. */
  stop(by: StreamEnd, atMs: number): StreamProgress {
    if (this.#stream === null) return { ...over([{ type: 'socket.drop', streamSid: this.streamSid }]), status: null };
    return over(this.#stream.stop(by, atMs));
  }

  /** Anything but status 101 is a refusal (TW-STREAM-1). */
  #shakeHands(event: CarrierEvent, atMs: number): StreamProgress {
    if (event.type === 'socket.opened') {
      const { accountSid, callSid } = this.#call;
      const identity = { streamSid: this.streamSid, accountSid, callSid, customParameters: this.noun.parameters };
      this.#stream = new CarrierStream(identity, this.#nextRandom, this.#oddities, atMs);
      return { effects: this.#stream.start(), status: { type: 'stream-started' }, isOver: false };
    }
    if (event.type !== 'socket.refused') return goesOn([]);
    if (event.status === null) return this.#failed(31902, 'no connection', atMs);
    return this.#failed(31920, `status ${String(event.status)}`, atMs);
  }

  /** Twilio reports an error and goes on, while the socket stays half open (TW-CLOSE-3). */
  #stalled(stream: CarrierStream, atMs: number): StreamProgress {
    const { streamSid } = this;
    const { effects, ...progress } = this.#failed(31924, 'protocol error', atMs);
    const abandon = { type: 'socket.abandon', streamSid } as const;
    return { ...progress, effects: [abandon, ...effects, stream.end('networkStalled', 1006, atMs)] };
  }

  #failed(code: TwilioCode, detail: string, atMs: number): StreamProgress {
    return {
      effects: [problem(code, detail, atMs)],
      status: { type: 'stream-error', error: `${String(code)} ${detail}` },
      isOver: true,
    };
  }

  #closed(stream: CarrierStream, by: StreamEnd, code: number, effects: CarrierEffect[], atMs: number): StreamProgress {
    const detail = `close code ${String(code)}`;
    if (code === 1006) effects.push(problem(31903, detail, atMs));
    else if (code !== 1000 && code !== 1005) effects.push(problem(31921, detail, atMs));
    return over([...effects, stream.end(by, code, atMs)]);
  }
}

function goesOn(effects: readonly CarrierEffect[]): StreamProgress {
  return { effects, status: null, isOver: false };
}

function over(effects: readonly CarrierEffect[]): StreamProgress {
  return { effects, status: { type: 'stream-stopped' }, isOver: true };
}
