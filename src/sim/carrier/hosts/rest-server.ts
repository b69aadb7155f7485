import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { RestAccount } from '../rest/rest-account.ts';
import type { RestAnswer } from '../rest/rest-answer.ts';
import { restFailure } from '../rest/rest-answer.ts';
import { answerRest } from '../rest/rest-api.ts';

/**
 * What goes wrong with a request, whatever it asks (TW-REST-2). `overloaded`: one too many at the same time. `problemDetails`: an error
 * in the newer form, which the client throws as another class. `silent`: no answer at all.
 */
export type RestFault = 'overloaded' | 'internal' | 'unavailable' | 'problemDetails' | 'silent';

/** The simulated REST API: the account with its numbers, calls and conferences, and who may reach them. */
export interface RestServerOptions extends RestAccount {
  /** Basic credentials that are accepted: the account's SID or an API key as user. */
  readonly credentials: readonly { readonly user: string; readonly password: string }[];
  /** What goes wrong with this request; null for nothing. */
  readonly faultOf?: () => RestFault | null;
  /** Any free port unless set. */
  readonly port?: number;
}

export interface RestServer {
  /** As in `http://127.0.0.1:41234`. */
  readonly url: string;
  close(): Promise<void>;
}

/** Serves the REST API of a simulated account on loopback, with Twilio's errors (TW-REST-1, TW-REST-2, TW-CONF-3). */
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
  const answer = answerTo(request, body, options);
  // Whoever asks waits until its own time is over.
  if (answer === null) return;
  const { status } = answer;
  if (answer.body === null) response.writeHead(status).end();
  else response.writeHead(status, { 'content-type': contentType(answer) }).end(JSON.stringify(answer.body));
}

function answerTo(request: IncomingMessage, body: string, options: RestServerOptions): RestAnswer | null {
  if (!isAuthorized(request.headers.authorization, options)) return restFailure(401, 20003, 'Authenticate');
  const fault = options.faultOf?.() ?? null;
  if (fault !== null) return faulty(fault);
  const { pathname, searchParams } = new URL(request.url ?? '', 'http://localhost');
  const { method = '' } = request;
  return answerRest(
    { method, path: pathname, form: method === 'GET' ? searchParams : new URLSearchParams(body) },
    options,
  );
}

function faulty(fault: RestFault): RestAnswer | null {
  switch (fault) {
    case 'overloaded':
      return restFailure(429, 20429, 'Too Many Requests');
    case 'internal':
      return restFailure(500, 20500, 'Internal Server Error');
    case 'unavailable':
      return restFailure(503, 20503, 'Service unavailable');
    case 'problemDetails':
      return {
        status: 503,
        body: { type: 'https://www.twilio.com/docs/api/errors/20503', title: 'Unavailable', status: 503, code: 20503 },
      };
    case 'silent':
      return null;
  }
}

function contentType({ body }: RestAnswer): string {
  return body !== null && 'title' in body ? 'application/problem+json' : 'application/json';
}

function isAuthorized(header: string | undefined, { credentials }: RestServerOptions): boolean {
  const [scheme, encoded = ''] = header?.split(' ') ?? [];
  const given = Buffer.from(encoded, 'base64').toString('utf8');
  return scheme === 'Basic' && credentials.some(({ user, password }) => given === `${user}:${password}`);
}

function portOf(address: AddressInfo | string | null): number {
  return typeof address === 'object' && address !== null ? address.port : 0;
}
