import { connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { listenOnAnyPort } from './any-port.ts';

/** A way to a server that can be interrupted. */
export class TcpProxy {
  /** How much later than it came everything is passed on. */
  delayMs = 0;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #to: URL;
  #port = 0;
  #isHeld = false;

  private constructor(to: URL) {
    this.#to = to;
    const far = { port: Number(to.port === '' ? 5432 : to.port), host: to.hostname };
    this.#server = createServer((near) => this.#join(near, connect(far)));
  }

  /** Opens a way to the PostgreSQL at this address, for as long as a test or a tool runs. */
  static async open(
    { onTestFinished }: { readonly onTestFinished: (close: () => void) => void },
    to: string,
  ): Promise<TcpProxy> {
    const proxy = new TcpProxy(new URL(to));
    proxy.#port = await listenOnAnyPort(proxy.#server);
    onTestFinished(() => void proxy.#server.close());
    onTestFinished(() => proxy.cut());
    return proxy;
  }

  /** The same address by this way. */
  get address(): string {
    const way = new URL(this.#to);
    way.host = `127.0.0.1:${this.#port}`;
    return way.href;
  }

  /** Ends what is connected. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#sockets.clear();
  }

  /** From here on, what is connected hears nothing any more. */
  pause(): void {
    for (const socket of this.#sockets) socket.pause();
  }

  /** From here on, nobody hears anything any more: neither who is connected nor who comes. */
  hold(): void {
    this.#isHeld = true;
    this.pause();
  }

  /** After a pause, all goes on where it was. */
  resume(): void {
    this.#isHeld = false;
    for (const socket of this.#sockets) socket.resume();
  }

  /** Ends what is connected, and lets nobody in. */
  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.cut();
    await closed;
  }

  /** Lets in again. */
  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(this.#port, '127.0.0.1', resolve));
  }

  #join(near: Socket, far: Socket): void {
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      this.#sockets.add(one);
      one.on('error', () => other.destroy()).on('close', () => other.destroy());
      one.on('close', () => this.#sockets.delete(one));
      this.#pass(one, other);
      if (this.#isHeld) one.pause();
    }
  }

  /** Passes on in order what comes, the end included. */
  #pass(one: Socket, other: Socket): void {
    let last = Promise.resolve();
    const later = (work: () => void): void => {
      const atMs = performance.now() + this.delayMs;
      const before = last;
      const wait = async (): Promise<void> => {
        await before;
        const leftMs = atMs - performance.now();
        if (leftMs > 0) await delay(leftMs);
        if (!other.destroyed) work();
      };
      last = wait();
    };
    one.on('data', (data) => later(() => other.write(data)));
    one.on('end', () => later(() => other.end()));
  }
}
