import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { describe, expect, test, type TestContext } from 'vitest';
import { WebSocket } from 'ws';
import { frameText } from '../../../src/encoding/frame-text.ts';
import { systemClock } from '../../../src/system/clock.ts';
import { cutOff, type Socket } from '../../../src/system/socket.ts';
import { WebSocketEnd, webSocketConnect } from '../../../src/system/web-socket/web-socket.ts';
import { until } from '../../until.ts';
import { startSocketServer } from './socket-server.ts';

const deaf = { onMessage: () => {}, onClose: () => {} };

/** A refused peer that went on sending was read on until the closing handshake was over: gigabytes, while calls waited. */
test('a socket that is cut off reads nothing more, and its other end learns why', async (context) => {
  let frames = 0;
  const url = await listen(context, (end) => {
    end.listen({ onMessage: () => void (frames += 1), onClose: () => {} });
    cutOff(end, 1008, systemClock);
  });
  const client = new WebSocket(url);
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
  const { sockets, url } = await startSocketServer(context);
  const seen: string[] = [];
  const taken = Promise.withResolvers<undefined>();
  const onMessage = (text: string): void => {
    seen.push(text);
    systemClock.soon(() => seen.push(`soon after ${text}`));
    if (text === '3') taken.resolve(undefined);
  };
  const paused = new Promise<WebSocket>((resolve) => {
    sockets.on('connection', (socket, request) => {
      new WebSocketEnd(socket, request.socket).listen({ onMessage, onClose: () => {} });
      socket.pause();
      resolve(socket);
    });
  });
  const client = new WebSocket(url);
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

// Around the limits of the three kinds of length, and of words and bytes; with characters of one to four bytes.
const lengths = [0, 1, 7, 31, 32, 33, 34, 35, 36, 37, 124, 125, 126, 127, 128, 900, 65_535, 65_536, 65_537, 200_000];
const texts = [
  ...lengths.map((length) => 'x'.repeat(length)),
  'ä',
  'ä€😀'.repeat(20),
  '😀'.repeat(20_000),
  '{"a":"ÿ"}',
];

describe('what is sent', () => {
  test.for(['a server', 'a client'])('by %s arrives as it is, in order', async (side, context) => {
    const heard: string[] = [];
    const hears = (socket: WebSocket): void => void socket.on('message', (data) => heard.push(frameText(data)));
    const speaks = (end: Socket): void => {
      for (const text of texts) end.send(text);
      // In turns of their own, and behind a ping.
      for (const text of texts) setImmediate(() => (end.send(text), end.ping(), end.send('after')));
    };
    if (side === 'a server') hears(new WebSocket(await listen(context, speaks)));
    else {
      const server = await startSocketServer(context);
      server.sockets.on('connection', hears);
      const client = webSocketConnect(1_000)(server.url, {}, { ...silent, onOpen: () => speaks(client) });
      context.onTestFinished(() => client.terminate());
    }
    await until('all texts', () => heard.length === 3 * texts.length);
    expect(heard).toStrictEqual([...texts, ...texts.flatMap((text) => [text, 'after'])]);
  });

  test('in one turn is one write, and counts as waiting until then', async (context) => {
    const server = await startSocketServer(context);
    const opened = once(server.sockets, 'connection');
    const client = new WebSocket(server.url);
    await once(client, 'open');
    const [socket] = await opened;
    const connection = new PassThrough();
    const writes: string[] = [];
    connection.on('data', (bytes: Buffer) => writes.push(bytes.toString('latin1')));
    const end = new WebSocketEnd(socket, connection);
    for (const text of ['media', 'mark', 'clear']) end.send(text);
    expect([end.waitingBytes, writes]).toEqual([14, []]);
    await until('the write', () => writes.length > 0);
    expect([end.waitingBytes, writes]).toEqual([0, ['\x81\x05media\x81\x04mark\x81\x05clear']]);
  });

  test('counts as waiting while the other end does not read', async (context) => {
    let end: WebSocketEnd | undefined;
    const client = new WebSocket(await listen(context, (socket) => (end = socket)));
    await once(client, 'open');
    client.pause();
    for (let sent = 0; sent < 16; sent++) end?.send('x'.repeat(1_000_000));
    await until('the write', () => (end?.waitingBytes ?? 0) > 4_000_000);
    end?.send('more');
    await new Promise(setImmediate);
    expect(end?.waitingBytes).toBeGreaterThan(4_000_000);
    client.resume();
    await until('the other end has read', () => end?.waitingBytes === 0);
  });

  test('before the close arrives, and afterwards nothing', async (context) => {
    const url = await listen(context, (end) => {
      end.send('goodbye');
      end.close(1000);
      end.send('too late');
    });
    const heard: string[] = [];
    const client = new WebSocket(url);
    client.on('message', (data) => heard.push(frameText(data)));
    const [code] = await once(client, 'close');
    expect([heard, code]).toEqual([['goodbye'], 1000]);
  });
});

const silent = { ...deaf, onOpen: () => {}, onError: () => {}, onFrameTooLong: () => {} };

/** A server that wraps each socket. Resolves to its address. */
async function listen(context: TestContext, onEnd: (end: WebSocketEnd) => void): Promise<string> {
  const { sockets, url } = await startSocketServer(context);
  sockets.on('connection', (socket, request) => onEnd(new WebSocketEnd(socket, request.socket)));
  return url;
}
