import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { type Batch, type BatchResult, joinHashes } from './simulate-batch.ts';
import type { Progress } from './simulate-progress.ts';
import { failureText } from './simulate-seed.ts';

/** About a second of work: little is lost when a run is stopped. */
const batchSeeds = 50;

/** A defect that breaks every call must not fill the terminal. */
const storiesMax = 3;

/** What a run found. */
export interface SeedsReport {
  readonly seeds: number;
  readonly callSeconds: number;
  readonly failedSeeds: readonly number[];
  readonly hash: string;
}

/** Plays many seeds on all cores, prints every failure as it comes, and passes over what is already finished. */
export async function runSeeds(seeds: Batch, progress: Progress, print: (text: string) => void): Promise<SeedsReport> {
  const batches: Batch[] = [];
  for (let from = seeds.from; from < seeds.to; from += batchSeeds) {
    batches.push({ from, to: Math.min(from + batchSeeds, seeds.to) });
  }
  const left = batches.filter((batch) => !progress.has(batch));
  let stories = 0;
  await inThreads(left, (result) => {
    progress.add(result);
    for (const failure of result.failures) {
      stories += 1;
      print(
        stories <= storiesMax ? `${failureText(failure)}\n` : `Seed ${failure.seed}: ${failure.broken.join('; ')}.`,
      );
    }
  });
  const finished = progress.of(batches);
  return {
    seeds: seeds.to - seeds.from,
    callSeconds: finished.reduce((sum, { callMs }) => sum + callMs / 1000, 0),
    failedSeeds: finished.flatMap(({ failedSeeds }) => failedSeeds),
    hash: joinHashes(finished.map(({ hash }) => hash)),
  };
}

/** Gives the batches to as many threads as there are cores, one at a time to each. */
async function inThreads(batches: readonly Batch[], onResult: (result: BatchResult) => void): Promise<void> {
  const waiting = batches.values();
  const threads = Math.min(availableParallelism(), batches.length);
  await Promise.all(Array.from({ length: threads }, () => runThread(waiting, onResult)));
}

function runThread(waiting: Iterator<Batch>, onResult: (result: BatchResult) => void): Promise<void> {
  const worker = new Worker(new URL('simulate-worker.ts', import.meta.url));
  return new Promise((resolve, reject) => {
    const next = (): void => {
      const { value, done } = waiting.next();
      if (done !== true) return worker.postMessage(value, []);
      void worker.terminate();
      resolve();
    };
    worker.on('message', (result: BatchResult) => {
      onResult(result);
      next();
    });
    worker.on('error', reject);
    next();
  });
}
