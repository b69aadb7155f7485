import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { CallStatus, RestUpdate } from './carrier-events.ts';

/** A call as the REST API sees it. */
export interface RestCall {
  readonly status: CallStatus;
  update(update: RestUpdate): void;
}

/** The simulated REST API. */
export interface RestServerOptions {
  readonly accountSid: string;
  /** Basic credentials that are accepted: the account's SID or an API key as user. */
  readonly credentials: readonly { readonly user: string; readonly password: string }[];
  /** The call with this SID, as long as the API knows it; it knows ended calls, too. */
  readonly callBySid: (callSid: string) => RestCall | undefined;
  /** Whether this request is one too many at the same time (20429). */
  readonly isOverloaded?: () => boolean;
  /** Any free port unless set. */
  readonly port?: number;
}

export interface RestServer {
  /** As in `http://127.0.0.1:41234`. */
  readonly url: string;
  close(): Promise<void>;
}

interface RestAnswer {
  readonly status: number;
  readonly body: object;
  /** What the call is told once the answer stands. */
  readonly order?: () => void;
}

const callPath = /^\/2010-04-01\/Accounts\/(?<accountSid>AC[0-9a-f]{32})\/Calls\/(?<callSid>CA[0-9a-f]{32})\.json$/;

/** Serves the update of live simulated calls on loopback, with Twilio's errors (TW-REST-1, TW-REST-2). */
export async function startRestServer(options: RestServerOptions): Promise<RestServer> {
  const server = createServer((request, response) => {
    void serve(request, response, options);
  });
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${String(portOf(server.address()))}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function serve(request: IncomingMessage, response: ServerResponse, options: RestServerOptions): Promise<void> {
  let body: string;
  try {
    body = await text(request);
  } catch {
    // The client went away in the middle of its request.
    response.destroy();
    return;
  }
  const answer = answerTo(request, new URLSearchParams(body), options);
  response.writeHead(answer.status, { 'content-type': 'application/json' }).end(JSON.stringify(answer.body));
  answer.order?.();
}

function answerTo(request: IncomingMessage, form: URLSearchParams, options: RestServerOptions): RestAnswer {
  if (!isAuthorized(request.headers.authorization, options)) return failure(401, 20003, 'Authenticate');
  if (options.isOverloaded?.() === true) return failure(429, 20429, 'Too Many Requests');
  const { accountSid, callSid } = callPath.exec(request.url ?? '')?.groups ?? {};
  const call = callSid === undefined ? undefined : options.callBySid(callSid);
  if (request.method !== 'POST' || accountSid !== options.accountSid || call === undefined) {
    return failure(404, 20404, `The requested resource ${request.url ?? ''} was not found`);
  }
  const update = readUpdate(form);
  if (update === null) return failure(400, 20001, 'Give one of Twiml, Url (http or https), and Status=completed');
  const isLive = update.type === 'completed' && call.status === 'ringing';
  if (call.status !== 'in-progress' && !isLive) return failure(400, 21220, 'Call is not in-progress. Cannot redirect.');
  return {
    status: 200,
    body: { sid: callSid, account_sid: accountSid, status: update.type === 'completed' ? 'completed' : call.status },
    order: () => call.update(update),
  };
}

function readUpdate(form: URLSearchParams): RestUpdate | null {
  const given = ['Twiml', 'Url', 'Status'].filter((name) => form.has(name));
  const value = form.get(given[0] ?? '') ?? '';
  if (given.length !== 1) return null;
  if (given[0] === 'Twiml') return { type: 'twiml', twiml: value };
  if (given[0] === 'Status') return value === 'completed' ? { type: 'completed' } : null;
  if (!/^https?:$/.test(URL.parse(value)?.protocol ?? '')) return null;
  return { type: 'url', url: value, method: form.get('Method') === 'GET' ? 'GET' : 'POST' };
}

function isAuthorized(header: string | undefined, { credentials }: RestServerOptions): boolean {
  const [scheme, encoded = ''] = header?.split(' ') ?? [];
  const given = Buffer.from(encoded, 'base64').toString('utf8');
  return scheme === 'Basic' && credentials.some(({ user, password }) => given === `${user}:${password}`);
}

/** Twilio's error body. */
function failure(status: number, code: number, message: string): RestAnswer {
  const moreInfo = `https://www.twilio.com/docs/errors/${String(code)}`;
  return { status, body: { code, message, more_info: moreInfo, status } };
}

function portOf(address: AddressInfo | string | null): number {
  return typeof address === 'object' && address !== null ? address.port : 0;
}
