import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';

/** As many threads as there are cores. Each runs a module that answers each job with a result. */
export class Threads<Job, Result> {
  readonly #module: URL;
  readonly #onResult: (result: Result) => void;

  constructor(module: URL, onResult: (result: Result) => void) {
    this.#module = module;
    this.#onResult = onResult;
  }

  /** Gives out the jobs, one at a time to each thread, until all are done. */
  async run(jobs: readonly Job[]): Promise<void> {
    const waiting = jobs.values();
    const threads = Math.min(availableParallelism(), jobs.length);
    await Promise.all(Array.from({ length: threads }, () => this.#runThread(waiting)));
  }

  #runThread(waiting: Iterator<Job>): Promise<void> {
    const worker = new Worker(this.#module);
    return new Promise((resolve, reject) => {
      const next = (): void => {
        const { value, done } = waiting.next();
        if (done !== true) return worker.postMessage(value, []);
        void worker.terminate();
        resolve();
      };
      worker.on('message', (result: Result) => {
        this.#onResult(result);
        next();
      });
      worker.on('error', reject);
      next();
    });
  }
}
