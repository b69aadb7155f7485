import type { RequestListener, Server } from 'node:http';
import { systemClock } from './clock.ts';
import type { Refusals } from './refusals.ts';
import { TokenBucket, type TokenRate } from './token-bucket.ts';
import { bytesTaken } from './web-socket/early-reads.ts';

// An import would load all that node:http has beside it, HTTP/2 and a WebSocket among that: 15 MB, and a tenth of the time of a start.
const { createServer } = process.getBuiltinModule('node:http');

/** For the head and the body of a request together. Twilio sends both at once, and gives up after 15 s (TW-HOOK-2). */
const requestMsMax = 10_000;

/** How often it is looked for requests that take longer. */
const lookMs = 1_000;

/** Requests on one connection, sent one after the other or all at once. A proxy opens another connection for more. */
const requestsMax = 100;

/** A connection is looked at whenever it has brought so many bytes, and not for each frame of a caller. */
const bytesLooked = 16 * 1024;

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
    let untaken = 0;
    const count = (length: number): void => {
      untaken += length;
      if (untaken < bytesLooked) return;
      const isEnough = bytes.take(untaken);
      untaken = 0;
      if (isEnough) return;
      refusals.add('socketError', { why: 'too many bytes' });
      socket.destroy();
    };
    // Also bytes of which nobody else hears: the rest of a request that was refused, or the parts of a frame without an end.
    socket.on('data', ({ length }) => count(length));
    socket.on(bytesTaken, count);
  });
  return server;
}
