import { once } from 'node:events';
import type { TestContext } from 'vitest';
import { WebSocketServer } from 'ws';

/** A server of the `ws` package that ends with the test, and its address. `bytesMax`: what a message may have; 0 for whatever it has. */
export async function startSocketServer(
  { onTestFinished }: TestContext,
  bytesMax = 0,
): Promise<{ readonly sockets: WebSocketServer; readonly url: string }> {
  const sockets = new WebSocketServer({ port: 0, host: '127.0.0.1', maxPayload: bytesMax });
  onTestFinished(() => {
    for (const socket of sockets.clients) socket.terminate();
    sockets.close();
  });
  await once(sockets, 'listening');
  const address = sockets.address();
  return { sockets, url: `ws://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}` };
}
