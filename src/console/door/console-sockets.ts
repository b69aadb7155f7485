import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Logger } from '../../system/logger.ts';
import type { Refusals } from '../../system/refusals.ts';
import type { FleetDoor, PassVerdict } from '../fleet/fleet-door.ts';
import type { SocketTaker } from './console-part.ts';
import { admit, viewerOf } from './viewer.ts';
import type { ViewerSession } from './viewer-sessions.ts';

/** A picture as a camera gives it is some 100 kB. */
const frameBytesMax = 1024 * 1024;

/** A viewer opens one or two. */
const socketsMax = 200;

/** One whose other end has not answered in this time is dead. */
const pulseMs = 20_000;

/** Codes of a closing WebSocket: going away, not allowed any more, our fault. */
const goingAway = 1001;
const notAllowed = 1008;
const ourFault = 1011;

/** What sockets are made of. */
export interface SocketContext {
  readonly takers: ReadonlyMap<string, SocketTaker>;
  /** Lets other processes of the fleet in; null where none are. */
  readonly fleet: FleetDoor | null;
  readonly isOwn: (req: IncomingMessage) => boolean;
  readonly sessionOf: (req: IncomingMessage) => ViewerSession | null;
  readonly refusals: Refusals;
  readonly log: Logger;
}

/** The WebSockets of the pages: who may open one is decided before the handshake. */
export class ConsoleSockets {
  readonly #context: SocketContext;
  readonly #server = new WebSocketServer({ noServer: true, maxPayload: frameBytesMax, perMessageDeflate: false });
  readonly #pulse: NodeJS.Timeout;
  readonly #alive = new WeakSet<WebSocket>();

  constructor(context: SocketContext) {
    this.#context = context;
    this.#pulse = setInterval(() => this.#beat(), pulseMs).unref();
  }

  /** Answers a request for an upgrade. */
  upgrade(req: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => {});
    const { fleet, takers } = this.#context;
    const verdict = fleet?.check(req) ?? this.#checkViewer(req);
    if (verdict.kind === 'refused') return refuse(socket, verdict.status);
    const { session } = verdict;
    const url = URL.parse(req.url ?? '', 'http://parley.invalid');
    const taker = url === null ? undefined : takers.get(url.pathname);
    if (url === null || taker === undefined) return refuse(socket, 404);
    if (this.#server.clients.size >= socketsMax) return refuse(socket, 503);
    admit(req, session);
    this.#server.handleUpgrade(req, socket, head, (opened) => void this.#take(opened, req, url, taker, session));
  }

  close(): void {
    clearInterval(this.#pulse);
    for (const socket of this.#server.clients) socket.close(goingAway);
  }

  /** Cuts those that did not answer to the closing. */
  cut(): void {
    for (const socket of this.#server.clients) socket.terminate();
  }

  #checkViewer(req: IncomingMessage): PassVerdict {
    const { isOwn, sessionOf, refusals } = this.#context;
    const why = 'host or origin';
    if (!isOwn(req)) {
      refusals.add('viewerRefused', { why });
      return { kind: 'refused', status: 403, why };
    }
    const session = sessionOf(req);
    return session === null ? { kind: 'refused', status: 401, why: 'no login' } : { kind: 'admitted', session };
  }

  async #take(
    socket: WebSocket,
    req: IncomingMessage,
    url: URL,
    taker: SocketTaker,
    session: ViewerSession,
  ): Promise<void> {
    const { log, refusals } = this.#context;
    socket.on('error', ({ message }) => refusals.add('socketError', { why: message }));
    this.#alive.add(socket);
    socket.on('pong', () => this.#alive.add(socket));
    const forget = session.onEnd(() => socket.close(notAllowed));
    socket.once('close', forget);
    try {
      await taker(socket, url, viewerOf(req));
    } catch (error) {
      log.error({ err: error }, 'viewerSocketFailed');
      socket.close(ourFault);
    }
  }

  #beat(): void {
    for (const socket of this.#server.clients) {
      if (!this.#alive.delete(socket)) socket.terminate();
      else socket.ping();
    }
  }
}

function refuse(socket: Duplex, status: number): void {
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`,
    () => void socket.destroy(),
  );
}
