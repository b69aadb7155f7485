import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { describe, expect, test, type TestContext } from 'vitest';
import { VirtualClock } from '../../../src/sim/driver/virtual-clock.ts';
import { cutOff } from '../../../src/system/socket.ts';
import { textFrames } from '../../../src/system/web-socket/text-frames.ts';
import { webSocketConnect, WebSocketEnd } from '../../../src/system/web-socket/web-socket.ts';
import { until } from '../../until.ts';
import { passTime } from '../../virtual-time.ts';
import { startSocketServer } from './socket-server.ts';

const bytesMax = 70_000;

// Around the limits of the three kinds of length, and of words and bytes; with characters of one to four bytes.
const lengths = [0, 1, 31, 32, 33, 34, 35, 36, 125, 126, 127, 900, 65_535, 65_536, 65_537, bytesMax];
const texts = [...lengths.map((length) => 'x'.repeat(length)), 'ä', 'ä€😀'.repeat(20), '{"a":"ÿ"}', 'no sign: \ufffd'];

const key = Buffer.from([1, 2, 3, 4]);

describe('text is heard as it is, in order', () => {
  test('by a server, however its bytes are cut', async (context) => {
    const { client, heard } = await talk(context);
    const bytes = Buffer.from(textFrames(texts, true));
    for (const piece of [7, 1_000, bytes.length]) {
      heard.length = 0;
      for (let at = 0; at < bytes.length; at += piece) {
        // Each in a packet of its own, as far as the machine goes along.
        client.write(bytes.subarray(at, at + piece));
        if (piece < 1_000 && at % 70 === 0 && at < 2_000) await new Promise(setImmediate);
      }
      await until('all texts', () => heard.length === texts.length);
      expect(heard).toStrictEqual(texts);
    }
  });

  test('by a client', async (context) => {
    const { sockets, url } = await startSocketServer(context, bytesMax);
    sockets.on('connection', (socket) => {
      for (const text of texts) socket.send(text);
      for (const text of texts) setImmediate(() => socket.send(text));
    });
    const heard: string[] = [];
    const listener = { onOpen: () => {}, onError: () => {}, onFrameTooLong: () => {}, onClose: () => {} };
    const client = webSocketConnect(bytesMax)(url, {}, { ...listener, onMessage: (text) => void heard.push(text) });
    context.onTestFinished(() => client.terminate());
    await until('all texts', () => heard.length === 2 * texts.length);
    expect(heard).toStrictEqual([...texts, ...texts]);
  });

  test('with what is no whole text between', async (context) => {
    const { client, heard, seen } = await talk(context);
    client.write(
      Buffer.concat([
        Buffer.concat([masked('one'), frame(0x89, 'ping'), masked('two')]),
        Buffer.concat([frame(0x01, 'thr'), frame(0x8a, 'pong'), frame(0x80, 'ee'), masked('four')]),
        Buffer.concat([frame(0x82, 'binary'), masked('five')]),
      ]),
    );
    await until('all texts', () => heard.includes('five'));
    expect(heard).toEqual(['one', 'two', 'three', 'four', 'binary', 'five']);
    client.write(masked('six'));
    await until('the last text', () => heard.includes('six'));
    // What stands behind something else in the same piece comes by way of `ws`, and the next one past it again.
    expect(seen).toEqual(['two', 'three', 'four', 'binary', 'five']);
  });
});

test('text with a key of zeros is heard', async (context) => {
  const { client, heard } = await talk(context);
  client.write(Buffer.concat([Buffer.from([0x81, 0x85, 0, 0, 0, 0]), Buffer.from('plain')]));
  await until('the text', () => heard.length === 1);
  expect(heard).toEqual(['plain']);
});

describe('the other end is refused, and nothing of it is heard, when it sends', () => {
  const tooLong = masked('x'.repeat(bytesMax + 1));
  test.for<readonly [what: string, bytes: Buffer, code: number]>([
    ['bytes that are no UTF-8', frame(0x81, Buffer.from([0x61, 0xff])), 1007],
    ['half a character', frame(0x81, Buffer.from('€').subarray(0, 2)), 1007],
    ['text that is not masked', Buffer.from(textFrames(['bare'], false)), 1002],
    ['a second text within the first', Buffer.concat([frame(0x01, 'first'), masked('second')]), 1002],
    ['a message that says it is compressed', frame(0xc1, 'squeezed'), 1002],
    ['more than it may', tooLong, 1009],
  ])('%s', async ([, bytes, code], context) => {
    const { client, heard } = await talk(context);
    const answer: Buffer[] = [];
    client.on('data', (data: Buffer) => answer.push(data));
    client.write(bytes);
    client.write(masked('later'));
    await until('the close', () => Buffer.concat(answer).length >= 4);
    const closing = Buffer.concat(answer);
    expect([closing[0], closing.readUInt16BE(2), heard]).toEqual([0x88, code, []]);
  });
});

test('one that is cut off while it goes on sending, and reads later, is told why and not reset', async (context) => {
  const { client, heard, ends } = await talk(context);
  const answer: Buffer[] = [];
  client.on('data', (data: Buffer) => answer.push(data));
  client.write(masked('one'));
  await until('the text', () => heard.length === 1);
  client.pause();
  const [served] = ends;
  if (served === undefined) throw new Error('no socket');
  const clock = new VirtualClock(0);
  cutOff(served.end, 1008, clock);
  for (let sent = 0; sent < 5; sent += 1) client.write(masked('more'));
  await until(
    'the system has handed over what came',
    () => served.connection.readableLength === 5 * masked('more').length,
  );
  passTime(clock, 1_000);
  const ended = once(client, 'end');
  client.resume();
  await ended;
  expect(Buffer.concat(answer)).toEqual(Buffer.from([0x88, 2, 1008 >> 8, 1008 % 256]));
});

/** A frame of a client: what it is, and what it holds. */
function frame(head: number, content: string | Buffer): Buffer {
  const bytes = Buffer.from(content);
  return Buffer.concat([
    Buffer.from([head, 0x80 | bytes.length]),
    key,
    bytes.map((byte, at) => byte ^ (key[at % 4] ?? 0)),
  ]);
}

function masked(content: string): Buffer {
  return Buffer.from(textFrames([content], true));
}

interface ServedEnd {
  readonly end: WebSocketEnd;
  readonly connection: Socket;
}

/** A connection whose bytes the test writes itself. `seen`: what came by way of `ws`; `ends`: the server's one end, and its connection. */
async function talk(
  context: TestContext,
): Promise<{ client: Socket; heard: string[]; seen: string[]; ends: ServedEnd[] }> {
  const { sockets, url } = await startSocketServer(context, bytesMax);
  const [heard, seen, ends]: [string[], string[], ServedEnd[]] = [[], [], []];
  sockets.on('connection', (socket, { socket: connection }) => {
    const end = new WebSocketEnd(socket, connection);
    ends.push({ end, connection });
    end.listen({ onMessage: (one) => void heard.push(one), onClose: () => {} });
    socket.on('message', (data: Buffer) => seen.push(data.toString()));
    // What is refused is refused by closing.
    socket.on('error', () => {});
  });
  const client = connect(Number(new URL(url).port), '127.0.0.1');
  context.onTestFinished(() => void client.destroy());
  client.write('GET / HTTP/1.1\r\nHost: parley\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n');
  client.write('Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n');
  await once(client, 'data');
  return { client, heard, seen, ends };
}
