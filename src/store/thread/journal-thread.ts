import { Worker } from 'node:worker_threads';
import type { JournalAnswer, JournalBackend, JournalJob, JournalRenewal, JournalReply } from '../journal-job.ts';

/** A thread that dies this often without having written anything will die again. */
const crashesMax = 3;

const gone: JournalAnswer = { kind: 'failed', code: 'journal.crashed', why: 'the thread of the journal ended' };

/**
 * The main thread's view of the thread that keeps the journal. It is started when it is needed, and again when it has died. `settings` is what
 * its script is given at each start.
 */
export class JournalThread implements JournalBackend {
  readonly #settings: object;
  readonly #script: URL;
  readonly #onRenewal: (renewal: JournalRenewal) => void;
  readonly #waiting = new Map<number, (answer: JournalAnswer) => void>();
  #worker: Worker | null = null;
  #crashes = 0;
  #lastId = 0;

  constructor(settings: object, script: URL, onRenewal: (renewal: JournalRenewal) => void) {
    this.#settings = settings;
    this.#script = script;
    this.#onRenewal = onRenewal;
  }

  ask(job: JournalJob, done: (answer: JournalAnswer) => void): void {
    if (this.#crashes >= crashesMax) return void setImmediate(done, gone);
    this.#lastId += 1;
    this.#waiting.set(this.#lastId, done);
    try {
      this.#worker ??= this.#start();
      this.#worker.postMessage({ id: this.#lastId, job }, []);
    } catch {
      // No thread could be made, as when the process has too many.
      this.#waiting.delete(this.#lastId);
      setImmediate(done, gone);
    }
  }

  /** Ends the thread, whatever it does. */
  stop(done: () => void): void {
    this.#crashes = crashesMax;
    if (this.#worker === null) return done();
    this.#worker.once('exit', () => done());
    void this.#worker.terminate();
  }

  #start(): Worker {
    const worker = new Worker(this.#script, { workerData: this.#settings });
    // The journal alone keeps no process running.
    worker.unref();
    worker.on('message', (reply: JournalReply) => this.#receive(reply));
    // The end follows; without a listener, the error would end this process.
    worker.on('error', () => {});
    worker.on('exit', () => this.#fail());
    return worker;
  }

  #receive({ id, answer, renewal }: JournalReply): void {
    if (answer.kind === 'written') this.#crashes = 0;
    if (renewal !== null) this.#onRenewal(renewal);
    this.#waiting.get(id)?.(answer);
    this.#waiting.delete(id);
  }

  #fail(): void {
    this.#worker = null;
    this.#crashes += 1;
    for (const resolve of this.#waiting.values()) resolve(gone);
    this.#waiting.clear();
  }
}
