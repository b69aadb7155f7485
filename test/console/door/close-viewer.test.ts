import { once } from 'node:events';
import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { closeViewer } from '../../../src/console/door/close-viewer.ts';
import { logIn, openDoor } from './door-scene.ts';

test.for([
  ['a reason that fits', 'x'.repeat(123), 'x'.repeat(123)],
  ['more than fits', 'x'.repeat(124), 'x'.repeat(123)],
  ['a letter of two bytes that would be cut', `${'x'.repeat(122)}ü`, 'x'.repeat(122)],
  ['a sign of four bytes that would be cut', `${'x'.repeat(120)}🦜`, 'x'.repeat(120)],
])('a socket is closed with %s', async ([, reason = '', sent], context) => {
  const sockets = { '/api/line': (socket: WebSocket) => closeViewer(socket, 4503, reason) };
  const { port } = await openDoor(context, [{ sockets }]);
  const headers = await logIn(port);
  const origin = `http://127.0.0.1:${port}`;
  const socket = new WebSocket(`ws://127.0.0.1:${port}/api/line`, { headers, origin });
  expect((await once(socket, 'close')).map(String)).toEqual(['4503', sent]);
});
