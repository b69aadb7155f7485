import { Worker } from 'node:worker_threads';

import type { DocumentAnswer, ReadJob } from './read-job.ts';

/** What reading one document may cost. */
export interface ReaderLimits {
  readonly readMsMax: number;
  /** By which the process may grow meanwhile. */
  readonly memoryBytesMax: number;
}

/**
 * A PDF of 3,000 pages takes half of this on a slow machine: whatever takes longer was made to take long. A tool process may hold 900 MB in
 * all, of which this leaves room for a full index.
 */
const usualLimits: ReaderLimits = { readMsMax: 60_000, memoryBytesMax: 450 * 1024 * 1024 };

/** A decompressed stream grows by some 50 MB in this time. */
const memoryWatchMs = 100;

/**
 * Reads documents, one at a time, in a thread of its own: a hostile one can loop or grow there without holding up a search, and the thread
 * is ended. It runs only while there is something to read.
 */
export class DocumentReader {
  readonly #limits: ReaderLimits;
  #worker: Worker | null = null;

  constructor(limits: ReaderLimits = usualLimits) {
    this.#limits = limits;
  }

  /** Never rejects, and takes no longer than the limit. */
  async read(job: ReadJob): Promise<DocumentAnswer> {
    const worker = (this.#worker ??= this.#start());
    const { promise, resolve } = Promise.withResolvers<DocumentAnswer>();
    const fail = (why: string): void => resolve({ kind: 'unreadable', why });
    const failed = (error: Error): void => fail(`cannot be read (${error.message}).`);
    const ended = (): void => fail('cannot be read: its reader ended.');
    const endWatch = this.#watch(fail);
    worker.on('message', resolve).on('error', failed).on('exit', ended);
    worker.postMessage(job, []);
    const answer = await promise;
    endWatch();
    worker.off('message', resolve).off('error', failed).off('exit', ended);
    // After a failure nobody knows what the thread still holds or does.
    if (answer.kind === 'unreadable') await this.rest();
    return answer;
  }

  /** Ends the thread until there is something to read again. Who waits for a document is told that it cannot be read. */
  async rest(): Promise<void> {
    const worker = this.#worker;
    this.#worker = null;
    await worker?.terminate();
  }

  #start(): Worker {
    return new Worker(new URL('document-worker.ts', import.meta.url), {
      resourceLimits: { maxOldGenerationSizeMb: this.#limits.memoryBytesMax / 1024 / 1024 },
    });
  }

  /** Says what limit was passed. What it returns ends it. */
  #watch(passed: (why: string) => void): () => void {
    const { readMsMax, memoryBytesMax } = this.#limits;
    const bytesBefore = process.memoryUsage.rss();
    const deadline = setTimeout(() => passed(`takes longer than ${readMsMax / 1_000} s to read.`), readMsMax);
    const watch = setInterval(() => {
      if (process.memoryUsage.rss() - bytesBefore < memoryBytesMax) return;
      passed(`takes more than ${Math.round(memoryBytesMax / 1024 / 1024)} MB of memory to read.`);
    }, memoryWatchMs);
    return () => {
      clearTimeout(deadline);
      clearInterval(watch);
    };
  }
}
