import { createServer, type Server, type Socket } from 'node:net';
import { cannotListen } from '../system/listening-place.ts';
import type { Refusals } from '../system/refusals.ts';
import { readStart, type RequestStart } from './request-start.ts';

/** For the start of a request. Twilio sends all of it at once. */
const startMsMax = 10_000;

/** Connections of which the start is awaited. */
const readingMax = 1_000;

/** Pieces in which a start may come. Each is looked at with all before it. */
const piecesMax = 100;

/** What a door hands on. */
export interface TakenConnection {
  readonly socket: Socket;
  readonly start: RequestStart;
  /** All that was read. */
  readonly bytes: Buffer;
}

/** Takes connections, reads of each as much as says whose it is, and hands it on. */
export class WorkersDoor {
  readonly #server: Server;
  readonly #onTaken: (taken: TakenConnection) => void;
  readonly #refusals: Refusals;
  readonly #reading = new Set<Socket>();

  constructor(onTaken: (taken: TakenConnection) => void, refusals: Refusals) {
    this.#onTaken = onTaken;
    this.#refusals = refusals;
    // With one byte to be read, Node reads no further: what it read more would be lost to the process that gets the connection.
    this.#server = createServer({ noDelay: true, allowHalfOpen: true, highWaterMark: 1 }, (socket) =>
      this.#read(socket),
    );
  }

  /** Listens and resolves to the port. Throws `http.portTaken`. */
  async listen(port: number, host: string): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', (error) =>
        reject(cannotListen({ host, port, settings: { host: 'HOST', port: 'PORT' } }, error)),
      );
      this.#server.listen(port, host, resolve);
    });
    const address = this.#server.address();
    return typeof address === 'object' && address !== null ? address.port : port;
  }

  /** Takes no more connections. Those that were handed on are not its own. */
  close(): void {
    this.#server.close();
    for (const socket of this.#reading) socket.destroy();
  }

  /** Twilio sends its request at once: who has said nothing for the longest has least to say. */
  #dropOldest(): void {
    this.#refusals.add('connectionRefused', { connectionsMax: readingMax });
    const [oldest] = this.#reading;
    oldest?.destroy();
    if (oldest !== undefined) this.#reading.delete(oldest);
  }

  #read(socket: Socket): void {
    // A close follows every error.
    socket.on('error', () => {});
    if (this.#reading.size >= readingMax) this.#dropOldest();
    this.#reading.add(socket);
    const tooLate = setTimeout(() => socket.destroy(), startMsMax);
    const forget = (): void => {
      clearTimeout(tooLate);
      this.#reading.delete(socket);
    };
    const pieces: Buffer[] = [];
    const onData = (piece: Buffer): void => {
      pieces.push(piece);
      const bytes = Buffer.concat(pieces);
      const start = readStart(bytes);
      if (start === null) {
        if (pieces.length >= piecesMax) socket.destroy();
        return;
      }
      socket.off('data', onData).off('end', onEnd).off('close', forget).pause();
      socket.unshift(piece);
      forget();
      // Node stops to read when this has returned.
      setImmediate(() => {
        if (!socket.destroyed) this.#onTaken({ socket, start, bytes });
      });
    };
    const onEnd = (): void => void socket.destroy();
    socket.on('data', onData).once('end', onEnd).once('close', forget);
  }
}
