import type { RequestOptions } from 'node:http';
import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import webhooks from 'twilio/lib/webhooks/webhooks.js';
import { WebSocket } from 'ws';
import type { CarrierEffect, HttpAnswer } from '../carrier-events.ts';
import type { StreamOddities } from '../carrier-settings.ts';

/** Where the public addresses of the server under test really are. */
export interface Route {
  /** As in `https://parley.example`: what is configured at Twilio, and what is signed. */
  readonly publicOrigin: string;
  /** As in `http://127.0.0.1:3000`. */
  readonly target: string;
  /** The account's primary auth token; without it nothing is signed. */
  readonly authToken: string | undefined;
  /** The secret of the shared key that a Webhooks Rule of the account names: it signs instead of the auth token (TW-SIGN-3). */
  readonly webhookSecret?: string | undefined;
}

/** What a host does with a webhook's outcome. */
export type HttpOutcome =
  | { readonly type: 'answered'; readonly answer: HttpAnswer }
  | { readonly type: 'failed'; readonly stage: 'connect' | 'read' };

/** Sends a webhook as Twilio does: a signed form, or a signed query (TW-HOOK-1, TW-SIGN-1). Never rejects. */
export function sendWebhook(
  { method, fields, headers, url: publicUrl }: Extract<CarrierEffect, { type: 'http.request' }>,
  route: Route,
  signal: AbortSignal,
  onConnected: () => void,
): Promise<HttpOutcome> {
  const url = new URL(publicUrl);
  // A fragment holds connection overrides: it is neither sent nor signed (TW-HOOK-6).
  url.hash = '';
  if (method === 'GET') for (const [name, value] of Object.entries(fields)) url.searchParams.set(name, value);
  const address = reachable(url.href, route);
  if (address === null) return Promise.resolve({ type: 'failed', stage: 'connect' });
  const body = method === 'POST' ? new URLSearchParams(fields).toString() : '';
  return exchange(address, body, onConnected, {
    method,
    signal,
    // A connection of its own for each request: one that was kept may have died meanwhile, which would look like a broken answer.
    agent: false,
    headers: {
      ...headers,
      // As a tunnel hands it on: other bridges make the address of their media socket of it.
      host: url.host,
      'user-agent': 'TwilioProxy/1.1',
      ...(method === 'POST' && {
        'content-type': 'application/x-www-form-urlencoded; charset=UTF-8',
        'content-length': Buffer.byteLength(body),
      }),
      ...signature(url.href, method === 'POST' ? fields : {}, route),
    },
  });
}

/** One HTTP exchange, from the connection to the last byte of the answer. */
function exchange(
  address: string,
  body: string,
  onConnected: () => void,
  options: RequestOptions,
): Promise<HttpOutcome> {
  return new Promise((resolve) => {
    let stage: 'connect' | 'read' = 'connect';
    const fail = (): void => resolve({ type: 'failed', stage });
    const sent = request(address, options, (response) => {
      const { statusCode = 0, headers } = response;
      const { location = null, 'content-type': contentType = null } = headers;
      text(response).then(
        (answer) => resolve({ type: 'answered', answer: { status: statusCode, body: answer, contentType, location } }),
        fail,
      );
    });
    sent.on('error', fail);
    sent.on('socket', (socket) => {
      socket.on('connect', () => {
        stage = 'read';
        onConnected();
      });
    });
    sent.end(body);
  });
}

/** Opens a media socket with Twilio's headers: no origin, no extension, no subprotocol (TW-STREAM-1, TW-SIGN-2). */
export function openMediaSocket(
  url: string,
  route: Route,
  { answersPings = true }: StreamOddities = {},
): WebSocket | null {
  const address = reachable(url, route);
  if (address === null) return null;
  return new WebSocket(address, {
    perMessageDeflate: false,
    autoPong: answersPings,
    headers: {
      host: new URL(url).host,
      'user-agent': 'Twilio.TmeWs/1.0',
      'accept-encoding': 'gzip',
      ...signature(url, {}, route),
    },
  });
}

/** The address behind a public one; null for every other host, because a simulator must not reach the real world. */
function reachable(publicUrl: string, { publicOrigin, target }: Route): string | null {
  const url = new URL(publicUrl);
  const targetUrl = new URL(target);
  if (url.host !== new URL(publicOrigin).host) return null;
  url.protocol = url.protocol === 'wss:' ? 'ws:' : 'http:';
  url.host = targetUrl.host;
  return url.href;
}

/** Twilio signs the address as it is configured, but without the port of an https one (TW-SIGN-1, TW-SIGN-3). */
function signature(
  url: string,
  fields: Readonly<Record<string, string>>,
  { authToken, webhookSecret }: Route,
): Record<string, string> {
  const signed = url.replace(/^(https:\/\/[^/?#]*):\d+/, '$1');
  if (webhookSecret !== undefined) {
    return {
      'x-twilio-signature': webhooks.getExpectedTwilioSignature(webhookSecret, signed, fields, 'HMAC_SHA256'),
      'x-twilio-webhooks-signature-settings': 'key=webhooks_sharedkey_simulated,algorithm=HMAC_SHA256',
    };
  }
  return authToken === undefined
    ? {}
    : { 'x-twilio-signature': webhooks.getExpectedTwilioSignature(authToken, signed, fields) };
}
