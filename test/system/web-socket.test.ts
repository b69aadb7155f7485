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

test('messages that are read together are all handled before what is to follow soon', async (context) => {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  context.onTestFinished(() => server.close());
  await once(server, 'listening');
  const seen: string[] = [];
  const taken = Promise.withResolvers<undefined>();
  const onMessage = (text: string): void => {
    seen.push(text);
    systemClock.soon(() => seen.push(`soon after ${text}`));
    if (text === '3') taken.resolve(undefined);
  };
  const paused = new Promise<WebSocket>((resolve) => {
    server.on('connection', (socket) => {
      new WebSocketEnd(socket).listen({ onMessage, onClose: () => {} });
      socket.pause();
      resolve(socket);
    });
  });
  const address = server.address();
  const client = new WebSocket(`ws://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`);
  await once(client, 'open');
  const socket = await paused;
  for (const text of ['1', '2']) client.send(text);
  // What was written lies in the socket.
  await new Promise((resolve) => client.send('3', resolve));
  socket.resume();
  await taken.promise;
  await new Promise((resolve) => setImmediate(resolve));
  client.terminate();
  expect(seen).toEqual(['1', '2', '3', 'soon after 1', 'soon after 2', 'soon after 3']);
});
