import { setTimeout as delay } from 'node:timers/promises';
import type { SurgeReport } from './load-orders.ts';
import { type MeasuredBridge, type LoadFigures, LoadRun, measureLoad } from './load-run.ts';

/** So many calls at a time are offered in a surge, beside those that fill a processor. */
const overload = 1.5;

/** So many of those that fill a processor talk all the time, before the surge as well as after it. */
const residentShare = 0.5;

/** How long calls come in, and how long each lasts. */
const surgeMs = 40_000;
const callMs = 20_000;

/** How long before the surge the others are measured, and afterwards, when its last caller has been gone for so long. */
const calmMs = 8_000;
const recoveryMs = 10_000;

/** How many calls fill a processor is told from so many of them. */
const probeCalls = 80;
const probeMs = 8_000;

/** A surge as it was offered, and what became of it. */
export interface SurgeFigures {
  /** How many calls fill a processor. */
  readonly fullCalls: number;
  /** How many calls talked all the time, and how many came in each second of the surge. */
  readonly residents: number;
  readonly callsPerSecond: number;
  readonly report: SurgeReport;
  /** What the calls noticed that talked all the time. */
  readonly before: LoadFigures;
  readonly during: LoadFigures;
  readonly after: LoadFigures;
}

/** How many calls fill a processor. */
export async function fullCallsOf(contender: MeasuredBridge): Promise<number> {
  const { cpuShare } = await measureLoad(contender, probeCalls, probeMs);
  return Math.round(probeCalls / cpuShare);
}

/** Offers a bridge more calls than it can carry. */
export async function measureSurge(start: MeasuredBridge['start'], fullCalls: number): Promise<SurgeFigures> {
  const residents = Math.round(residentShare * fullCalls);
  const callsPerSecond = (1_000 * (overload * fullCalls - residents)) / callMs;
  const run = await LoadRun.start(start);
  try {
    await run.place(residents);
    const before = await run.measure(calmMs);
    const surged = run.surge({ callsPerSecond, lastsMs: surgeMs, callMs });
    const during = await run.measure(surgeMs);
    const report = await surged;
    await delay(recoveryMs);
    const after = await run.measure(calmMs);
    return { fullCalls, residents, callsPerSecond, report, before, during, after };
  } finally {
    await run.stop();
  }
}
