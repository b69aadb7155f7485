import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { listenOnAnyPort } from '../../test/any-port.ts';

/** Nobody waits longer than Twilio does (TW-HOOK-2). */
const heldMsMax = 15_000;

/**
 * A proxy in front of Parley: one port on loopback, behind which processes come and go. While there is none, it lets connections wait, or
 * refuses them.
 */
export class LoopbackProxy {
  readonly #server: Server;
  readonly #port: number;
  readonly #waiting = new Set<Socket>();
  readonly #through = new Set<Socket>();
  #behind: number | null = null;

  private constructor(server: Server, port: number) {
    this.#server = server;
    this.#port = port;
    server.on('connection', (socket) => this.#arrived(socket));
  }

  static async open(): Promise<LoopbackProxy> {
    const server = createServer({ pauseOnConnect: true });
    return new LoopbackProxy(server, await listenOnAnyPort(server));
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** A process listens on that port: waiting connections and new ones go there. */
  async forwardTo(port: number): Promise<void> {
    this.#behind = port;
    if (!this.#server.listening) {
      this.#server.listen(this.#port, '127.0.0.1');
      await once(this.#server, 'listening');
    }
    for (const socket of this.#waiting) this.#pass(socket, port);
  }

  /** There is no process: new connections wait. */
  hold(): void {
    this.#behind = null;
  }

  /** There is no process: new connections are refused. */
  refuse(): void {
    this.#behind = null;
    this.#server.close();
  }

  /** Breaks every connection, as a proxy does when it takes the process behind it for dead. */
  cut(): void {
    for (const socket of [...this.#waiting, ...this.#through]) socket.destroy();
  }

  close(): void {
    this.cut();
    this.#server.close();
  }

  #arrived(socket: Socket): void {
    socket.on('error', () => socket.destroy());
    if (this.#behind !== null) return this.#pass(socket, this.#behind);
    this.#waiting.add(socket);
    const timer = setTimeout(() => socket.destroy(), heldMsMax);
    socket.once('close', () => {
      clearTimeout(timer);
      this.#waiting.delete(socket);
    });
    socket.once('resume', () => clearTimeout(timer));
  }

  #pass(socket: Socket, port: number): void {
    this.#waiting.delete(socket);
    const behind = connect({ port, host: '127.0.0.1', noDelay: true });
    socket.setNoDelay(true);
    for (const [one, other] of [
      [socket, behind],
      [behind, socket],
    ] as const) {
      this.#through.add(one);
      one.on('error', () => one.destroy());
      one.once('close', () => {
        this.#through.delete(one);
        // After an orderly end the pipe ends the other side, once all has been passed on.
        if (!one.readableEnded) other.destroy();
      });
      one.pipe(other);
    }
  }
}
