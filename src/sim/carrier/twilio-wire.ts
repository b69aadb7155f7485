import twilio from 'twilio';
import { WebSocket } from 'ws';
import type { CarrierEffect, HttpAnswer } from './carrier-events.ts';

/** Where the public addresses of the server under test really are. */
export interface Route {
  /** As in `https://parley.example`: what is configured at Twilio, and what is signed. */
  readonly publicOrigin: string;
  /** As in `http://127.0.0.1:3000`. */
  readonly target: string;
  /** The account's primary auth token; without it nothing is signed. */
  readonly authToken: string | undefined;
}

/** What a host does with a webhook's outcome. */
export type HttpOutcome =
  | { readonly type: 'answered'; readonly answer: HttpAnswer }
  | { readonly type: 'failed'; readonly stage: 'connect' | 'read' };

const connectErrors = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EHOSTUNREACH', 'ETIMEDOUT', 'UND_ERR_CONNECT_TIMEOUT']);

/** Sends a webhook as Twilio does: a signed form, or a signed query (TW-HOOK-1, TW-SIGN-1). Never rejects. */
export async function sendWebhook(
  request: Extract<CarrierEffect, { type: 'http.request' }>,
  route: Route,
  signal: AbortSignal,
): Promise<HttpOutcome> {
  const { method, fields } = request;
  const url = new URL(request.url);
  // A fragment holds connection overrides: it is neither sent nor signed.
  url.hash = '';
  if (method === 'GET') for (const [name, value] of Object.entries(fields)) url.searchParams.set(name, value);
  const address = reachable(url.href, route);
  if (address === null) return { type: 'failed', stage: 'connect' };
  try {
    const response = await fetch(address, {
      method,
      headers: {
        ...request.headers,
        'user-agent': 'TwilioProxy/1.1',
        ...signature(url.href, method === 'POST' ? fields : {}, route),
      },
      body: method === 'POST' ? new URLSearchParams(fields) : null,
      redirect: 'manual',
      signal,
    });
    const { status, headers } = response;
    const body = await response.text();
    const answer = { status, body, contentType: headers.get('content-type'), location: headers.get('location') };
    return { type: 'answered', answer };
  } catch (error) {
    return { type: 'failed', stage: isConnectError(error) ? 'connect' : 'read' };
  }
}

/** Opens a media socket with Twilio's headers: no origin, no extension, no subprotocol (TW-STREAM-1, TW-SIGN-2). */
export function openMediaSocket(url: string, route: Route): WebSocket | null {
  const address = reachable(url, route);
  if (address === null) return null;
  return new WebSocket(address, {
    perMessageDeflate: false,
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

/** Twilio signs the address as it is configured, but without the port of an https one (TW-SIGN-1). */
function signature(
  url: string,
  fields: Readonly<Record<string, string>>,
  { authToken }: Route,
): Record<string, string> {
  if (authToken === undefined) return {};
  const signed = url.replace(/^(https:\/\/[^/?#]*):\d+/, '$1');
  return { 'x-twilio-signature': twilio.getExpectedTwilioSignature(authToken, signed, fields) };
}

function isConnectError(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : null;
  return typeof cause === 'object' && cause !== null && 'code' in cause && connectErrors.has(String(cause.code));
}
