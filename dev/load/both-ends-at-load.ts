import { createServer } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { WebSocketServer } from 'ws';
import { listenOnAnyPort } from '../../test/any-port.ts';
import { Lateness } from '../siege/lateness.ts';
import { LoadCall } from './load-call.ts';
import type { LoadNews, LoadOrder } from './load-orders.ts';
import { tripsOf } from './trip-times.ts';

/** How often the calls are asked to send what is due. */
const beatMs = 4;

/** How long one call may take to get its session, and all calls to get through. */
const sessionMsMax = 10_000;
const talkingMsMax = 60_000;
const lookMs = 5;

/** A process of its own: both ends of all calls, so that one clock measures how long a message was on its way. */
const calls: LoadCall[] = [];
const lateness = new Lateness();
const http = createServer();
new WebSocketServer({ server: http, perMessageDeflate: false }).on('connection', (socket) => {
  calls.find(({ wantsSession }) => wantsSession)?.takeSession(socket);
});

process.on('message', (order: LoadOrder) => void obey(order));
process.on('disconnect', () => process.exit());

tell({ news: 'listening', modelUrl: `http://127.0.0.1:${await listenOnAnyPort(http)}` });

setInterval(() => {
  const nowMs = performance.now();
  for (const call of calls) call.speak(nowMs);
}, beatMs);

async function obey(order: LoadOrder): Promise<void> {
  switch (order.order) {
    case 'place':
      return place(order.port, order.count);
    case 'measure':
      for (const call of calls) call.startOver();
      lateness.startOver();
      return;
    case 'report':
      return report();
  }
}

async function place(port: number, count: number): Promise<void> {
  try {
    for (let number = 0; number < count; number += 1) {
      const call = new LoadCall(port, calls.length);
      calls.push(call);
      const untilMs = performance.now() + sessionMsMax;
      await call.place();
      // The next session is this call's.
      while (call.wantsSession && performance.now() < untilMs) await delay(lookMs);
    }
    const untilMs = performance.now() + talkingMsMax;
    while (!calls.every(({ isTalking, broken }) => isTalking || broken !== '') && performance.now() < untilMs)
      await delay(lookMs);
    const silent = calls.filter(({ isTalking }) => !isTalking);
    if (silent.length > 0) throw new Error(`${silent.length} calls do not talk: ${silent[0]?.broken}`);
    tell({ news: 'talking' });
  } catch (error) {
    tell({ news: 'failed', why: String(error) });
  }
}

function report(): void {
  const shares = calls.map(({ heardShare }) => heardShare).toSorted((a, b) => a - b);
  const broken = calls.filter((call) => call.broken !== '');
  tell({
    news: 'measured',
    up: tripsOf(calls.map(({ up }) => up.tripsMs)),
    down: tripsOf(calls.map(({ down }) => down.tripsMs)),
    clear: tripsOf(calls.map(({ clearTripsMs }) => clearTripsMs)),
    unclear: calls.reduce((sum, { unclear }) => sum + unclear, 0),
    heard: {
      min: shares[0] ?? Number.NaN,
      median: shares[Math.floor(shares.length / 2)] ?? Number.NaN,
      max: shares.at(-1) ?? Number.NaN,
    },
    lateMs: lateness.p99Ms,
    sessionsLost: calls.reduce((sum, { sessionsLost }) => sum + sessionsLost, 0),
    broken: broken.length,
    why: broken[0]?.broken ?? '',
  });
}

function tell(news: LoadNews): void {
  process.send?.(news);
}
