import { setTimeout as delay } from 'node:timers/promises';
import { readAnswer } from '../../../src/sim/carrier/twiml/twiml-document.ts';
import type { SurgeReport, SurgeShape } from '../load-orders.ts';
import { type Crowd, spreadOf, sumOf } from './crowd.ts';
import type { LoadCall } from './load-call.ts';
import { tripsOf } from './trip-times.ts';

/** What a model heard is counted behind this part of each call, in which it greets, again if it was interrupted. */
const greetingShare = 0.5;

/** How long an interruption may be on its way when its caller hangs up. */
const clearMsMax = 5_000;
const lookMs = 5;

/** What became of one caller. */
interface Arrival {
  readonly outcome: 'taken' | 'refused' | 'unanswered';
  /** How long the answer took. */
  readonly tookMs: number;
  readonly call: LoadCall;
  /** Interruptions that had no `clear` when the caller hung up, long after. */
  readonly unclear: number;
}

/** Has calls come in, evenly, and waits until the last has hung up. */
export async function surge(
  crowd: Crowd,
  port: number,
  { callsPerSecond, lastsMs, callMs }: SurgeShape,
): Promise<SurgeReport> {
  const arrivals: Promise<Arrival>[] = [];
  const beginsMs = performance.now();
  for (let nowMs = beginsMs; nowMs < beginsMs + lastsMs; nowMs = performance.now()) {
    const due = Math.floor(((nowMs - beginsMs) * callsPerSecond) / 1_000) + 1;
    while (arrivals.length < due) arrivals.push(arrive(crowd, port, callMs));
    await delay(lookMs);
  }
  return reportOf(await Promise.all(arrivals));
}

async function arrive(crowd: Crowd, port: number, callMs: number): Promise<Arrival> {
  const call = crowd.newCall(port);
  try {
    const askedMs = performance.now();
    const answer = await call.ring();
    const tookMs = performance.now() - askedMs;
    const document = answer?.status === 200 ? readAnswer(answer) : null;
    const isUnderstood = document?.type === 'document' && document.verbs.length > 0 && document.warnings.length === 0;
    if (!isUnderstood) return { outcome: 'unanswered', tookMs, call, unclear: 0 };
    const unclear = call.isTaken ? await talk(call, callMs) : 0;
    await call.hangUp();
    return { outcome: call.isTaken ? 'taken' : 'refused', tookMs, call, unclear };
  } finally {
    crowd.forget(call);
  }
}

/** Talks for so long. Returns how many interruptions had no `clear`. */
async function talk(call: LoadCall, callMs: number): Promise<number> {
  const { figures } = call;
  await call.open();
  if (figures.broken !== '') return 0;
  // What is said into the greeting is held, and only the speech of it goes out.
  await delay(greetingShare * callMs);
  figures.heard.startOver();
  await delay((1 - greetingShare) * callMs);
  const nowMs = performance.now();
  while (figures.isUnclearSince(nowMs) && figures.broken === '' && performance.now() < nowMs + clearMsMax)
    await delay(lookMs);
  return figures.unclear + (figures.isUnclearSince(nowMs) ? 1 : 0);
}

function reportOf(arrivals: readonly Arrival[]): SurgeReport {
  const of = (outcome: Arrival['outcome']): Arrival[] => arrivals.filter((arrival) => arrival.outcome === outcome);
  const taken = of('taken').map(({ call }) => call.figures);
  const broken = taken.filter((figures) => figures.broken !== '');
  return {
    taken: taken.length,
    refused: of('refused').length,
    unanswered: of('unanswered').length,
    refusals: tripsOf([of('refused').map(({ tookMs }) => tookMs)]),
    heard: spreadOf(taken.map(({ heard }) => heard.share)),
    clear: tripsOf(taken.map(({ clearTripsMs }) => clearTripsMs)),
    unclear: sumOf(arrivals.map(({ unclear }) => unclear)),
    sessionsLost: sumOf(taken.map(({ sessionsLost }) => sessionsLost)),
    broken: broken.length,
    why: broken[0]?.broken ?? '',
  };
}
