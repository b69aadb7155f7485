import { once } from 'node:events';
import { expect, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { systemClock } from '../../src/system/clock.ts';
import { cutOff } from '../../src/system/socket.ts';
import { WebSocketEnd } from '../../src/system/web-socket.ts';

/** A refused peer that went on sending was read on until the closing handshake was over: gigabytes, while calls waited. */
test('a socket that is cut off reads nothing more, and its other end learns why', async (context) => {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  context.onTestFinished(() => server.close());
  await once(server, 'listening');
  let frames = 0;
  server.on('connection', (socket) => {
    const end = new WebSocketEnd(socket);
    end.listen({ onMessage: () => void (frames += 1), onClose: () => {} });
    cutOff(end, 1008, systemClock);
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const client = new WebSocket(`ws://127.0.0.1:${port}`);
  // It is cut while it sends.
  client.on('error', () => {});
  const code = new Promise<number>((resolve) => client.on('close', resolve));
  client.on('open', () => {
    for (let sent = 0; sent < 500; sent += 1) client.send(new Uint8Array(65_536));
  });
  expect(await code).toBe(1008);
  expect(frames).toBe(0);
});
