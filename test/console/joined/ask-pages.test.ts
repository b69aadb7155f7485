import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import type { Viewer } from '../../../src/console/door/viewer.ts';
import { joinSockets, passOn } from '../../../src/console/joined/ask-pages.ts';
import { listenOnAnyPort } from '../../any-port.ts';
import { logIn, openDoor } from '../door/door-scene.ts';

test('an answer of other pages that falls silent is cut', async (context) => {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => socket.write('HTTP/1.1 200 OK\r\n\r\nhello'));
    onTestFinished(() => void socket.destroy());
  });
  onTestFinished(() => void server.close());
  const pages = pagesAt(await listenOnAnyPort(server));
  const { asks, port } = await openDoor(context, [
    {
      routes: (router) => {
        router.get('/api/there', async (req, res) => void (await passOn(req, res, pages, { silentMsMax: 100 })));
      },
    },
  ]);
  expect(await asks('/api/there', { headers: await logIn(port) })).toMatchObject({ status: 200, body: '' });
});

test('a socket to other pages lasts as long as they send pings', async (context) => {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  onTestFinished(() => server.close());
  await once(server, 'listening');
  const address = server.address();
  const pages = pagesAt(typeof address === 'object' ? (address?.port ?? 0) : 0);
  const silentMs = 2_000;
  let pings = 0;
  server.on('connection', (socket) => {
    onTestFinished(() => socket.terminate());
    const timer = setInterval(() => {
      socket.ping();
      if ((pings += 1) < 30) return;
      clearInterval(timer);
      socket.send('still here');
    }, 100);
  });
  const line = (socket: WebSocket, url: URL, viewer: Viewer): void => joinSockets(socket, url, viewer, pages, silentMs);
  const { port } = await openDoor(context, [{ sockets: { '/api/line': line } }]);
  const origin = `http://127.0.0.1:${port}`;
  const socket = new WebSocket(`ws://127.0.0.1:${port}/api/line`, { headers: await logIn(port), origin });
  const closed = once(socket, 'close');
  expect(String((await once(socket, 'message'))[0])).toBe('still here');
  expect((await closed)[0]).toBe(1013);
});

function pagesAt(port: number) {
  return { name: 'b', origin: `http://127.0.0.1:${port}`, answerMsMax: 60_000, lettingIn: () => ({}) };
}
