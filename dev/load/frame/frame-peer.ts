import { createServer } from 'node:http';
import { listenOnAnyPort } from '../../../test/any-port.ts';
import { mediaUrl } from '../../siege/siege-account.ts';
import { acceptWires, openWire, type WireEnd } from '../ends/wire-end.ts';
import { wireText } from '../ends/wire-frames.ts';

/** What the process at the other end of the sockets is told, each answered by `done`. */
export type PeerOrder =
  /** Opens so many streams to this port. */
  | { readonly order: 'connect'; readonly port: number; readonly count: number }
  /** Sends a message on each of its streams, or on each of its sessions, so many times. */
  | { readonly order: 'send'; readonly by: 'phones' | 'models'; readonly text: string; readonly rounds: number };

export type PeerNews = { readonly news: 'listening'; readonly modelUrl: string } | { readonly news: 'done' };

/** So long apart, every message is read by itself. */
const roundMs = 5;

/** A process of its own: phones and models that send what they are told to, and take what comes. */
const wires: Record<'phones' | 'models', WireEnd[]> = { phones: [], models: [] };
const door = createServer();
acceptWires(door, (wire) => keep('models', wire));

process.on('message', (order: PeerOrder) => void obey(order));
process.on('disconnect', () => process.exit());
tell({ news: 'listening', modelUrl: `ws://127.0.0.1:${await listenOnAnyPort(door)}` });

async function obey(order: PeerOrder): Promise<void> {
  if (order.order === 'send') return send(wires[order.by], wireText(order.text, order.by === 'phones'), order.rounds);
  for (let count = 0; count < order.count; count += 1)
    keep('phones', await openWire(mediaUrl.replace(/^wss:\/\/[^/]*/, `http://127.0.0.1:${order.port}`), {}));
  tell({ news: 'done' });
}

function send(to: readonly WireEnd[], frame: string, rounds: number): void {
  let sent = 0;
  const beat = setInterval(() => {
    for (const wire of to) wire.sendFrames(frame);
    sent += 1;
    if (sent < rounds) return;
    clearInterval(beat);
    tell({ news: 'done' });
  }, roundMs);
}

function keep(by: 'phones' | 'models', wire: WireEnd): void {
  wire.listen({ onMessage: () => {}, onClose: () => {} });
  wires[by].push(wire);
}

function tell(news: PeerNews): void {
  process.send?.(news);
}
