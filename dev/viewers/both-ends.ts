import { createServer } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { WebSocketServer } from 'ws';
import { listenOnAnyPort } from '../../test/any-port.ts';
import { Lateness } from '../siege/lateness.ts';
import { HealthyCall } from '../siege/peers/healthy-call.ts';
import type { CallsNews, CallsOrder } from './bench-orders.ts';
import { quantilesOf } from '../figures/quantiles.ts';

/** How long all calls may take to get through. */
const talkingMsMax = 120_000;

/** What is on its way when it is measured comes within this time. */
const settledMs = 500;
const lookMs = 20;

/** Transcripts come in fragments of a word or two, some three times a second. */
const framesPerFragment = 15;

/** A process of its own: both ends of many calls that talk all the time. */
const calls: HealthyCall[] = [];
const lateness = new Lateness();
const http = createServer();
new WebSocketServer({ server: http }).on('connection', (socket) => {
  calls.find(({ wantsSession }) => wantsSession)?.takeSession(socket);
});

process.on('message', (order: CallsOrder) => void obey(order));
// Whoever gave the orders is gone.
process.on('disconnect', () => process.exit());

tell({ news: 'listening', modelUrl: `http://127.0.0.1:${await listenOnAnyPort(http)}` });

async function obey(order: CallsOrder): Promise<void> {
  switch (order.order) {
    case 'place':
      return place(order.port, order.count);
    case 'say':
      return calls[0]?.say(order.message);
    case 'measure':
      for (const call of calls) call.startOver();
      lateness.startOver();
      return;
    case 'report':
      return report();
  }
}

async function place(port: number, count: number): Promise<void> {
  const untilMs = performance.now() + talkingMsMax;
  try {
    for (let number = 0; number < count; number += 1) {
      const call = new HealthyCall(port, fragment);
      calls.push(call);
      await call.place();
      // The next session is this call's.
      while (call.wantsSession && performance.now() < untilMs) await delay(lookMs);
    }
    while (!calls.every(({ isTalking }) => isTalking) && performance.now() < untilMs) await delay(lookMs);
    const silent = calls.find(({ isTalking, broken }) => !isTalking || broken !== '');
    if (silent !== undefined) throw new Error(silent.broken === '' ? 'nothing was heard' : silent.broken);
    tell({ news: 'talking', callSids: calls.map(({ callSid }) => callSid) });
  } catch (error) {
    tell({ news: 'failed', why: String(error) });
  }
}

/** The words of both sides, as a model tells them. */
function fragment(frame: number): string | null {
  if (frame % framesPerFragment !== 0) return null;
  const field = (frame / framesPerFragment) % 2 === 0 ? 'outputTranscription' : 'inputTranscription';
  return JSON.stringify({ serverContent: { [field]: { text: `word ${frame} ` } } });
}

async function report(): Promise<void> {
  await delay(settledMs);
  const broken = calls.find((call) => call.broken !== '');
  if (broken !== undefined) return tell({ news: 'failed', why: broken.broken });
  const trips = calls.flatMap(({ tripsMs }) => tripsMs);
  const at = quantilesOf(trips);
  tell({
    news: 'measured',
    p50Ms: at(0.5),
    p99Ms: at(0.99),
    frames: trips.length,
    answers: calls.reduce((sum, call) => sum + call.answers, 0),
    lastAnswer: calls[0]?.lastAnswer ?? '',
    lateMs: lateness.p99Ms,
  });
}

function tell(news: CallsNews): void {
  process.send?.(news);
}
