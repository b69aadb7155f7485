import { Worker } from 'node:worker_threads';
import { ParleyError } from '../../errors.ts';
import type { CallHistory, HistoryPage, HistoryPlace, HistoryQuery, PastCallStory } from '../history/call-history.ts';
import type { HistoryJobAnswer, HistoryJob, HistoryReply } from './history-job.ts';

/** How long an answer may take, with those before it. A gigabyte of words is looked through in some seconds. */
const usualAnswerMsMax = 10_000;

/** Whoever asks faster than that is told so. A page asks once for each click. */
const waitingMax = 20;

/**
 * The history of calls, read by a thread of its own, which is started with the first question, ended when one takes too long, and started
 * again with the next. `script` is the thread's program, and `place` tells it where the journal is.
 */
export class HistoryThread implements CallHistory {
  readonly #script: URL;
  readonly #place: string;
  readonly #answerMsMax: number;
  readonly #waiting = new Map<number, (answer: HistoryJobAnswer) => void>();
  #worker: Worker | null = null;
  #lastId = 0;

  constructor(script: URL, place: string, answerMsMax = usualAnswerMsMax) {
    this.#script = script;
    this.#place = place;
    this.#answerMsMax = answerMsMax;
  }

  async list(query: HistoryQuery, place: HistoryPlace): Promise<HistoryPage> {
    const answer = await this.#ask({ kind: 'list', query, place });
    if (answer.kind === 'page') return answer.page;
    throw refusal(answer);
  }

  async find(callSid: string): Promise<PastCallStory | null> {
    const answer = await this.#ask({ kind: 'find', callSid });
    if (answer.kind === 'story') return answer.story;
    throw refusal(answer);
  }

  /** Ends the thread, whatever it does. */
  async close(): Promise<void> {
    const worker = this.#worker;
    this.#fail('The history was closed.');
    await worker?.terminate();
  }

  #ask(job: HistoryJob): Promise<HistoryJobAnswer> {
    if (this.#waiting.size >= waitingMax)
      throw new ParleyError('journal.unusable', 'The history is asked for faster than it can answer. Try again.');
    this.#lastId += 1;
    const id = this.#lastId;
    const { promise, resolve } = Promise.withResolvers<HistoryJobAnswer>();
    const tooLate = setTimeout(() => {
      const worker = this.#worker;
      this.#fail('The search took too long. Choose a shorter span of time, and try again.');
      void worker?.terminate();
    }, this.#answerMsMax);
    this.#waiting.set(id, (answer) => {
      clearTimeout(tooLate);
      resolve(answer);
    });
    this.#worker ??= this.#start();
    this.#worker.postMessage({ id, job }, []);
    return promise;
  }

  #start(): Worker {
    const worker = new Worker(this.#script, { workerData: this.#place });
    // The history alone keeps no process running.
    worker.unref();
    worker.on('message', ({ id, answer }: HistoryReply) => {
      this.#waiting.get(id)?.(answer);
      this.#waiting.delete(id);
    });
    // The end follows; without a listener, the error would end this process.
    worker.on('error', () => {});
    worker.on('exit', () => {
      if (this.#worker === worker) this.#fail('The thread that reads the history ended.');
    });
    return worker;
  }

  /** Nobody waits any longer, and the next question starts another thread. */
  #fail(why: string): void {
    this.#worker = null;
    for (const bring of this.#waiting.values()) bring({ kind: 'failed', code: 'journal.unusable', why });
    this.#waiting.clear();
  }
}

function refusal(answer: HistoryJobAnswer): ParleyError {
  return answer.kind === 'failed'
    ? new ParleyError(answer.code, answer.why)
    : new ParleyError('journal.unusable', 'The history gave another answer than was asked for.');
}
