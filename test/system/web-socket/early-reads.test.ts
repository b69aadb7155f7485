import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { PassThrough } from 'node:stream';
import { expect, test, type TestContext } from 'vitest';
import { bytesTaken, offerReads } from '../../../src/system/web-socket/early-reads.ts';
import { until } from '../../until.ts';

test('what is taken does not come by the stream, and the rest does', async (context) => {
  const { here, there, streamed } = await pair(context);
  const numbers: number[] = [];
  here.on(bytesTaken, (bytes) => numbers.push(bytes));
  offerReads(here, (bytes) => bytes.lastIndexOf('.') + 1);
  there.write('one.two.rest');
  await until('the rest', () => streamed() === 'rest');
  there.write('three.');
  await until('the number', () => numbers.length === 2);
  expect([numbers, streamed()]).toEqual([[8, 6], 'rest']);
});

test('nothing is offered while nobody reads the stream, and the order stays', async (context) => {
  const { here, there, streamed } = await pair(context);
  const offered: string[] = [];
  offerReads(here, (bytes) => {
    offered.push(bytes.toString());
    return bytes.length;
  });
  here.pause();
  here.unshift(Buffer.from('early '));
  there.write('meanwhile ');
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect([offered, streamed()]).toEqual([[], '']);
  here.resume();
  await until('what came meanwhile', () => streamed() + offered.join('') === 'early meanwhile ');
  there.write('last');
  await until('the last one', () => offered.at(-1)?.endsWith('last'));
});

test('what is left lies in memory of its own', async (context) => {
  const { here, there } = await pair(context);
  const left: Buffer[] = [];
  here.on('data', (bytes: Buffer) => left.push(bytes));
  offerReads(here, () => 1);
  there.write('two');
  await until('the rest', () => left.length === 1);
  expect(left[0]?.buffer.byteLength).toBe(2);
});

test('a paused connection reads on as far as its stream has room, and hears that the other end is gone', async (context) => {
  const { here, there } = await pair(context);
  offerReads(here, ({ length }) => length);
  here.pause();
  there.write('unread');
  await until('the bytes', () => here.readableLength === 6);
  const broken = once(here, 'error');
  there.resetAndDestroy();
  expect(await broken).toMatchObject([{ code: 'ECONNRESET' }]);
});

test('the end, and an error, come as ever', async (context) => {
  const { here, there } = await pair(context);
  offerReads(here, ({ length }) => length);
  const ended = once(here, 'end');
  there.end('bye');
  await ended;
  const other = await pair(context);
  offerReads(other.here, ({ length }) => length);
  const broken = once(other.here, 'error');
  other.there.resetAndDestroy();
  expect(await broken).toMatchObject([{ code: 'ECONNRESET' }]);
});

test('a stream that is no connection goes on as it is', async () => {
  const stream = new PassThrough();
  offerReads(stream, ({ length }) => length);
  stream.end('all');
  expect(await once(stream, 'data')).toEqual([Buffer.from('all')]);
});

/** Both ends of a connection, and what the stream of one has brought. */
async function pair(context: TestContext): Promise<{ here: Socket; there: Socket; streamed: () => string }> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const there = connect(typeof address === 'object' ? (address?.port ?? 0) : 0, '127.0.0.1');
  const [here]: Socket[] = await once(server, 'connection');
  if (here === undefined) throw new Error('no connection');
  context.onTestFinished(() => {
    for (const socket of [here, there]) socket.destroy();
    server.close();
  });
  let text = '';
  here.on('data', (bytes: Buffer) => (text += bytes.toString()));
  return { here, there, streamed: () => text };
}
