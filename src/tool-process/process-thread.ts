import { Worker } from 'node:worker_threads';
import { within } from '../system/within.ts';
import type { ProcessOrder } from './process-messages.ts';
import type { ChildLine, ChildListener } from './tool-child.ts';
import type { ProcessNews } from './process-messages.ts';
import type { ToolLaneName } from './tool-source.ts';

const script = new URL('spawning-thread.ts', import.meta.url);

/** What a thread may take to say something or to end. Whoever stops Parley shall not wait for one that does not. */
const threadMsMax = 3_000;

/** What the thread is told. */
export type ThreadOrder =
  | { readonly does: 'start'; readonly lane: ToolLaneName }
  | { readonly does: 'tell'; readonly order: ProcessOrder }
  | { readonly does: 'kill'; readonly why: string }
  | { readonly does: 'end'; readonly msMax: number };

/** What it says of the process. */
export type ThreadNews =
  | { readonly says: 'started'; readonly pid: number | null }
  | { readonly says: 'news'; readonly news: ProcessNews }
  | { readonly says: 'line'; readonly line: ChildLine }
  | { readonly says: 'gone'; readonly how: string }
  | { readonly says: 'ended' };

/**
 * A tool process, as the calls see it. To start a process takes a busy machine a tenth of a second, in which its thread stands still; so a
 * thread of its own does that, reads what the process writes, and checks what it says. One process after the other may be started.
 */
export class ProcessThread {
  readonly #lane: ToolLaneName;
  readonly #listener: ChildListener;
  #worker: Worker | null = null;
  #pid: number | null = null;
  /** Called when the process has ended in order. */
  #whenEnded: () => void = () => {};
  #end: Promise<void> | null = null;
  /** From the order to start a process until it is gone. */
  #isStarted = false;
  #starts = 0;

  constructor(lane: ToolLaneName, listener: ChildListener) {
    this.#lane = lane;
    this.#listener = listener;
  }

  /** The process, as long as there is one. */
  get pid(): number | null {
    return this.#pid;
  }

  start(): void {
    this.#worker ??= this.#thread();
    this.#isStarted = true;
    this.#starts += 1;
    this.#post({ does: 'start', lane: this.#lane });
  }

  /** What a process that is gone is told, is lost. */
  tell(order: ProcessOrder): void {
    this.#post({ does: 'tell', order });
  }

  /** Ends the process at once, whatever it does. `onGone` follows, and says why. */
  kill(why: string): void {
    this.#post({ does: 'kill', why });
    const worker = this.#worker;
    const starts = this.#starts;
    // A thread that never came up, or hangs, says nothing.
    setTimeout(() => {
      const isSame = this.#isStarted && this.#starts === starts;
      if (worker !== null && isSame) this.#abandon(worker, `${why}, and its thread does not answer`);
    }, threadMsMax).unref();
  }

  /**
   * Lets the process close what it has open, ends it after `msMax` at the latest, and then the thread. Resolves when both are over, or have had
   * their time. Whoever asks once more waits for the same end.
   */
  async end(msMax: number): Promise<void> {
    this.#end ??= this.#endOnce(msMax);
    return this.#end;
  }

  async #endOnce(msMax: number): Promise<void> {
    const worker = this.#worker;
    if (worker === null) return;
    const ended = new Promise<void>((resolve) => {
      this.#whenEnded = resolve;
      this.#post({ does: 'end', msMax });
    });
    await within(ended, msMax + threadMsMax);
    this.#worker = null;
    // A process that was not heard of ends as well, when it hears that its parent is gone.
    await within(worker.terminate(), threadMsMax);
  }

  #thread(): Worker {
    // That the stripping of types is experimental says nothing to an operator. The version of Node is fixed.
    const worker = new Worker(script, { execArgv: ['--disable-warning=ExperimentalWarning'] });
    worker.on('message', (news: ThreadNews) => this.#hear(news));
    worker.on('error', () => this.#abandon(worker, 'its thread failed'));
    worker.on('exit', () => this.#abandon(worker, 'its thread ended'));
    return worker;
  }

  /** A fault of ours. The process hears that its parent is gone, and the next one gets another thread. */
  #abandon(worker: Worker, how: string): void {
    if (this.#worker !== worker) return;
    this.#worker = null;
    void worker.terminate();
    this.#hear({ says: 'gone', how });
    this.#whenEnded();
  }

  #post(order: ThreadOrder): void {
    this.#worker?.postMessage(order, []);
  }

  #hear(said: ThreadNews): void {
    switch (said.says) {
      case 'started':
        this.#pid = said.pid;
        return;
      case 'news':
        return this.#listener.onNews(said.news);
      case 'line':
        return this.#listener.onLine(said.line);
      case 'gone':
        this.#pid = null;
        this.#isStarted = false;
        return this.#listener.onGone(said.how);
      case 'ended':
        this.#pid = null;
        return this.#whenEnded();
    }
  }
}
