import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { WebSocketServer } from 'ws';
import { listenOnAnyPort } from '../../../test/any-port.ts';
import { Lateness } from '../lateness.ts';
import { HealthyCall } from './healthy-call.ts';
import type { PeersNews, PeersOrder } from './peers-orders.ts';

/** How long a start may take, and how long what is on its way may take to come: what is later than that is lost. */
const talkingMsMax = 60_000;
const settledMsMax = 8_000;
const lookMs = 20;

/** A process of its own: both ends of the healthy call, and the door at which Parley asks for model sessions. */
let call: HealthyCall | null = null;
const lateness = new Lateness();

const http = createHttpServer();
new WebSocketServer({ server: http }).on('connection', (socket) => call?.takeSession(socket));

// Sessions of attackers' calls are handed on before a byte of them is read, so that they cost this process nothing.
const door = createServer({ pauseOnConnect: true, noDelay: true }, (socket) => {
  if (call?.wantsSession !== true) return void process.send?.({ news: 'attackerSession' } satisfies PeersNews, socket);
  http.emit('connection', socket);
  socket.resume();
});

process.on('message', (order: PeersOrder) => void obey(order));
// Whoever gave the orders is gone.
process.on('disconnect', () => process.exit());

tell({ news: 'listening', modelUrl: `http://127.0.0.1:${await listenOnAnyPort(door)}` });

async function obey(order: PeersOrder): Promise<void> {
  switch (order.order) {
    case 'call':
      return place(order.port);
    case 'measure':
      call?.startOver();
      lateness.startOver();
      return;
    case 'report':
      return report();
  }
}

async function place(port: number): Promise<void> {
  const untilMs = performance.now() + talkingMsMax;
  // The one before went down with its service.
  call?.leave();
  const placed = new HealthyCall(port);
  call = placed;
  try {
    await placed.place();
    while (!placed.isTalking && placed.broken === '' && performance.now() < untilMs) await delay(lookMs);
  } catch (error) {
    return tell({ news: 'callFailed', why: String(error) });
  }
  if (placed.isTalking) tell({ news: 'talking' });
  else tell({ news: 'callFailed', why: placed.broken === '' ? 'nothing was heard' : placed.broken });
}

async function report(): Promise<void> {
  if (call === null) return;
  const { p99Ms: lateMs } = lateness;
  const sinceMs = performance.now();
  while (call.waitingSinceMs <= sinceMs && call.broken === '' && performance.now() - sinceMs < settledMsMax) {
    await delay(lookMs);
  }
  const isAllThere = call.waitingSinceMs > sinceMs;
  const broken = call.broken === '' && !isAllThere ? 'it stands still' : call.broken;
  tell({ news: 'measured', health: { tripsMs: call.tripsMs, lost: call.lost, broken, lateMs } });
}

function tell(news: PeersNews): void {
  process.send?.(news);
}
