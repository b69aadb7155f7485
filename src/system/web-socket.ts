import { WebSocket } from 'ws';
import { frameText } from '../encoding/frame-text.ts';
import type { Connect, Socket, SocketListener } from './socket.ts';

/**
 * A socket of the `ws` package as the rest of Parley sees it. One that is open must be wrapped and listened to in the turn in which it
 * opened, or its first frames are lost.
 */
export class WebSocketEnd implements Socket {
  readonly #socket: WebSocket;
  #listener: SocketListener | null = null;

  constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data, isBinary) => this.#listener?.onMessage(frameText(data), isBinary));
    socket.on('pong', () => this.#listener?.onPong?.());
    socket.on('ping', () => this.#listener?.onPing?.());
    socket.on('close', (code, reason) => this.#listener?.onClose(code, reason.toString()));
  }

  get isOpen(): boolean {
    return this.#socket.readyState === WebSocket.OPEN;
  }

  get waitingBytes(): number {
    return this.#socket.bufferedAmount;
  }

  listen(listener: SocketListener): void {
    this.#listener = listener;
  }

  send(text: string): void {
    if (this.isOpen) this.#socket.send(text);
  }

  ping(): void {
    if (this.isOpen) this.#socket.ping();
  }

  pause(): void {
    this.#socket.pause();
  }

  close(code: number): void {
    if (this.#socket.readyState === WebSocket.CONNECTING) this.#socket.terminate();
    else this.#socket.close(code);
  }

  terminate(): void {
    this.#socket.terminate();
  }
}

/** Makes connections whose messages may have this many bytes at most. */
export function webSocketConnect(frameBytesMax: number): Connect {
  return (url, headers, listener) => {
    const socket = new WebSocket(url, { headers, maxPayload: frameBytesMax, perMessageDeflate: false });
    socket.on('open', () => listener.onOpen());
    socket.on('error', (error) => {
      if ('code' in error && error.code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH') listener.onFrameTooLong();
      else listener.onError(error);
      // After a broken frame, `ws` waits half a minute for the other end to close.
      socket.terminate();
    });
    const end = new WebSocketEnd(socket);
    end.listen(listener);
    return end;
  };
}
