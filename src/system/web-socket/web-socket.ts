import type { Duplex } from 'node:stream';
import { WebSocket } from 'ws';
import { frameText } from '../../encoding/frame-text.ts';
import type { Connect, Socket, SocketListener } from '../socket.ts';
import { textFrames } from './text-frames.ts';
import { readWholeFrames } from './whole-frames.ts';

/**
 * A socket of the `ws` package as the rest of Parley sees it. One that is open must be wrapped and listened to in the turn in which it
 * opened, or its first frames are lost.
 *
 * What is sent meanwhile goes out in one write when all that was read at once is handled, past `ws`, which makes a write of two parts for
 * each message. Without compression it keeps nothing back, so the order stays. A text that comes whole is read past it as well.
 */
export class WebSocketEnd implements Socket {
  readonly #socket: WebSocket;
  readonly #isClient: boolean;
  #connection: Duplex | null;
  #listener: SocketListener | null = null;
  /** Emptied and never replaced: one that had become old would keep its texts, as garbage, until the whole heap is collected. */
  readonly #unwritten: string[] = [];
  #unwrittenChars = 0;
  /** Whether the connection has room after the last write. It is asked for each frame what waits, and mostly nothing worth counting does. */
  #hasRoom = true;

  /** `connection`: what a server's socket was opened on; null for a client's, which makes its own. */
  constructor(socket: WebSocket, connection: Duplex | null) {
    this.#socket = socket;
    this.#connection = connection;
    this.#isClient = connection === null;
    socket.on('upgrade', (response) => (this.#connection = response.socket));
    if (this.isOpen) this.#readWholeFrames();
    else socket.on('open', () => this.#readWholeFrames());
    socket.on('message', (data, isBinary) => this.#listener?.onMessage(frameText(data), isBinary));
    socket.on('pong', () => this.#listener?.onPong?.());
    socket.on('ping', () => this.#listener?.onPing?.());
    socket.on('close', (code, reason) => this.#listener?.onClose(code, reason.toString()));
  }

  get isOpen(): boolean {
    return this.#socket.readyState === WebSocket.OPEN;
  }

  get waitingBytes(): number {
    return (this.#hasRoom ? 0 : this.#socket.bufferedAmount) + this.#unwrittenChars;
  }

  listen(listener: SocketListener): void {
    this.#listener = listener;
  }

  send(text: string): void {
    if (!this.isOpen) return;
    if (this.#unwritten.length === 0) process.nextTick(this.#write);
    this.#unwritten.push(text);
    this.#unwrittenChars += text.length;
  }

  ping(): void {
    this.#write();
    if (this.isOpen) this.#socket.ping();
  }

  pause(): void {
    this.#socket.pause();
  }

  close(code: number): void {
    this.#write();
    if (this.#socket.readyState === WebSocket.CONNECTING) this.#socket.terminate();
    else this.#socket.close(code);
  }

  terminate(): void {
    this.#socket.terminate();
  }

  #readWholeFrames(): void {
    if (this.#connection === null) return;
    readWholeFrames(this.#socket, this.#connection, !this.#isClient, (text) => this.#listener?.onMessage(text, false));
  }

  readonly #write = (): void => {
    if (this.#unwritten.length === 0) return;
    const frames = this.isOpen ? textFrames(this.#unwritten, this.#isClient) : null;
    // Mostly one: to set the length goes a longer way.
    while (this.#unwritten.length > 0) this.#unwritten.pop();
    this.#unwrittenChars = 0;
    if (frames !== null && this.#connection !== null) this.#hasRoom = this.#connection.write(frames);
  };
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
    const end = new WebSocketEnd(socket, null);
    end.listen(listener);
    return end;
  };
}
