import { once } from 'node:events';
import type { WebSocket } from 'ws';
import type { HttpAnswer } from '../../src/sim/carrier/carrier-events.ts';
import { openMediaSocket, sendWebhook } from '../../src/sim/carrier/hosts/twilio-wire.ts';
import { paths } from '../../src/twilio/paths.ts';
import { mediaUrl, routeTo, siegeAccountSid, siegeOrigin } from './siege-account.ts';

/** A webhook is answered in milliseconds. Whoever besieges a service does not wait for ever. */
const webhookMsMax = 3_000;

/** What may be different about a line. */
interface LineOptions {
  /** The caller's number in E.164. */
  readonly from?: string;
  /** How long an answer is waited for. */
  readonly answerMsMax?: number;
}

/** Every line of a run has a number of its own; those of other processes begin elsewhere. */
let lines = process.pid * 10_000;

/**
 * A phone call from Twilio's side, one message at a time: what the simulated Twilio would never send can be sent on it. It signs as Twilio
 * does.
 */
export class SiegeLine {
  readonly callSid: string;
  readonly streamSid: string;
  readonly #port: number;
  readonly #from: string;
  readonly #answerMsMax: number;
  #token = '';
  #streamUrl = mediaUrl;
  #socket: WebSocket | null = null;
  #sequence = 0;
  #isInCall = false;

  /** A call to the service on this port. */
  constructor(port: number, { from = '+12025550177', answerMsMax = webhookMsMax }: LineOptions = {}) {
    lines += 1;
    this.callSid = `CA${lines.toString(16).padStart(32, '0')}`;
    this.streamSid = `MZ${lines.toString(16).padStart(32, '0')}`;
    this.#port = port;
    this.#from = from;
    this.#answerMsMax = answerMsMax;
  }

  /** Whether Parley has taken the call. */
  get isTaken(): boolean {
    return this.#token !== '';
  }

  /** Asks for the call. Returns whether Parley takes it. */
  async dial(): Promise<boolean> {
    await this.ring();
    return this.isTaken;
  }

  /** Asks for the call. Resolves to the answer; null when none came. */
  async ring(): Promise<HttpAnswer | null> {
    this.#isInCall = true;
    const answer = await this.#ask(paths.voice, { CallStatus: 'ringing' });
    this.#token = /name="token" value="([^"]*)"/.exec(answer?.body ?? '')?.[1] ?? '';
    this.#streamUrl = /<Stream url="([^"]*)"/.exec(answer?.body ?? '')?.[1] ?? mediaUrl;
    return answer;
  }

  /** Where the media socket of this call is to be opened. */
  get streamUrl(): string {
    return this.#streamUrl;
  }

  /** Opens the media stream. Rejects when the upgrade is refused. */
  async openStream(): Promise<WebSocket> {
    const socket = await this.openSocket();
    this.#socket = socket;
    socket.send('{"event":"connected","protocol":"Call","version":"1.0.0"}');
    socket.send(this.startMessage(this.#token));
    return socket;
  }

  /** A media socket of this call that has said nothing yet. */
  async openSocket(): Promise<WebSocket> {
    const socket = openMediaSocket(this.#streamUrl, routeTo(this.#port));
    if (socket === null) throw new Error('The media socket has another host.');
    // A socket that breaks also closes, and that is what its owner listens for.
    socket.on('error', () => {});
    await Promise.race([once(socket, 'open'), once(socket, 'close').then(refused)]);
    return socket;
  }

  startMessage(token = this.#token): string {
    const { callSid, streamSid } = this;
    const mediaFormat = { encoding: 'audio/x-mulaw', sampleRate: 8_000, channels: 1 };
    const start = { accountSid: siegeAccountSid, streamSid, callSid, tracks: ['inbound'], mediaFormat };
    return this.message('start', { start: { ...start, customParameters: { token } } });
  }

  /** A frame of caller audio. `payload`: base64; `atMs`: its place in the stream. */
  mediaMessage(payload: string, atMs: number): string {
    const chunk = String(this.#sequence);
    return this.message('media', { media: { track: 'inbound', chunk, timestamp: String(Math.round(atMs)), payload } });
  }

  /** Any message of this stream, with the next number. */
  message(event: string, members: object): string {
    this.#sequence += 1;
    return JSON.stringify({ event, sequenceNumber: String(this.#sequence), streamSid: this.streamSid, ...members });
  }

  /** Sends a signed webhook of this call. Resolves to the body of the answer; empty when there is none. */
  async webhook(path: string, more: Readonly<Record<string, string>>): Promise<string> {
    return (await this.#ask(path, more))?.body ?? '';
  }

  /** The caller hangs up: the stream stops, and Parley is told that the call is over. Nothing happens where there is no call. */
  async hangUp(): Promise<void> {
    this.#socket?.terminate();
    if (!this.#isInCall) return;
    this.#isInCall = false;
    await this.webhook(paths.status, { CallStatus: 'completed' });
  }

  async #ask(path: string, more: Readonly<Record<string, string>>): Promise<HttpAnswer | null> {
    const call = { AccountSid: siegeAccountSid, CallSid: this.callSid, From: this.#from, To: '+12025550188' };
    const fields = { ...call, Direction: 'inbound', ApiVersion: '2010-04-01', ...more };
    const request = {
      type: 'http.request',
      id: 0,
      method: 'POST',
      url: siegeOrigin + path,
      headers: {},
      fields,
    } as const;
    const signal = AbortSignal.timeout(this.#answerMsMax);
    const outcome = await sendWebhook(request, routeTo(this.#port), signal, () => {});
    return outcome.type === 'answered' ? outcome.answer : null;
  }
}

function refused(): never {
  throw new Error('The media socket was refused.');
}
