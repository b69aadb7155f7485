import { createHmac } from 'node:crypto';
import { connect } from 'node:net';
import { authToken, publicUrl } from '../../e2e/service-scene.ts';

/** What the service of these tests knows beside the auth token. */
export const webhookSecret = 'shared-key-4a7e01';
export const secondaryToken = 'auth-token-new-77d2';
export const secondarySecret = 'shared-key-new-c3b8';
export const signingEnv = {
  TWILIO_SECONDARY_AUTH_TOKEN: secondaryToken,
  TWILIO_WEBHOOK_SECRET: webhookSecret,
  TWILIO_SECONDARY_WEBHOOK_SECRET: secondarySecret,
};

/** A request as it goes over the wire: any part of it can be what Twilio never sends. */
export interface WireRequest {
  readonly method: string;
  readonly target: string;
  /** One header for each. */
  readonly signatures: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Names and values of a form, in the order in which they are sent. */
export type Fields = readonly (readonly [name: string, value: string])[];

/**
 * Twilio's signature, made without its package: over the address, and each field as name and value, sorted by name; a name that comes twice
 * counts with its different values, sorted (TW-SIGN-1).
 */
export function sign(url: string, fields: Fields = [], token = authToken, hash = 'sha1'): string {
  const names = [...new Set(fields.map(([name]) => name))].toSorted((one, other) => (one < other ? -1 : 1));
  const valuesOf = (name: string): string[] => [
    ...new Set(fields.flatMap(([key, value]) => (key === name ? value : []))),
  ];
  const text = names.flatMap((name) =>
    valuesOf(name)
      .toSorted()
      .map((value) => name + value),
  );
  return createHmac(hash, token)
    .update(url + text.join(''))
    .digest('base64');
}

/** A webhook as Twilio sends it. `signedUrl`: the address that it signs. */
export function webhook(target: string, fields: Fields, signedUrl = publicUrl + target): WireRequest {
  return {
    method: 'POST',
    target,
    signatures: [sign(signedUrl, fields)],
    headers: { Host: 'parley.example', 'Content-Type': 'application/x-www-form-urlencoded; charset=UTF-8' },
    body: formText(fields),
  };
}

/** A request that is signed with a shared key instead, as a Webhooks Rule has it (TW-SIGN-3). */
export function withSharedKey(
  request: WireRequest,
  secret = webhookSecret,
  { hash = 'sha256', algorithm = 'HMAC_SHA256' } = {},
): WireRequest {
  const base = 'Upgrade' in request.headers ? publicUrl.replace('https', 'wss') : publicUrl;
  return {
    ...request,
    signatures: [sign(base + request.target, fieldsOf(request.body), secret, hash)],
    headers: {
      ...request.headers,
      'X-Twilio-Webhooks-Signature-Settings': `key=webhooks_sharedkey_01ke,algorithm=${algorithm}`,
    },
  };
}

/** An upgrade of the media socket as Twilio sends it. */
export function upgrade(signedUrl: string, target = '/twilio/media'): WireRequest {
  return {
    method: 'GET',
    target,
    signatures: [sign(signedUrl)],
    headers: {
      Host: 'parley.example',
      'User-Agent': 'Twilio.TmeWs/1.0',
      Upgrade: 'websocket',
      'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
      'Sec-WebSocket-Version': '13',
    },
    body: '',
  };
}

export function formText(fields: Fields): string {
  return fields.map((field) => field.map(encodeURIComponent).join('=')).join('&');
}

export function fieldsOf(body: string): Fields {
  return [...new URLSearchParams(body)];
}

/** What came back. Status 0: the connection was closed without an answer. */
export interface WireAnswer {
  readonly status: number;
  readonly text: string;
}

/** Sends a request on a connection of its own, and cuts it after the answer, or when the upgrade is accepted. */
export async function exchange(port: number, request: WireRequest): Promise<WireAnswer> {
  return new Promise((resolve) => {
    let text = '';
    const socket = connect({ port, host: '127.0.0.1' }, () => socket.write(requestText(request)));
    socket.on('data', (bytes) => {
      text += bytes.toString();
      if (text.startsWith('HTTP/1.1 101')) socket.destroy();
    });
    // A close follows every error.
    socket.on('error', () => {});
    socket.on('close', () => resolve({ status: Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0), text }));
  });
}

function requestText({ method, target, signatures, headers, body }: WireRequest): string {
  const isUpgrade = 'Upgrade' in headers;
  const lines = [
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    ...signatures.map((signature) => `X-Twilio-Signature: ${signature}`),
    ...(isUpgrade || 'Transfer-Encoding' in headers ? [] : [`Content-Length: ${Buffer.byteLength(body)}`]),
    `Connection: ${isUpgrade ? 'Upgrade' : 'close'}`,
  ];
  return `${method} ${target} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n${body}`;
}
