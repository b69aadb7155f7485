import { type Batch, type BatchResult, joinHashes } from './batch.ts';
import type { Progress } from './progress.ts';
import { failureText } from './seed.ts';
import { Threads } from '../../cli/threads.ts';

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
  const worker = new URL('worker.ts', import.meta.url);
  const threads = new Threads<Batch, BatchResult>(worker, (result) => {
    progress.add(result);
    for (const failure of result.failures) {
      stories += 1;
      print(
        stories <= storiesMax ? `${failureText(failure)}\n` : `Seed ${failure.seed}: ${failure.broken.join('; ')}.`,
      );
    }
  });
  await threads.run(left);
  const finished = progress.of(batches);
  return {
    seeds: seeds.to - seeds.from,
    callSeconds: finished.reduce((sum, { callMs }) => sum + callMs / 1000, 0),
    failedSeeds: finished.flatMap(({ failedSeeds }) => failedSeeds),
    hash: joinHashes(finished.map(({ hash }) => hash)),
  };
}
