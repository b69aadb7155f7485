import { type ChildProcess, fork } from 'node:child_process';
import { createServer } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { WebSocketServer } from 'ws';
import type { Socket, SocketListener } from '../../../src/system/socket.ts';
import { webSocketConnect, WebSocketEnd } from '../../../src/system/web-socket/web-socket.ts';
import { listenOnAnyPort } from '../../../test/any-port.ts';
import { childNews } from '../../viewers/child-news.ts';
import { cpuMicroseconds } from './frame-cost.ts';
import type { PeerNews, PeerOrder } from './frame-peer.ts';

/** As many sockets of each kind as a busy process has. */
const socketsEach = 50;

/** So many messages on each socket are measured, after a tenth of them has warmed up. */
const rounds = 600;

/** So long apart, every message is written by itself. */
const roundMs = 5;

const frameBytesMax = 1024 * 1024;

/** Both kinds of sockets of a call, whose other ends are in another process. */
export class FrameSockets {
  readonly #peer: ChildProcess;
  readonly #sockets: Readonly<Record<'phones' | 'models', readonly Socket[]>>;
  #heard = 0;

  private constructor(peer: ChildProcess, phones: readonly Socket[], models: readonly Socket[]) {
    this.#peer = peer;
    this.#sockets = { phones, models };
    for (const socket of [...phones, ...models]) socket.listen(this.#listener());
  }

  static async open(): Promise<FrameSockets> {
    const peer = fork(new URL('frame-peer.ts', import.meta.url), { stdio: 'inherit' });
    const listening = await childNews<PeerNews>(peer);
    if (listening.news !== 'listening') throw new Error('The process at the other end did not start.');
    const phones: Socket[] = [];
    const http = createServer();
    new WebSocketServer({ server: http, perMessageDeflate: false }).on('connection', (socket, { socket: connection }) =>
      phones.push(new WebSocketEnd(socket, connection)),
    );
    await tell(peer, { order: 'connect', port: await listenOnAnyPort(http), count: socketsEach });
    const connect = webSocketConnect(frameBytesMax);
    const models = Array.from({ length: socketsEach }, () =>
      connect(listening.modelUrl, {}, { ...deaf, onOpen: () => {}, onError: () => {}, onFrameTooLong: () => {} }),
    );
    while (!models.every(({ isOpen }) => isOpen)) await delay(roundMs);
    http.unref();
    return new FrameSockets(peer, phones, models);
  }

  /** What it takes to read one such message, in microseconds of CPU: from the system's socket to the text. */
  async readUs(by: 'phones' | 'models', text: string): Promise<number> {
    await tell(this.#peer, { order: 'send', by, text, rounds: rounds / 10 });
    this.#heard = 0;
    const before = cpuMicroseconds();
    await tell(this.#peer, { order: 'send', by, text, rounds });
    const tookUs = cpuMicroseconds() - before;
    return tookUs / this.#heard;
  }

  /** What it takes to send these messages one after the other, in microseconds of CPU: from the texts to the system's socket. */
  async sendUs(to: 'phones' | 'models', ...texts: readonly string[]): Promise<number> {
    await this.#send(to, texts, rounds / 10);
    const before = cpuMicroseconds();
    await this.#send(to, texts, rounds);
    return (cpuMicroseconds() - before) / (rounds * socketsEach);
  }

  close(): void {
    this.#peer.kill('SIGKILL');
  }

  async #send(to: 'phones' | 'models', texts: readonly string[], times: number): Promise<void> {
    for (let round = 0; round < times; round += 1) {
      for (const socket of this.#sockets[to]) for (const text of texts) socket.send(text);
      await delay(roundMs);
    }
  }

  #listener(): SocketListener {
    return { onMessage: () => void (this.#heard += 1), onClose: () => {} };
  }
}

const deaf: SocketListener = { onMessage: () => {}, onClose: () => {} };

async function tell(peer: ChildProcess, order: PeerOrder): Promise<void> {
  const coming = childNews<PeerNews>(peer);
  peer.send(order);
  await coming;
}
