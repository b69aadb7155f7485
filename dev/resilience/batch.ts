import { rows, TalkSeed, type TalkResult } from './seed.ts';

/** Seeds that are played in one go, `from` up to but not including `to`, each with the named rows. */
export interface TalkBatch {
  readonly from: number;
  readonly to: number;
  readonly rows: readonly string[];
}

/** Plays all talks of a batch. */
export function runTalkBatch({ from, to, rows: wanted }: TalkBatch): TalkResult[] {
  const results: TalkResult[] = [];
  for (let at = from; at < to; at += 1) {
    const seed = new TalkSeed(at);
    for (const row of rows.filter((name) => wanted.includes(name))) results.push(seed.run(row));
  }
  return results;
}
