import { runSeed, type SeedFailure } from './seed.ts';
import { fingerprint } from '../../calllog/log-format.ts';

/** Seeds that are played in one go, `from` up to but not including `to`. */
export interface Batch {
  readonly from: number;
  readonly to: number;
}

/** What became of a batch. */
export interface BatchResult extends Batch {
  readonly callMs: number;
  readonly failures: readonly SeedFailure[];
  /** One hash for all traces, in the order of the seeds. */
  readonly hash: string;
}

/** Plays all seeds of a batch, one after the other. */
export function runBatch({ from, to }: Batch): BatchResult {
  const failures: SeedFailure[] = [];
  const hashes: string[] = [];
  let callMs = 0;
  for (let seed = from; seed < to; seed += 1) {
    const { call, failure } = runSeed(seed);
    if (failure !== null) failures.push(failure);
    hashes.push(call.hash);
    callMs += call.callMs;
  }
  return { from, to, callMs, failures, hash: joinHashes(hashes) };
}

/** One hash for many. */
export function joinHashes(hashes: readonly string[]): string {
  return fingerprint(Buffer.from(hashes.join('')));
}
