import { type ChildProcess, fork } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { childNews } from '../viewers/child-news.ts';
import { cpuMsOf, memoryMbOf } from '../siege/process-figures.ts';
import type { SiegeKind } from '../siege/siege-kind.ts';
import { type BridgeProcess, pin } from './bridge-process.ts';
import { attackBeside } from './hostile-caller.ts';
import type { LoadNews, LoadOrder, LoadReport, SurgeReport, SurgeShape } from './load-orders.ts';

/** The calls are counted on when they have talked for so long. */
const warmUpMs = 1_000;

/** A round is void when the process that makes the load was late itself. */
const lateMsMax = 5;

/** The bridge has this processor, and whoever makes its load the other one. */
const bridgeProcessor = 0;
export const loadProcessor = 1;

/** One bridge under so many calls. */
export interface LoadFigures extends LoadReport {
  /** CPU of the bridge for each second of a call, in ms. */
  readonly cpuMsPerCallSecond: number;
  /** Of one processor, 0 to 1: of the bridge, and of the process that makes the load. */
  readonly cpuShare: number;
  readonly loadCpuShare: number;
  readonly idleMb: number;
  readonly loadedMb: number;
  readonly isVoid: boolean;
}

/** A bridge in a process of its own, and the calls that it carries in another. */
export class LoadRun {
  readonly #load: ChildProcess;
  readonly #bridge: BridgeProcess;
  readonly #idleMb: number;
  #calls = 0;

  private constructor(load: ChildProcess, bridge: BridgeProcess) {
    this.#load = load;
    this.#bridge = bridge;
    this.#idleMb = sumOf(bridge.pids, memoryMbOf);
  }

  /** Starts both, without a call. `start` gets the address of the model. */
  static async start(start: (modelUrl: string) => Promise<BridgeProcess>): Promise<LoadRun> {
    const load = fork(new URL('ends/both-ends-at-load.ts', import.meta.url), {
      stdio: 'inherit',
      // So that a figure that is none comes as NaN.
      serialization: 'advanced',
    });
    try {
      pin(load.pid ?? Number.NaN, loadProcessor);
      const listening = await childNews<LoadNews>(load);
      if (listening.news !== 'listening') throw new Error('The process of the calls did not start.');
      const bridge = await start(listening.modelUrl);
      for (const pid of bridge.pids) pin(pid, bridgeProcessor);
      return new LoadRun(load, bridge);
    } catch (error) {
      load.kill('SIGKILL');
      throw error;
    }
  }

  get bridge(): BridgeProcess {
    return this.#bridge;
  }

  /** Places so many more calls. Rejects when fewer than half of them talk. */
  async place(count: number): Promise<void> {
    const talking = await this.#ask('talking', { order: 'place', port: this.#bridge.port, count });
    this.#calls += talking.count;
  }

  /** Measures the calls that were placed for so long, once they have warmed up. */
  async measure(spanMs: number): Promise<LoadFigures> {
    const { pids } = this.#bridge;
    const load = this.#load.pid ?? Number.NaN;
    await delay(warmUpMs);
    this.#load.send({ order: 'measure' } satisfies LoadOrder);
    const [fromMs, fromCpuMs, fromLoadMs] = [performance.now(), sumOf(pids, cpuMsOf), cpuMsOf(load)];
    await delay(spanMs);
    const tookMs = performance.now() - fromMs;
    const [cpuMs, loadMs] = [sumOf(pids, cpuMsOf) - fromCpuMs, cpuMsOf(load) - fromLoadMs];
    const loadedMb = sumOf(pids, memoryMbOf);
    const report = await this.#ask('measured', { order: 'report' });
    return {
      ...report,
      cpuMsPerCallSecond: (1_000 * cpuMs) / tookMs / this.#calls,
      cpuShare: cpuMs / tookMs,
      loadCpuShare: loadMs / tookMs,
      idleMb: this.#idleMb,
      loadedMb,
      isVoid: report.lateMs > lateMsMax,
    };
  }

  /** Has more calls come in, beside those that were placed, and waits until the last of them has hung up. */
  async surge(shape: SurgeShape): Promise<SurgeReport> {
    return this.#ask('surged', { order: 'surge', port: this.#bridge.port, ...shape });
  }

  async stop(): Promise<void> {
    this.#load.kill('SIGKILL');
    await this.#bridge.stop();
  }

  /** Gives an order and waits for these news. Others may come before, of an order that was given earlier. */
  async #ask<Name extends LoadNews['news']>(name: Name, order: LoadOrder): Promise<Extract<LoadNews, { news: Name }>> {
    let coming = childNews<LoadNews>(this.#load);
    this.#load.send(order);
    for (;;) {
      const news = await coming;
      if (isNews(news, name)) return news;
      if (news.news === 'failed') throw new Error(news.why);
      coming = childNews<LoadNews>(this.#load);
    }
  }
}

function sumOf(pids: readonly number[], figure: (pid: number) => number): number {
  return pids.reduce((sum, pid) => sum + figure(pid), 0);
}

function isNews<Name extends LoadNews['news']>(news: LoadNews, name: Name): news is Extract<LoadNews, { news: Name }> {
  return news.news === name;
}

/** A bridge that is measured. */
export interface MeasuredBridge {
  readonly name: string;
  /** Starts it. Gets the address of the model. */
  readonly start: (modelUrl: string) => Promise<BridgeProcess>;
  /** What a hostile caller does beside the others; null where there is none. */
  readonly hostile: SiegeKind | null;
}

/** Puts so many calls on a bridge, measures them for so long, and takes both away again. */
export async function measureLoad(
  { start, hostile }: MeasuredBridge,
  calls: number,
  spanMs: number,
): Promise<LoadFigures> {
  const run = await LoadRun.start(start);
  try {
    await run.place(calls);
    const { service } = run.bridge;
    if (hostile === null || service === null) return await run.measure(spanMs);
    const [figures] = await Promise.all([run.measure(spanMs), attackBeside(service, hostile, warmUpMs + spanMs)]);
    return figures;
  } finally {
    await run.stop();
  }
}

/**
 * Puts so many calls on each of these bridges, on one processor, and measures all of them in the same seconds, once for each round. Whatever
 * slows the machine down slows down all alike.
 */
export async function* measureTogether(
  bridges: readonly MeasuredBridge[],
  calls: number,
  spanMs: number,
  rounds: number,
): AsyncGenerator<ReadonlyMap<MeasuredBridge, LoadFigures>> {
  const runs = new Map<MeasuredBridge, LoadRun>();
  try {
    for (const bridge of bridges) runs.set(bridge, await LoadRun.start(bridge.start));
    await Promise.all([...runs.values()].map(async (run) => run.place(calls)));
    for (let round = 0; round < rounds; round += 1) {
      const measured = [...runs].map(async ([bridge, run]) => [bridge, await run.measure(spanMs)] as const);
      yield new Map(await Promise.all(measured));
    }
  } finally {
    await Promise.allSettled([...runs.values()].map(async (run) => run.stop()));
  }
}
