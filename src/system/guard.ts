import type { Clock } from './clock.ts';
import type { ConnectionListener, Socket, SocketListener } from './socket.ts';

/** Runs what a clock or a socket calls back with, and takes what it throws. */
export type Guard<Callback extends string> = (callback: Callback, work: () => void) => void;

/** A clock whose timers go through a guard. */
export function guardedClock(clock: Clock, guard: Guard<'timer'>): Clock {
  return {
    nowMs: () => clock.nowMs(),
    unixMs: () => clock.unixMs(),
    after: (ms, fire) => clock.after(ms, () => guard('timer', fire)),
    alarm: (fire) => clock.alarm(() => guard('timer', fire)),
    lazily: (ms, fire) => clock.lazily(ms, () => guard('timer', fire)),
    soon: (fire) => clock.soon(() => guard('timer', fire)),
  };
}

/** A socket whose listeners go through a guard. */
export function guardedSocket(socket: Socket, guard: Guard<keyof SocketListener>): Socket {
  return new SocketBehindGuard(socket, guard);
}

/** A class, because each object with getters of its own is another kind of object for the engine, and each frame of a caller asks them. */
class SocketBehindGuard implements Socket {
  readonly #socket: Socket;
  readonly #guard: Guard<keyof SocketListener>;

  constructor(socket: Socket, guard: Guard<keyof SocketListener>) {
    this.#socket = socket;
    this.#guard = guard;
  }

  get isOpen(): boolean {
    return this.#socket.isOpen;
  }

  get waitingBytes(): number {
    return this.#socket.waitingBytes;
  }

  listen(listener: SocketListener): void {
    this.#socket.listen(guardedListener(listener, this.#guard));
  }

  send(text: string): void {
    this.#socket.send(text);
  }

  ping(): void {
    this.#socket.ping();
  }

  pause(): void {
    this.#socket.pause();
  }

  close(code: number): void {
    this.#socket.close(code);
  }

  terminate(): void {
    this.#socket.terminate();
  }
}

/** The listener of a connection that is being made, through a guard. */
export function guardedConnection(
  listener: ConnectionListener,
  guard: Guard<keyof ConnectionListener>,
): Required<ConnectionListener> {
  return {
    ...guardedListener(listener, guard),
    onOpen: () => guard('onOpen', () => listener.onOpen()),
    onError: (error) => guard('onError', () => listener.onError(error)),
    onFrameTooLong: () => guard('onFrameTooLong', () => listener.onFrameTooLong()),
  };
}

function guardedListener(listener: SocketListener, guard: Guard<keyof SocketListener>): Required<SocketListener> {
  return {
    onMessage: (text, isBinary) => guard('onMessage', () => listener.onMessage(text, isBinary)),
    onPong: () => guard('onPong', () => listener.onPong?.()),
    onPing: () => guard('onPing', () => listener.onPing?.()),
    onClose: (code, reason) => guard('onClose', () => listener.onClose(code, reason)),
  };
}
