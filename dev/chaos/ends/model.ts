import { KillModel } from '../../kill/kill-model.ts';
import { Lateness } from '../../siege/lateness.ts';
import { chaosAccount } from '../ground/chaos-account.ts';
import { toolName } from '../ground/wish-server.ts';
import type { SeenSession } from '../judge/round-facts.ts';
import type { ModelEndNews, ModelEndOrder } from './chaos-orders.ts';

// The simulated model of all calls, in a process of its own.

/** A tool is used for every third question. */
const questionsPerTool = 3;

/** How often sessions that are over are written down and forgotten: each holds all that was said. */
const tidyMs = 2_000;

const lateness = new Lateness();
const model = await KillModel.open({
  apiKey: chaosAccount.geminiKey,
  pitches: null,
  toolFor: (conversation, session, question) =>
    question % questionsPerTool === 1
      ? { name: toolName, args: { order: `order-${conversation}`, wish: `wish ${session}-${question}` } }
      : null,
});
const over: SeenSession[] = [];
const timer = setInterval(tidy, tidyMs);

function tidy(): void {
  const atMs = performance.now();
  over.push(...factsOf(false));
  model.forgetBefore(atMs);
}

function factsOf(isOpen: boolean): SeenSession[] {
  return model
    .sessionsSince(0)
    .filter((session) => session.isOpen === isOpen)
    .map(({ callerDigits, openedAtMs, spokeAtMs, wasAskedToGreet, conversation, toldAtMs, known }) => ({
      callerDigits,
      openedMs: unixMs(openedAtMs),
      spokeMs: spokeAtMs === null ? null : unixMs(spokeAtMs),
      wasAskedToGreet,
      conversation,
      toldMs: toldAtMs === null ? null : unixMs(toldAtMs),
      known,
    }));
}

function obey({ order }: ModelEndOrder): ModelEndNews {
  if (order === 'open') {
    lateness.startOver();
    return { news: 'listening', modelUrl: model.url };
  }
  clearInterval(timer);
  tidy();
  return { news: 'led', sessions: [...over, ...factsOf(true)], late: lateness.figures };
}

process.on('message', (order: ModelEndOrder) => process.send?.(obey(order)));
process.once('disconnect', () => process.exit());

function unixMs(atMs: number): number {
  return performance.timeOrigin + atMs;
}
