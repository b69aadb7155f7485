import { fork } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { childNews } from '../viewers/child-news.ts';
import { cpuMsOf, memoryMbOf } from '../siege/process-figures.ts';
import { type BridgeProcess, pin } from './bridge-process.ts';
import type { LoadNews, LoadOrder, LoadReport } from './load-orders.ts';

/** The calls are counted on when they have talked for so long. */
const warmUpMs = 1_000;

/** A round is void when the process that makes the load was late itself. */
const lateMsMax = 5;

/** One bridge under so many calls. */
export interface LoadFigures extends LoadReport {
  /** CPU of the bridge for each second of a call, in ms. */
  readonly cpuMsPerCallSecond: number;
  /** Of one processor, 0 to 1. */
  readonly cpuShare: number;
  readonly idleMb: number;
  readonly loadedMb: number;
  readonly isVoid: boolean;
}

/** Puts so many calls on a bridge, measures them for so long, and takes both away again. */
export async function measureLoad(
  start: (modelUrl: string) => Promise<BridgeProcess>,
  calls: number,
  spanMs: number,
): Promise<LoadFigures> {
  const load = fork(new URL('both-ends-at-load.ts', import.meta.url), { stdio: 'inherit' });
  pin(load.pid ?? Number.NaN, 1);
  const listening = await childNews<LoadNews>(load);
  if (listening.news !== 'listening') throw new Error('The process of the calls did not start.');
  const bridge = await start(listening.modelUrl);
  try {
    pin(bridge.pid, 0);
    const idleMb = memoryMbOf(bridge.pid);
    const talking = childNews<LoadNews>(load);
    load.send({ order: 'place', port: bridge.port, count: calls } satisfies LoadOrder);
    const outcome = await talking;
    if (outcome.news !== 'talking') throw new Error(`The calls failed: ${JSON.stringify(outcome)}`);
    await delay(warmUpMs);
    load.send({ order: 'measure' } satisfies LoadOrder);
    const [fromMs, fromCpuMs] = [performance.now(), cpuMsOf(bridge.pid)];
    await delay(spanMs);
    const [tookMs, cpuMs] = [performance.now() - fromMs, cpuMsOf(bridge.pid) - fromCpuMs];
    const loadedMb = memoryMbOf(bridge.pid);
    const measured = childNews<LoadNews>(load);
    load.send({ order: 'report' } satisfies LoadOrder);
    const report = await measured;
    if (report.news !== 'measured') throw new Error(`The calls failed: ${JSON.stringify(report)}`);
    return {
      ...report,
      cpuMsPerCallSecond: (1_000 * cpuMs) / tookMs / calls,
      cpuShare: cpuMs / tookMs,
      idleMb,
      loadedMb,
      isVoid: report.lateMs > lateMsMax,
    };
  } finally {
    load.kill('SIGKILL');
    await bridge.stop();
  }
}
