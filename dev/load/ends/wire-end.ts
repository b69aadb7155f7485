import { createHash } from 'node:crypto';
import { request, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { Socket } from 'node:net';
import { opcodes, type WireBytes, WireReader, wireText } from './wire-frames.ts';

/** What every server adds to the key of an upgrade (RFC 6455, section 1.3). */
const handshakeSuffix = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

/** Any key will do: nothing between these processes remembers answers. */
const handshakeKey = 'dGhlIHNhbXBsZSBub25jZQ==';

const abnormal = 1006;

/** What a wire reports. */
interface WireListener {
  /** A message. The bytes are good until it returns. */
  readonly onMessage: (message: Buffer) => void;
  /** The connection is gone: the close code, 1006 when nobody closed it in order. */
  readonly onClose: (code: number) => void;
}

/**
 * One end of a WebSocket that costs the process of the load next to nothing: what it sends is framed beforehand, and what it reads is not
 * decoded.
 */
export class WireEnd {
  #listener: WireListener | null = null;
  readonly #socket: Duplex;
  readonly #masks: boolean;
  #closeCode = abnormal;

  /** `masks`: whether this is the client's end. */
  constructor(socket: Duplex, masks: boolean) {
    this.#socket = socket;
    this.#masks = masks;
    if (socket instanceof Socket) socket.setNoDelay(true);
    // A socket that breaks also closes.
    socket.on('error', () => {});
    socket.on('end', () => socket.end());
    socket.on('close', () => this.#listener?.onClose(this.#closeCode));
  }

  /** Replaces the listener. Nothing is read before the first. */
  listen(listener: WireListener): void {
    if (this.#listener === null) {
      const reader = new WireReader((opcode, payload) => this.#take(opcode, payload));
      this.#socket.on('data', (chunk: Buffer) => reader.push(chunk));
    }
    this.#listener = listener;
  }

  /** Sends frames that are made already. */
  sendFrames(bytes: WireBytes): void {
    if (!this.#socket.writable) return;
    if (typeof bytes === 'string') this.#socket.write(bytes, 'latin1');
    else this.#socket.write(bytes);
  }

  /** Sends a message, which must be ASCII. */
  send(text: string): void {
    this.sendFrames(wireText(text, this.#masks));
  }

  /** Cuts the connection. */
  cut(): void {
    this.#socket.destroy();
  }

  #take(opcode: number, payload: Buffer): void {
    switch (opcode) {
      case opcodes.close:
        if (payload.length >= 2) this.#closeCode = payload.readUInt16BE(0);
        this.#socket.end(wireText(payload.toString('latin1', 0, 2), this.#masks, opcodes.close), 'latin1');
        return;
      case opcodes.ping:
        return this.sendFrames(wireText(payload.toString('latin1'), this.#masks, opcodes.pong));
      case opcodes.pong:
        return;
      default:
        this.#listener?.onMessage(payload);
    }
  }
}

/** Takes every upgrade of a server. */
export function acceptWires(server: Server, onWire: (wire: WireEnd) => void): void {
  server.on('upgrade', (asked, socket: Duplex, head: Buffer) => {
    socket.unshift(head);
    const key = `${asked.headers['sec-websocket-key']}${handshakeSuffix}`;
    const accepted = createHash('sha1').update(key).digest('base64');
    socket.write(
      'HTTP/1.1 101 Switching Protocols\r\nconnection: Upgrade\r\nupgrade: websocket\r\n' +
        `sec-websocket-accept: ${accepted}\r\n\r\n`,
    );
    onWire(new WireEnd(socket, false));
  });
}

/** Opens a WebSocket. Rejects when the upgrade is refused. */
export async function openWire(url: string, headers: Readonly<Record<string, string>>): Promise<WireEnd> {
  return new Promise((resolve, reject) => {
    const asked = request(url, {
      agent: false,
      headers: {
        ...headers,
        connection: 'Upgrade',
        upgrade: 'websocket',
        'sec-websocket-key': handshakeKey,
        'sec-websocket-version': '13',
      },
    });
    asked.on('upgrade', (_response, socket: Duplex, head: Buffer) => {
      socket.unshift(head);
      resolve(new WireEnd(socket, true));
    });
    asked.on('response', ({ statusCode }) => {
      asked.destroy();
      reject(new Error(`The upgrade was refused with ${statusCode}.`));
    });
    asked.on('error', reject);
    asked.end();
  });
}
