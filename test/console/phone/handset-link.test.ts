import { once } from 'node:events';
import { expect, test, type TestContext } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { HandsetLink } from '../../../src/console/phone/handset-link.ts';
import { soundMessage } from '../../../src/console/phone/handset-wire.ts';
import { systemClock } from '../../../src/system/clock.ts';
import { until } from '../../until.ts';

const silence = new Uint8Array(160).fill(0xff);

test('a page that does not read is cut, and its call is told', async (context) => {
  const { link, page, gone } = await aLink(context);
  page.pause();
  for (let sent = 0; sent < 100_000; sent += 1) link.hear(silence);
  await until('the link is gone', () => gone.length > 0);
  expect(gone).toEqual(['gone']);
});

test('a page that sends more than any page does is refused', async (context) => {
  const { page, heard } = await aLink(context);
  const closed = once(page, 'close');
  for (let sent = 0; sent < 1000; sent += 1) page.send(soundMessage(sent, silence));
  expect((await closed)[0]).toBe(4008);
  expect(heard.length).toBeLessThan(600);
});

test('what still comes when the link is closed reaches nobody', async (context) => {
  const { link, page, heard } = await aLink(context);
  page.send(soundMessage(0, silence));
  await until('it is heard', () => heard.length === 1);
  // The page does not answer to the closing before it has sent more.
  page.pause();
  link.close('replaced');
  for (let sent = 1; sent < 20; sent += 1) page.send(soundMessage(sent, silence));
  page.send('{"type":"hangUp"}');
  const closed = once(page, 'close');
  page.resume();
  await closed;
  expect(heard).toHaveLength(1);
});

/** Both ends of a connection, and what the one of the server tells. */
async function aLink({ onTestFinished }: TestContext) {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  onTestFinished(() => server.close());
  await once(server, 'listening');
  const address = server.address();
  const page = new WebSocket(`ws://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`);
  onTestFinished(() => page.terminate());
  const [socket]: WebSocket[] = await once(server, 'connection');
  if (socket === undefined) throw new RangeError('Nobody has connected.');
  await until('the page is connected', () => page.readyState === WebSocket.OPEN);
  const heard: Uint8Array[] = [];
  const gone: string[] = [];
  const link = new HandsetLink(socket, systemClock, {
    onSound: (audio) => heard.push(audio),
    onPicture: () => {},
    onRequest: () => {},
    onGone: () => gone.push('gone'),
  });
  return { link, page, heard, gone };
}
