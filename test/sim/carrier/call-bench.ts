import alawmulaw from 'alawmulaw';
import { createMulawCodec } from '../../../src/audio/mulaw.ts';
import { Caller } from '../../../src/sim/caller/caller.ts';
import type { CallerScriptInput } from '../../../src/sim/caller/caller-script.ts';
import { parseCallerScript } from '../../../src/sim/caller/caller-script.ts';
import type { CarrierCallSettings } from '../../../src/sim/carrier/carrier-settings.ts';
import { CarrierCall } from '../../../src/sim/carrier/carrier-call.ts';
import type { CarrierEffect, CarrierEvent, CarrierNote, HttpAnswer } from '../../../src/sim/carrier/carrier-events.ts';
import { seededRandom } from '../../../src/sim/seeded-random.ts';

const { mulaw } = alawmulaw;
export const codec = createMulawCodec(mulaw.encodeSample, mulaw.decodeSample);

export const accountSid = `AC${'a'.repeat(32)}`;
export const callSid = `CA${'b'.repeat(32)}`;

interface BenchOptions {
  readonly script?: CallerScriptInput;
  readonly clips?: ReadonlyMap<string, Uint8Array>;
  readonly number?: Partial<CarrierCallSettings['number']>;
  readonly dialOutcomes?: CarrierCallSettings['dialOutcomes'];
  readonly actionAfterHangUp?: boolean;
  readonly seed?: number;
  readonly speechResults?: readonly string[];
  readonly oddities?: CarrierCallSettings['oddities'];
  /** Whether every request finds a connection at once; true unless set. */
  readonly connects?: boolean;
}

type HttpRequest = Extract<CarrierEffect, { type: 'http.request' }>;
/** Any message of the carrier: which fields it has depends on its event. */
interface SentMessage {
  readonly event: string;
  readonly sequenceNumber?: string;
  readonly media?: { readonly chunk: string; readonly timestamp: string; readonly payload: string };
  readonly mark?: { readonly name: string };
  readonly dtmf?: object;
  readonly stop?: object;
}
interface SentFrame {
  readonly atMs: number;
  readonly streamSid: string;
  readonly message: SentMessage;
}

/** Drives one call machine: time is what the test says, and the test plays the server. */
export class CallBench {
  readonly #machine: CarrierCall;
  readonly effects: { atMs: number; effect: CarrierEffect }[] = [];
  readonly #connects: boolean;
  nowMs = 0;

  constructor(options: BenchOptions = {}) {
    const { script = { steps: [] }, clips = new Map(), seed = 1 } = options;
    this.#connects = options.connects ?? true;
    this.#machine = new CarrierCall({
      call: { accountSid, callSid, from: '+15005550006', to: '+15005550001' },
      number: {
        voiceUrl: 'https://parley.example/twilio/voice',
        statusCallbackUrl: 'https://parley.example/twilio/status',
        duplicateVoiceWebhook: 'never',
        ...options.number,
      },
      caller: new Caller({
        script: parseCallerScript(script, clips.keys()),
        clips,
        codec,
        nextRandom: seededRandom(~seed),
      }),
      dialOutcomes: options.dialOutcomes ?? {},
      ownedNumbers: [],
      actionAfterHangUp: options.actionAfterHangUp ?? false,
      speechResults: options.speechResults ?? [],
      oddities: options.oddities ?? {},
      nextRandom: seededRandom(seed),
      zeroUnixMs: Date.UTC(2026, 0, 1),
    });
    this.take({ type: 'call.placed' });
  }

  get machine(): CarrierCall {
    return this.#machine;
  }

  take(event: CarrierEvent): void {
    const effects = this.#machine.handle(event, this.nowMs);
    for (const effect of effects) this.effects.push({ atMs: this.nowMs, effect });
    if (!this.#connects) return;
    for (const effect of effects) {
      if (effect.type === 'http.request') this.take({ type: 'http.connected', id: effect.id });
    }
  }

  /** Lets time pass, ticking whenever the machine asks for it. */
  runUntil(ms: number): void {
    for (
      let dueMs = this.#machine.nextDeadline();
      dueMs !== null && dueMs <= ms;
      dueMs = this.#machine.nextDeadline()
    ) {
      this.nowMs = Math.max(this.nowMs, dueMs);
      this.take({ type: 'tick' });
    }
    this.nowMs = ms;
  }

  runFor(ms: number): void {
    this.runUntil(this.nowMs + ms);
  }

  /** Answers the last request with TwiML. */
  answer(inside: string): void {
    this.answerWith({ body: `<?xml version="1.0" encoding="UTF-8"?><Response>${inside}</Response>` });
  }

  answerWith(answer: Partial<HttpAnswer>, id = this.lastRequest.id): void {
    const complete = { status: 200, contentType: 'text/xml', location: null, body: '', ...answer };
    this.take({ type: 'http.answered', id, answer: complete });
  }

  /** Answers the voice webhook with a stream and opens its socket; the call is then streaming. */
  stream(afterwards = ''): string {
    const action = afterwards === '' ? '' : ` action="${afterwards}"`;
    this.answer(`<Connect${action}><Stream url="wss://parley.example/twilio/media"/></Connect>`);
    return this.openSocket();
  }

  openSocket(): string {
    const streamSid = this.all('socket.open').at(-1)?.streamSid ?? 'none';
    this.take({ type: 'socket.opened', streamSid });
    return streamSid;
  }

  /** The server sends messages on the stream. */
  receive(streamSid: string, ...messages: readonly object[]): void {
    for (const message of messages) {
      this.take({ type: 'socket.received', streamSid, data: JSON.stringify({ streamSid, ...message }) });
    }
  }

  get requests(): HttpRequest[] {
    return this.all('http.request');
  }

  get lastRequest(): HttpRequest {
    const request = this.requests.at(-1);
    if (request === undefined) throw new RangeError('No request was made.');
    return request;
  }

  /** What the carrier sent on its sockets, parsed. */
  frames(event?: string): SentFrame[] {
    return this.effects.flatMap(({ atMs, effect }) => {
      if (effect.type !== 'socket.send') return [];
      const message: SentMessage = JSON.parse(effect.text);
      return event === undefined || message.event === event ? [{ atMs, streamSid: effect.streamSid, message }] : [];
    });
  }

  all<Type extends CarrierEffect['type']>(type: Type): Extract<CarrierEffect, { type: Type }>[] {
    return this.effects.flatMap(({ effect }) => (isOfType(effect, type) ? [effect] : []));
  }

  notes<Kind extends CarrierNote['kind']>(kind: Kind): Extract<CarrierNote, { kind: Kind }>[] {
    return this.all('note').flatMap(({ note }) => (isOfKind(note, kind) ? [note] : []));
  }

  get problems(): number[] {
    return this.notes('problem').map(({ code }) => code);
  }
}

/** Media as a server sends it: a voice of `ms`, loud enough to count as one. */
export function voice(ms: number): { event: 'media'; media: { payload: string } } {
  return { event: 'media', media: { payload: Buffer.alloc(ms * 8, 0x10).toString('base64') } };
}

export function mark(name: string): { event: 'mark'; mark: { name: string } } {
  return { event: 'mark', mark: { name } };
}

export const clear = { event: 'clear' };

function isOfType<Type extends CarrierEffect['type']>(
  effect: CarrierEffect,
  type: Type,
): effect is Extract<CarrierEffect, { type: Type }> {
  return effect.type === type;
}

function isOfKind<Kind extends CarrierNote['kind']>(
  note: CarrierNote,
  kind: Kind,
): note is Extract<CarrierNote, { kind: Kind }> {
  return note.kind === kind;
}
