import { connect, createServer, type Server, type Socket } from 'node:net';
import type { TestContext } from 'vitest';
import { listenOnAnyPort } from './any-port.ts';

/** A way to a server that can be interrupted. */
export class TcpProxy {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #to: URL;
  #port = 0;

  private constructor(to: URL) {
    this.#to = to;
    const far = { port: Number(to.port === '' ? 5432 : to.port), host: to.hostname };
    this.#server = createServer((near) => this.#join(near, connect(far)));
  }

  /** Opens a way to the PostgreSQL at this address, for as long as a test runs. */
  static async open(context: Pick<TestContext, 'onTestFinished'>, to: string): Promise<TcpProxy> {
    const proxy = new TcpProxy(new URL(to));
    proxy.#port = await listenOnAnyPort(proxy.#server);
    context.onTestFinished(() => void proxy.#server.close());
    context.onTestFinished(() => proxy.cut());
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
    for (const socket of this.#sockets) socket.unpipe().pause();
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
      one.pipe(other);
    }
  }
}
