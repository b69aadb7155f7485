import { until } from '../../test/until.ts';
import type { SiegeService } from '../siege/siege-service.ts';

/** What a service holds when all that can be collected is. */
export interface Held {
  readonly heapMb: number;
  /** Buffers and whatever else lies outside of the heap. */
  readonly externalMb: number;
  /** Timers, sockets and other things that keep a process running. */
  readonly resources: Readonly<Record<string, number>>;
}

const script = `
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { isMainThread } from 'node:worker_threads';
if (isMainThread) {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc');
  let times = 0;
  process.on('SIGUSR2', () => {
    // What one collection frees outside of the heap is counted when the next one begins.
    collect();
    collect();
    times += 1;
    const { heapUsed, external } = process.memoryUsage();
    const resources = {};
    for (const name of process.getActiveResourcesInfo()) resources[name] = (resources[name] ?? 0) + 1;
    const held = { heapMb: heapUsed / 2 ** 20, externalMb: external / 2 ** 20, resources };
    process.stderr.write('held ' + times + ' ' + JSON.stringify(held) + '\\n');
  });
}`;

/** With these settings a service tells what it holds. */
export const tellsHeld = { NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(script)}` };

/** What the service holds now. It must have been started with `tellsHeld`; `times`: how often it is asked, with this time. */
export async function heldBy(service: SiegeService, times: number): Promise<Held> {
  process.kill(service.pid, 'SIGUSR2');
  const told = await until('what is held', () => new RegExp(`held ${times} (.*)\\n`).exec(service.lastWords)?.[1]);
  const held: Held = JSON.parse(told);
  return held;
}
