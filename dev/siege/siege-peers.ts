import { type ChildProcess, fork } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { Socket } from 'node:net';
import type { CallHealth, PeersNews, PeersOrder } from './peers/peers-orders.ts';

/** The healthy call, whose ends live in a process of their own. */
export class SiegePeers {
  /** Where Parley finds the model. */
  modelUrl = '';
  readonly #child: ChildProcess;
  readonly #news = new EventEmitter();

  private constructor(onAttackerSession: (socket: Socket) => void) {
    this.#child = fork(new URL('peers/healthy-peers.ts', import.meta.url), { stdio: 'inherit' });
    this.#child.on('message', (news: PeersNews, handle: unknown) => {
      if (news.news === 'attackerSession' && handle instanceof Socket) onAttackerSession(handle);
      this.#news.emit(news.news, news);
    });
  }

  /** Starts the process. `onAttackerSession` gets the connections of all model sessions that are not the healthy call's. */
  static async start(onAttackerSession: (socket: Socket) => void): Promise<SiegePeers> {
    const peers = new SiegePeers(onAttackerSession);
    peers.modelUrl = (await peers.#hear('listening')).modelUrl;
    return peers;
  }

  /** Places a new healthy call. Rejects when it does not get through. */
  async call(port: number): Promise<void> {
    const heard = Promise.race([this.#hear('talking'), this.#hear('callFailed')]);
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
    return (await heard).health;
  }

  async hangUp(): Promise<void> {
    const heard = this.#hear('hungUp');
    this.#order({ order: 'hangUp' });
    await heard;
  }

  stop(): void {
    this.#child.kill('SIGKILL');
  }

  #order(order: PeersOrder): void {
    this.#child.send(order);
  }

  async #hear<Name extends PeersNews['news']>(name: Name): Promise<Extract<PeersNews, { news: Name }>> {
    const [news]: Extract<PeersNews, { news: Name }>[] = await once(this.#news, name);
    if (news === undefined) throw new Error(`The peers said nothing of ${name}.`);
    return news;
  }
}
