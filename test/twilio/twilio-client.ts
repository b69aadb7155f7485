import { once } from 'node:events';
import webhooks from 'twilio/lib/webhooks/webhooks.js';
import { WebSocket } from 'ws';
import { frameText } from '../../src/encoding/frame-text.ts';
import { encodeBase64 } from '../../src/encoding/base64.ts';
import { isJsonObject, type JsonObject, parseJson } from '../../src/encoding/json.ts';
import { authToken, calledNumber, caller, publicUrl } from '../e2e/service-scene.ts';
import { until } from '../until.ts';

export const callSid = `CA${'7'.repeat(32)}`;
export const streamSid = `MZ${'7'.repeat(32)}`;

export interface HttpAnswer {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

/** Sends a form as Twilio does, signed unless `signature` says otherwise. */
export async function post(
  url: string,
  path: string,
  fields: Readonly<Record<string, string>>,
  signature = signatureOf(path, fields),
): Promise<HttpAnswer> {
  const response = await fetch(url + path, {
    method: 'POST',
    headers: { 'x-twilio-signature': signature },
    body: new URLSearchParams(fields),
  });
  return { status: response.status, type: response.headers.get('content-type') ?? '', text: await response.text() };
}

/** Twilio's signature of a webhook. */
export function signatureOf(path: string, fields: Readonly<Record<string, string>>): string {
  return webhooks.getExpectedTwilioSignature(authToken, publicUrl + path, fields);
}

/** Twilio's signature of an upgrade: over the address alone. */
export function upgradeSignature(url: string): string {
  return webhooks.getExpectedTwilioSignature(authToken, url, {});
}

/** What every webhook of a call says. */
export function callForm(changes: Readonly<Record<string, string>> = {}): Record<string, string> {
  return {
    CallSid: callSid,
    AccountSid: `AC${'1'.repeat(32)}`,
    From: caller,
    To: calledNumber,
    Direction: 'inbound',
    CallStatus: 'ringing',
    ...changes,
  };
}

/** The token that the next stream of a call must bring. */
export function tokenIn(twiml: string): string {
  return /name="token" value="([^"]+)"/.exec(twiml)?.[1] ?? '';
}

/** Twilio's end of a media socket, which can also do what Twilio never does. */
export class RawStream {
  readonly socket: WebSocket;
  readonly received: JsonObject[] = [];
  /** The code with which the socket was closed, null while it is open. */
  closeCode: number | null = null;
  #sequence = 0;

  private constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on('message', (data) => {
      const message = parseJson(frameText(data));
      if (isJsonObject(message)) this.received.push(message);
    });
    socket.on('close', (code) => (this.closeCode = code));
    // A close follows every error.
    socket.on('error', () => {});
  }

  /** Opens a socket with a signed upgrade. Rejects with the HTTP status when it is refused. */
  static async open(
    url: string,
    path = '/twilio/media',
    signature = upgradeSignature(`wss://parley.example${path}`),
  ): Promise<RawStream> {
    const socket = new WebSocket(url.replace('http', 'ws') + path, {
      perMessageDeflate: false,
      headers: { 'x-twilio-signature': signature },
    });
    const stream = new RawStream(socket);
    await once(socket, 'open');
    return stream;
  }

  /** Sends anything: bytes and texts as they are, the rest as JSON. */
  send(message: unknown): void {
    this.socket.send(
      typeof message === 'string' || message instanceof Uint8Array ? message : (JSON.stringify(message) ?? ''),
    );
  }

  start(token: unknown, ofCall = callSid): void {
    const mediaFormat = { encoding: 'audio/x-mulaw', sampleRate: 8000, channels: 1 };
    const accountSid = `AC${'1'.repeat(32)}`;
    this.send({ event: 'connected', protocol: 'Call', version: '1.0.0' });
    this.#sequence += 1;
    this.send({
      event: 'start',
      sequenceNumber: String(this.#sequence),
      streamSid,
      start: { accountSid, streamSid, callSid: ofCall, tracks: ['inbound'], mediaFormat, customParameters: { token } },
    });
  }

  /** Sends frames of 20 ms, all at once: a loud tone, unless other bytes are given. */
  speak(frames: number, audio: Uint8Array = new Uint8Array(160).map((_, at) => (at % 8 < 4 ? 0x20 : 0xa0))): void {
    for (let sent = 0; sent < frames; sent += 1) this.send(this.mediaMessage(encodeBase64(audio)));
  }

  mediaMessage(payload: unknown): JsonObject {
    this.#sequence += 1;
    const counter = String(this.#sequence);
    const media = { track: 'inbound', chunk: counter, timestamp: String(this.#sequence * 20), payload };
    return { event: 'media', sequenceNumber: counter, streamSid, media };
  }

  async closed(): Promise<number> {
    return until('the socket is closed', () => this.closeCode);
  }
}
