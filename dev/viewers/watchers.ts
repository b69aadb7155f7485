import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { WebSocket } from 'ws';
import type { ViewersNews, ViewersOrder } from './bench-orders.ts';

/** A process of its own: whoever watches the board, and whoever listens to calls. They read and forget. */
let leave: (() => void)[] = [];
let bytes = 0;

process.on('message', (order: ViewersOrder) => void obey(order));
process.on('disconnect', () => process.exit());

async function obey(order: ViewersOrder): Promise<void> {
  for (const one of leave) one();
  leave = [];
  const bytesBefore = bytes;
  bytes = 0;
  for (let viewer = 0; viewer < order.watching; viewer += 1) await watch(order);
  for (const callSid of order.listening) await listen(order, callSid);
  process.send?.({ news: 'ready', bytesBefore } satisfies ViewersNews);
}

async function watch({ port, token }: ViewersOrder): Promise<void> {
  const headers = { authorization: `Bearer ${token}` };
  const sent = get({ port, host: '127.0.0.1', path: '/api/board/events', agent: false, headers });
  const [response]: IncomingMessage[] = await once(sent, 'response');
  if (response?.statusCode !== 200) throw new Error(`A viewer was answered with ${response?.statusCode}.`);
  response.on('data', (data: Buffer) => (bytes += data.length));
  // A viewer who leaves breaks the connection off.
  response.on('error', () => {});
  leave.push(() => sent.destroy());
}

async function listen({ port, token }: ViewersOrder, callSid: string): Promise<void> {
  const headers = { authorization: `Bearer ${token}` };
  const socket = new WebSocket(`ws://127.0.0.1:${port}/api/live/sound?call=${callSid}`, { headers });
  await once(socket, 'open');
  socket.on('message', (data: Buffer) => (bytes += data.length));
  socket.on('error', () => {});
  leave.push(() => socket.terminate());
}
