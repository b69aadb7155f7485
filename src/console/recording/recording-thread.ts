import { Worker } from 'node:worker_threads';
import { systemClock, type Timer } from '../../system/clock.ts';
import type { RecordingDone, RecordingForm, RecordingReply } from './recording-job.ts';
import type { TimelineMeans } from './timeline-setup.ts';

const script = new URL('recording-worker.ts', import.meta.url);

/** A call of an hour takes some seconds; a busy machine takes longer. */
const jobMsMax = 120_000;

/** Whoever looks at one call often looks at the next. */
const idleMs = 10_000;

/** Operators are few, and each waits for one call. */
const jobsMax = 8;

/** A damaged log may want all memory there is. The sound of a call lies outside of this. */
const heapBytesMax = 1024 * 1024 * 1024;

interface Waiting {
  readonly resolve: (reply: RecordingReply) => void;
  readonly deadline: Timer;
}

/** Reads recorded calls in a thread of its own, one after the other, because a long one takes seconds and no live call may wait. */
export class RecordingThread {
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | null = null;
  #rest: Timer | null = null;
  #lastId = 0;

  /** Resolves to what was wanted of the call log at this path, or to why there is none. */
  async make(logPath: string, form: RecordingForm, means: TimelineMeans): Promise<RecordingReply> {
    if (this.#waiting.size >= jobsMax)
      return { why: 'Others are waiting for recordings already. Try again in a moment.' };
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((resolve) => {
      this.#rest?.cancel();
      this.#worker ??= this.#start();
      this.#worker.ref();
      const deadline = systemClock.lazily(jobMsMax, () => this.#end('It took too long to read the recording.'));
      this.#waiting.set(id, { resolve, deadline });
      this.#worker.postMessage({ id, logPath, form, means }, []);
    });
  }

  /** Ends the thread, whatever it does. */
  stop(): void {
    this.#end('Parley is stopping.');
  }

  #start(): Worker {
    // That the stripping of types is experimental says nothing to an operator. The version of Node is fixed.
    const execArgv = ['--disable-warning=ExperimentalWarning'];
    const worker = new Worker(script, { execArgv, resourceLimits: { maxOldGenerationSizeMb: heapBytesMax / 2 ** 20 } });
    worker.on('message', ({ id, reply }: RecordingDone) => this.#receive(id, reply));
    worker.on('error', () => {
      if (this.#worker === worker) this.#end('Parley failed to read the recording.');
    });
    return worker;
  }

  #receive(id: number, reply: RecordingReply): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    waiting?.deadline.cancel();
    waiting?.resolve(reply);
    if (this.#waiting.size > 0) return;
    this.#worker?.unref();
    this.#rest = systemClock.lazily(idleMs, () => this.stop());
  }

  #end(why: string): void {
    this.#rest?.cancel();
    void this.#worker?.terminate();
    this.#worker = null;
    for (const { resolve, deadline } of this.#waiting.values()) {
      deadline.cancel();
      resolve({ why });
    }
    this.#waiting.clear();
  }
}
