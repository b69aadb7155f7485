import type { RequestListener, Server } from 'node:http';
import { systemClock } from './clock.ts';
import type { Refusals } from './refusals.ts';
import { TokenBucket, type TokenRate } from './token-bucket.ts';

// An import would load all that node:http has beside it, HTTP/2 and a WebSocket among that: 15 MB, and a tenth of the time of a start.
const { createServer } = process.getBuiltinModule('node:http');

/** For the head and the body of a request together. Twilio sends both at once, and gives up after 15 s (TW-HOOK-2). */
const requestMsMax = 10_000;

/** How often it is looked for requests that take longer. */
const lookMs = 1_000;

/** Requests on one connection, sent one after the other or all at once. A proxy opens another connection for more. */
const requestsMax = 100;

/** What connections to a server may do. */
export interface ConnectionLimits {
  readonly connectionsMax: number;
  /** What one connection may bring, in bytes. */
  readonly byteRate: TokenRate;
}

/** An HTTP server whose connections are limited in number, in time and in what they bring, whatever they ask for. */
export function limitedServer(
  listener: RequestListener,
  { connectionsMax, byteRate }: ConnectionLimits,
  refusals: Refusals,
): Server {
  const times = { requestTimeout: requestMsMax, headersTimeout: requestMsMax, connectionsCheckingInterval: lookMs };
  const server = createServer(times, listener);
  server.maxRequestsPerSocket = requestsMax;
  let open = 0;
  // The server counts only those of its own socket, and others may listen beside it.
  server.prependListener('connection', (socket) => {
    open += 1;
    socket.once('close', () => (open -= 1));
    if (open <= connectionsMax) return;
    refusals.add('connectionRefused', { connectionsMax });
    socket.destroy();
  });
  server.on('connection', (socket) => {
    const bytes = new TokenBucket(systemClock, byteRate);
    // Also bytes of which nobody else hears: the rest of a request that was refused, or the parts of a frame without an end.
    socket.on('data', ({ length }) => {
      if (bytes.take(length)) return;
      refusals.add('socketError', { why: 'too many bytes' });
      socket.destroy();
    });
  });
  return server;
}
