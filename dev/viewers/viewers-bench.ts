import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { SiegeService } from '../siege/siege-service.ts';
import type { CallsNews, CallsOrder, ViewersNews, ViewersOrder } from './bench-orders.ts';

const token = 'token-of-the-bench-83f1';

/** After somebody came or left, things calm down first. */
const settledMs = 1_000;

/** Who watches. */
export interface Audience {
  readonly name: string;
  readonly watching: number;
  readonly listening: number;
}

/** What was measured in a span of time. */
export interface Sample {
  /** Of one processor, 0 to 1. */
  readonly cpuShare: number;
  /** How long frames of calls were on their way through Parley, both ways. */
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** What the audience got. */
  readonly bytesPerSecond: number;
}

/** The service in a process of its own, calls that talk in another, and whoever watches in a third. */
export class ViewersBench {
  readonly #service: SiegeService;
  readonly #calls: ChildProcess;
  readonly #viewers: ChildProcess;
  readonly #adminPort: number;
  readonly #callSids: readonly string[];

  private constructor(
    service: SiegeService,
    calls: ChildProcess,
    viewers: ChildProcess,
    adminPort: number,
    callSids: readonly string[],
  ) {
    this.#service = service;
    this.#calls = calls;
    this.#viewers = viewers;
    this.#adminPort = adminPort;
    this.#callSids = callSids;
  }

  /** Starts all of it and waits until so many calls talk. */
  static async start(count: number): Promise<ViewersBench> {
    const calls = fork(new URL('both-ends.ts', import.meta.url), { stdio: 'inherit' });
    const listening = await callsNews(calls);
    if (listening.news !== 'listening') throw new Error('The process of the calls did not start.');
    const adminPort = await freePort();
    const service = await SiegeService.start(listening.modelUrl, {
      MAX_CONCURRENT_CALLS: String(count + 10),
      ADMIN_PORT: String(adminPort),
      ADMIN_TOKEN: token,
    });
    calls.send({ order: 'place', port: service.port, count } satisfies CallsOrder);
    const talking = await callsNews(calls);
    if (talking.news !== 'talking') throw new Error(`The calls failed: ${JSON.stringify(talking)}`);
    const viewers = fork(new URL('watchers.ts', import.meta.url), { stdio: 'inherit' });
    return new ViewersBench(service, calls, viewers, adminPort, talking.callSids);
  }

  /** Measures the service for so long while this audience watches. */
  async measure({ watching, listening }: Audience, spanMs: number): Promise<Sample> {
    await this.#seat(watching, this.#callSids.slice(0, listening));
    await delay(settledMs);
    this.#calls.send({ order: 'measure' } satisfies CallsOrder);
    const [fromMs, fromCpuMs] = [performance.now(), this.#service.cpuMs];
    await delay(spanMs);
    const [tookMs, cpuMs] = [performance.now() - fromMs, this.#service.cpuMs - fromCpuMs];
    const heard = callsNews(this.#calls);
    this.#calls.send({ order: 'report' } satisfies CallsOrder);
    const report = await heard;
    if (report.news !== 'measured') throw new Error(`The calls failed: ${JSON.stringify(report)}`);
    const seatedMs = performance.now() - fromMs + settledMs;
    const bytes = await this.#seat(0, []);
    return {
      cpuShare: cpuMs / tookMs,
      p50Ms: report.p50Ms,
      p99Ms: report.p99Ms,
      bytesPerSecond: (bytes * 1_000) / seatedMs,
    };
  }

  stop(): void {
    for (const child of [this.#calls, this.#viewers]) child.kill('SIGKILL');
    void this.#service.stop();
  }

  /** Has so many watch and listen, in place of those before. Resolves to how much those got. */
  async #seat(watching: number, listening: readonly string[]): Promise<number> {
    const heard = once(this.#viewers, 'message');
    this.#viewers.send({ port: this.#adminPort, token, watching, listening } satisfies ViewersOrder);
    const [news]: ViewersNews[] = await heard;
    return news?.bytesBefore ?? 0;
  }
}

async function callsNews(calls: ChildProcess): Promise<CallsNews> {
  const stop = new AbortController();
  const { signal } = stop;
  const [news]: CallsNews[] = await Promise.race([
    once(calls, 'message', { signal }),
    once(calls, 'exit', { signal }).then(() => []),
  ]);
  stop.abort();
  if (news === undefined) throw new Error('The process of the calls has ended.');
  return news;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' && address !== null ? address.port : 0;
}
