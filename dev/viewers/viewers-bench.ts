import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { listenOnAnyPort } from '../../test/any-port.ts';
import { SiegeService } from '../siege/siege-service.ts';
import type { ViewersNews, ViewersOrder } from './bench-orders.ts';
import { TalkingCalls } from './talking-calls.ts';

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
  readonly #calls: TalkingCalls;
  readonly #viewers: ChildProcess;
  readonly #adminPort: number;
  readonly #callSids: readonly string[];

  private constructor(
    service: SiegeService,
    calls: TalkingCalls,
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
    const calls = await TalkingCalls.start();
    const adminPort = await freePort();
    const service = await SiegeService.start(calls.modelUrl, {
      MAX_CONCURRENT_CALLS: String(count + 10),
      MAX_EVENT_LOOP_DELAY_MS: 'off',
      // The callers are made of tones, in which the ear hears nobody: so their models decide when they are interrupted.
      BARGE_IN: 'off',
      ADMIN_PORT: String(adminPort),
      ADMIN_TOKEN: token,
    });
    const callSids = await calls.place(service.port, count);
    const viewers = fork(new URL('watchers.ts', import.meta.url), { stdio: 'inherit' });
    return new ViewersBench(service, calls, viewers, adminPort, callSids);
  }

  /** Measures the service for so long while this audience watches. */
  async measure({ watching, listening }: Audience, spanMs: number): Promise<Sample> {
    await this.#seat(watching, this.#callSids.slice(0, listening));
    await delay(settledMs);
    const [fromMs, fromCpuMs] = [performance.now(), this.#service.cpuMs];
    const report = await this.#calls.measure(spanMs);
    const [tookMs, cpuMs] = [performance.now() - fromMs, this.#service.cpuMs - fromCpuMs];
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
    this.#calls.stop();
    this.#viewers.kill('SIGKILL');
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

async function freePort(): Promise<number> {
  const server = createServer();
  const port = await listenOnAnyPort(server);
  server.close();
  return port;
}
