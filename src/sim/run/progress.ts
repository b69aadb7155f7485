import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { isJsonObject, parseJson } from '../../encoding/json.ts';
import type { Batch, BatchResult } from './batch.ts';
import { ParleyError } from '../../errors.ts';

/** What is kept of a batch: enough to go on later and to say at the end what the whole run found. */
export interface FinishedBatch extends Batch {
  readonly callMs: number;
  readonly failedSeeds: readonly number[];
  readonly hash: string;
}

/** The finished batches of a run, kept in a file when the run shall be resumed. */
export class Progress {
  readonly #path: string | null;
  readonly #finished = new Map<number, FinishedBatch>();

  /** Reads what an earlier run left at `path`; null keeps nothing. Throws `config.invalid` for a file that is something else. */
  constructor(path: string | null) {
    this.#path = path;
    if (path === null || !existsSync(path)) return;
    const saved = parseJson(readFileSync(path, 'utf8'));
    if (!Array.isArray(saved) || !saved.every(isFinishedBatch)) {
      throw new ParleyError(
        'config.invalid',
        `${path} is not the progress of a simulation. Delete it, or name another file.`,
      );
    }
    for (const batch of saved) this.#finished.set(batch.from, batch);
  }

  has({ from, to }: Batch): boolean {
    return this.#finished.get(from)?.to === to;
  }

  add({ from, to, callMs, failures, hash }: BatchResult): void {
    this.#finished.set(from, { from, to, callMs, failedSeeds: failures.map(({ seed }) => seed), hash });
    if (this.#path === null) return;
    // Written beside and moved, so that a run which is stopped in this moment can still be resumed.
    writeFileSync(`${this.#path}.new`, JSON.stringify([...this.#finished.values()]));
    renameSync(`${this.#path}.new`, this.#path);
  }

  /** The given batches, in order, as far as they are finished. */
  of(batches: readonly Batch[]): FinishedBatch[] {
    return batches.flatMap(({ from }) => this.#finished.get(from) ?? []);
  }
}

function isFinishedBatch(value: unknown): value is FinishedBatch {
  return (
    isJsonObject(value) &&
    [value.from, value.to, value.callMs].every((figure) => typeof figure === 'number') &&
    Array.isArray(value.failedSeeds) &&
    typeof value.hash === 'string'
  );
}
