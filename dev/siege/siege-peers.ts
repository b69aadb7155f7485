import { type ChildProcess, fork } from 'node:child_process';
import { Socket } from 'node:net';
import type { CallHealth, PeersNews, PeersOrder } from './peers/peers-orders.ts';

/** The healthy call, whose ends live in a process of their own. */
export class SiegePeers {
  /** Where Parley finds the model. */
  modelUrl = '';
  readonly #child: ChildProcess;
  #waiting: {
    readonly names: readonly PeersNews['news'][];
    readonly resolve: (news: PeersNews) => void;
    readonly reject: (error: Error) => void;
  } | null = null;

  private constructor(onAttackerSession: (socket: Socket) => void) {
    this.#child = fork(new URL('peers/healthy-peers.ts', import.meta.url), { stdio: 'inherit' });
    this.#child.on('message', (news: PeersNews, handle: unknown) => {
      if (news.news === 'attackerSession' && handle instanceof Socket) onAttackerSession(handle);
      this.#take(news);
    });
    this.#child.on('exit', () => this.#waiting?.reject(new Error('The process of the healthy peers has ended.')));
  }

  /** Starts the process. `onAttackerSession` gets the connections of all model sessions that are not the healthy call's. */
  static async start(onAttackerSession: (socket: Socket) => void): Promise<SiegePeers> {
    const peers = new SiegePeers(onAttackerSession);
    const news = await peers.#hear('listening');
    if (news.news === 'listening') peers.modelUrl = news.modelUrl;
    return peers;
  }

  /** Places a new healthy call. Rejects when it does not get through. */
  async call(port: number): Promise<void> {
    const heard = this.#hear('talking', 'callFailed');
    this.#order({ order: 'call', port });
    const news = await heard;
    if (news.news === 'callFailed') throw new Error(`The healthy call failed: ${news.why}.`);
  }

  measure(): void {
    this.#order({ order: 'measure' });
  }

  /** How the call did since `measure`, once what is on its way has come. */
  async report(): Promise<CallHealth> {
    const heard = this.#hear('measured');
    this.#order({ order: 'report' });
    const news = await heard;
    if (news.news !== 'measured') throw new Error('The healthy peers measured nothing.');
    return news.health;
  }

  stop(): void {
    this.#child.kill('SIGKILL');
  }

  #order(order: PeersOrder): void {
    this.#child.send(order);
  }

  /** Waits for one of these news. Only one may be waited for at a time. */
  async #hear(...names: readonly PeersNews['news'][]): Promise<PeersNews> {
    return new Promise((resolve, reject) => {
      this.#waiting = { names, resolve, reject };
    });
  }

  #take(news: PeersNews): void {
    if (this.#waiting?.names.includes(news.news) === true) this.#waiting.resolve(news);
  }
}
