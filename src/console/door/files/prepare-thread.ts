import { Worker } from 'node:worker_threads';
import { ParleyError } from '../../../errors.ts';
import { systemClock, type Timer } from '../../../system/clock.ts';
import type { PreparedFile, PrepareReply } from './prepared-file.ts';

const script = new URL('prepare-worker.ts', import.meta.url);

/** A page asks for all its files within moments. After that, the thread is in the way. */
const idleMs = 5_000;

/** A file takes some milliseconds, the thread a third of a second. A busy machine takes longer. */
const answerMsMax = 60_000;

interface Waiting {
  readonly resolve: (file: PreparedFile) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Reads, strips and compresses files of pages in a thread, so that no call waits for it. The thread lives for a moment: a page is opened
 * now and then.
 */
export class PrepareThread {
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | null = null;
  #rest: Timer | null = null;
  #lastId = 0;

  /** Resolves to the file as it is sent, types stripped. Throws `console.fileBroken`. */
  async prepare(path: string): Promise<PreparedFile> {
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#rest?.cancel();
      this.#rest = systemClock.lazily(answerMsMax, () => this.stop());
      this.#worker ??= this.#start();
      this.#worker.postMessage({ id, path }, []);
    });
  }

  /** Ends the thread, whatever it does. */
  stop(): void {
    this.#rest?.cancel();
    void this.#worker?.terminate();
    this.#worker = null;
    this.#fail('the thread was ended');
  }

  #start(): Worker {
    // The warning that stripping is experimental says nothing to an operator. The version of Node is fixed.
    const worker = new Worker(script, { execArgv: ['--disable-warning=ExperimentalWarning'] });
    worker.unref();
    worker.on('message', (reply: PrepareReply) => this.#receive(reply));
    worker.on('error', ({ message }) => {
      if (this.#worker === worker) this.#worker = null;
      this.#fail(message);
    });
    return worker;
  }

  #receive(reply: PrepareReply): void {
    const waiting = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if ('file' in reply) waiting?.resolve(reply.file);
    else waiting?.reject(new ParleyError('console.fileBroken', reply.why));
    if (this.#waiting.size > 0) return;
    this.#rest?.cancel();
    this.#rest = systemClock.lazily(idleMs, () => this.stop());
  }

  #fail(why: string): void {
    for (const { reject } of this.#waiting.values()) reject(new ParleyError('console.fileBroken', why));
    this.#waiting.clear();
  }
}
