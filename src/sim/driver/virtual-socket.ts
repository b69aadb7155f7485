import type { ConnectionListener, Socket, SocketListener } from '../../system/socket.ts';
import type { VirtualClock } from './virtual-clock.ts';

/** What a socket of the service does to the world. */
export interface SocketWorld {
  send(text: string): void;
  ping(): void;
  /** The closing handshake begins. */
  close(code: number): void;
  /** The connection is cut. */
  drop(): void;
}

/** A socket of the service in virtual time. It behaves as one of the `ws` package does (RFC 6455): what is closed says nothing more. */
export class VirtualSocket implements Socket {
  readonly #clock: VirtualClock;
  readonly #world: SocketWorld;
  #state: 'connecting' | 'open' | 'closing' | 'closed';
  #listener: SocketListener | ConnectionListener | null = null;
  #isPaused = false;
  /** What the network does not take any more. */
  waitingBytes = 0;

  constructor(state: 'connecting' | 'open', clock: VirtualClock, world: SocketWorld) {
    this.#state = state;
    this.#clock = clock;
    this.#world = world;
  }

  get isOpen(): boolean {
    return this.#state === 'open';
  }

  listen(listener: SocketListener | ConnectionListener): void {
    this.#listener = listener;
  }

  send(text: string): void {
    if (this.isOpen) this.#world.send(text);
  }

  ping(): void {
    if (this.isOpen) this.#world.ping();
  }

  pause(): void {
    this.#isPaused = true;
  }

  close(code: number): void {
    if (this.#state === 'connecting') return this.terminate();
    if (!this.isOpen) return;
    this.#state = 'closing';
    this.#world.close(code);
  }

  terminate(): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.#world.drop();
    this.#clock.after(0, () => this.#listener?.onClose(1006, ''));
  }

  // ── What the world does to it ──────────────────────────────────────────────────────────────────────────────────

  opened(): void {
    if (this.#state !== 'connecting') return;
    this.#state = 'open';
    if (this.#listener !== null && 'onOpen' in this.#listener) this.#listener.onOpen();
  }

  /** The handshake failed; `why` is what the `ws` package would say. */
  refused(why: string): void {
    if (this.#state !== 'connecting') return;
    if (this.#listener !== null && 'onError' in this.#listener) this.#listener.onError(new Error(why));
    this.closed(1006, '');
  }

  received(text: string, isBinary: boolean): void {
    this.#read(text, isBinary);
    this.#clock.wasRead();
  }

  /** Messages that are read together: text, or bytes. */
  receivedTogether(messages: readonly (string | Uint8Array)[]): void {
    for (const message of messages) {
      if (typeof message === 'string') this.#read(message, false);
      else this.#read(Buffer.from(message).toString(), true);
    }
    this.#clock.wasRead();
  }

  /** The other end sends a frame that is longer than the connection takes. */
  overflowed(): void {
    if (this.#listener !== null && 'onFrameTooLong' in this.#listener) this.#listener.onFrameTooLong();
  }

  ponged(): void {
    if (this.#reads) this.#listener?.onPong?.();
  }

  pinged(): void {
    if (this.#reads) this.#listener?.onPing?.();
  }

  closed(code: number, reason: string): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.#listener?.onClose(code, reason);
  }

  #read(text: string, isBinary: boolean): void {
    if (this.#reads) this.#listener?.onMessage(text, isBinary);
  }

  get #reads(): boolean {
    return this.#state !== 'closed' && !this.#isPaused;
  }
}

/** What the `ws` package says of a handshake that was answered with this status; null when there was no connection at all. */
export function handshakeWords(status: number | null): string {
  return status === null ? 'connect ECONNREFUSED' : `Unexpected server response: ${status}`;
}
