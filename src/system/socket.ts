import type { Clock } from './clock.ts';

/** What a socket reports. */
export interface SocketListener {
  /** A frame, as text; `isBinary` when it came as bytes. */
  onMessage(text: string, isBinary: boolean): void;
  /** The other end has answered a ping. */
  onPong?(): void;
  /** The other end has sent a ping, which is answered already. */
  onPing?(): void;
  /** The connection is gone for both sides; said once. 1006 when nobody closed it in order. */
  onClose(code: number, reason: string): void;
}

/** One end of a WebSocket, as the driver gives it. What is sent while it is not open is dropped. */
export interface Socket {
  readonly isOpen: boolean;
  /** Bytes that were sent and that the network has not taken. What fits into the buffer of a connection may count as none. */
  readonly waitingBytes: number;
  /** Replaces the listener. */
  listen(listener: SocketListener): void;
  send(text: string): void;
  ping(): void;
  /** Reads nothing more. The other end fills what the network holds, and then has to stop. */
  pause(): void;
  /** Begins the closing handshake; a connection that is still being made is cut. */
  close(code: number): void;
  /** Cuts the connection. */
  terminate(): void;
}

/** What a connection reports that is being made, beside what an open socket does. */
export interface ConnectionListener extends SocketListener {
  onOpen(): void;
  /** Why there will be no connection, or why it broke; `onClose` follows. */
  onError(error: Error): void;
  /** A frame came that is longer than the connection takes. It is of no use any more, and `onClose` follows. */
  onFrameTooLong(): void;
}

/** Connects to a WebSocket address. Returns at once. */
export type Connect = (url: string, headers: Record<string, string>, listener: ConnectionListener) => Socket;

/** How long a closing handshake may take before the connection is cut. */
const closeMsMax = 2_000;

/** How long the other end of a socket that is cut off has to read why. */
const cutOffMs = 250;

/** Closes a socket in order, and cuts the connection when the other end does not answer in time, because it may be dead. */
export function closeInTime(socket: Socket, code: number, clock: Clock): void {
  try {
    socket.close(code);
  } finally {
    // Usually the socket is closed by then, and cutting it does nothing.
    clock.lazily(closeMsMax, () => socket.terminate());
  }
}

/** Closes a socket whose other end may go on sending: it gets the close code, and nothing more of it is read. */
export function cutOff(socket: Socket, code: number, clock: Clock): void {
  try {
    socket.close(code);
    socket.pause();
  } finally {
    clock.lazily(cutOffMs, () => socket.terminate());
  }
}
