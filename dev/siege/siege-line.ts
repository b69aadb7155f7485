import { once } from 'node:events';
import type { WebSocket } from 'ws';
import { openMediaSocket, sendWebhook } from '../../src/sim/carrier/hosts/twilio-wire.ts';
import { paths } from '../../src/twilio/paths.ts';
import { mediaUrl, routeTo, siegeAccountSid, siegeOrigin } from './siege-account.ts';

/** A webhook is answered in milliseconds. Whoever besieges a service does not wait for ever. */
const webhookMsMax = 3_000;

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
  #token = '';
  #socket: WebSocket | null = null;
  #sequence = 0;
  #isInCall = false;

  constructor(port: number) {
    lines += 1;
    this.callSid = `CA${lines.toString(16).padStart(32, '0')}`;
    this.streamSid = `MZ${lines.toString(16).padStart(32, '0')}`;
    this.#port = port;
  }

  /** Asks for the call. Returns whether Parley takes it. */
  async dial(): Promise<boolean> {
    this.#isInCall = true;
    const answer = await this.webhook(paths.voice, { CallStatus: 'ringing' });
    this.#token = /name="token" value="([^"]*)"/.exec(answer)?.[1] ?? '';
    return this.#token !== '';
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
    const socket = openMediaSocket(mediaUrl, routeTo(this.#port));
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
    const call = { AccountSid: siegeAccountSid, CallSid: this.callSid, From: '+12025550177', To: '+12025550188' };
    const fields = { ...call, Direction: 'inbound', ApiVersion: '2010-04-01', ...more };
    const request = {
      type: 'http.request',
      id: 0,
      method: 'POST',
      url: siegeOrigin + path,
      headers: {},
      fields,
    } as const;
    const signal = AbortSignal.timeout(webhookMsMax);
    const outcome = await sendWebhook(request, routeTo(this.#port), signal, () => {});
    return outcome.type === 'answered' ? outcome.answer.body : '';
  }

  /** The caller hangs up: the stream stops, and Parley is told that the call is over. Nothing happens where there is no call. */
  async hangUp(): Promise<void> {
    this.#socket?.terminate();
    if (!this.#isInCall) return;
    this.#isInCall = false;
    await this.webhook(paths.status, { CallStatus: 'completed' });
  }
}

function refused(): never {
  throw new Error('The media socket was refused.');
}
