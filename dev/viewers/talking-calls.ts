import { type ChildProcess, fork } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import type { CallsNews, CallsOrder } from './bench-orders.ts';
import { childNews } from './child-news.ts';

type Measured = Extract<CallsNews, { news: 'measured' }>;

/** Both ends of calls that talk all the time, in a process of their own. */
export class TalkingCalls {
  readonly #process: ChildProcess;
  /** Where the service finds the model. */
  readonly modelUrl: string;

  private constructor(process: ChildProcess, modelUrl: string) {
    this.#process = process;
    this.modelUrl = modelUrl;
  }

  static async start(): Promise<TalkingCalls> {
    const child = fork(new URL('both-ends.ts', import.meta.url), { stdio: 'inherit' });
    const listening = await childNews<CallsNews>(child);
    if (listening.news !== 'listening') throw new Error('The process of the calls did not start.');
    return new TalkingCalls(child, listening.modelUrl);
  }

  /** Places calls with the service at a port. Resolves to their ids when all of them talk. */
  async place(port: number, count: number): Promise<readonly string[]> {
    this.#order({ order: 'place', port, count });
    const talking = await childNews<CallsNews>(this.#process);
    if (talking.news !== 'talking') throw new Error(`The calls failed: ${JSON.stringify(talking)}`);
    return talking.callSids;
  }

  /** Has the model of the first call send a message, beside its sound. */
  say(message: string): void {
    this.#order({ order: 'say', message });
  }

  /** What the frames of so long a time had to wait. */
  async measure(spanMs: number): Promise<Measured> {
    this.#order({ order: 'measure' });
    await delay(spanMs);
    const heard = childNews<CallsNews>(this.#process);
    this.#order({ order: 'report' });
    const report = await heard;
    if (report.news !== 'measured') throw new Error(`The calls failed: ${JSON.stringify(report)}`);
    return report;
  }

  stop(): void {
    this.#process.kill('SIGKILL');
  }

  #order(order: CallsOrder): void {
    this.#process.send(order);
  }
}
