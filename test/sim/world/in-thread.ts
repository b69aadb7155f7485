import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { onTestFinished } from 'vitest';
import type { Batch } from '../../../src/sim/run/batch.ts';

/** What a thread of its own says of a batch. */
export async function inThread(work: Batch): Promise<unknown> {
  const worker = new Worker(new URL('../../../src/sim/run/worker.ts', import.meta.url));
  onTestFinished(() => void worker.terminate());
  worker.postMessage(work, []);
  const [result]: unknown[] = await once(worker, 'message');
  return result;
}
