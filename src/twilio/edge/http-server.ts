import type { IncomingHttpHeaders, IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';
import express, { type NextFunction, type Request, type Response, type Router } from 'express';
import expressWs from 'express-ws';
import type { WebSocket } from 'ws';
import { cannotListen } from '../../system/listening-place.ts';
import { limitedServer } from '../../system/connection-limits.ts';
import { ListeningSockets } from '../../system/listening-sockets.ts';
import type { Logger } from '../../system/logger.ts';
import type { Refusals } from '../../system/refusals.ts';
import { addressee, paths } from '../paths.ts';
import { type Identity, identityPath } from './identity.ts';

/** Twilio's media messages are some 400 bytes. A larger frame is not Twilio's, and closes its socket. */
const frameBytesMax = 64 * 1024;

/**
 * What one connection may bring. A stream brings 20 kB a second; after a stall of 15 s, 300 kB come at once, and after a clear up to 1 MB of
 * marks. A hundred webhooks are less.
 */
const byteRate = { burst: 2 * 1024 * 1024, perSecond: 64 * 1024 };

/** How long open connections may take to end once the service stops. */
const closeMsMax = 2_000;

/** What the server needs from the service. */
export interface HttpContext {
  readonly webhooks: Router;
  /** How many connections there may be: media sockets, and those of webhooks. */
  readonly connectionsMax: number;
  /** `connection`: what it was opened on. */
  readonly onMediaSocket: (socket: WebSocket, connection: Socket) => void;
  /** Decides whether anything is done for a request, by whom it names and where it comes from. */
  readonly isRequestAllowed: (headers: IncomingHttpHeaders) => boolean;
  /** Decides whether an upgrade of the media socket may go on. `instance`: whose address was called, if that of one. */
  readonly isUpgradeAllowed: (headers: IncomingHttpHeaders, instance: string | null) => boolean;
  /** Finds out, for the log, why one may not. */
  readonly explainUpgrade: (headers: IncomingHttpHeaders, instance: string | null) => object;
  /** Whether a new call can be taken. */
  readonly isReady: () => boolean;
  readonly identity: Identity;
  readonly refusals: Refusals;
  readonly log: Logger;
}

/**
 * The one module that knows express-ws, which accepts a handshake before it routes and throws where nobody catches. So paths and signatures
 * are checked during the handshake, and every socket gets its error listener first of all.
 */
export class HttpServer {
  readonly #server: Server;
  readonly #sockets: expressWs.Instance;
  /** Connections that another process has taken. */
  readonly #taken = new Set<Socket>();
  #listening: ListeningSockets | null = null;

  constructor(context: HttpContext) {
    const app = express();
    this.#server = limitedServer(app, { connectionsMax: context.connectionsMax, byteRate }, context.refusals);
    this.#sockets = expressWs(app, this.#server, {
      wsOptions: {
        maxPayload: frameBytesMax,
        perMessageDeflate: false,
        verifyClient: ({ req }, done) => checkUpgrade(req, context, done),
      },
    });
    const wss = this.#sockets.getWss();
    // An address that is taken is reported here as well, and would end the process with a stack trace.
    wss.on('error', () => {});
    wss.prependListener('connection', (socket: WebSocket) => {
      socket.on('error', (error) => context.refusals.add('socketError', { why: error.message }));
    });
    // Whichever instance is meant, this one answers: who asks here was sent here, or found nobody else.
    app.use((req, _res, next) => {
      req.url = addressee(req.url).rest;
      next();
    });
    this.#sockets.app.ws(paths.media, (socket, req) => {
      context.onMediaSocket(socket, req.socket);
    });
    this.#sockets.app.ws(identityPath, (socket, { query: { nonce } }) => {
      if (typeof nonce === 'string') socket.send(context.identity.answer(nonce));
      socket.close(1000);
    });
    app.disable('x-powered-by');
    app.use((req, res, next) => {
      if (context.isRequestAllowed(req.headers)) return next();
      context.refusals.add('requestRefused', { fault: 'http.notLocal' });
      res.status(403).type('text/plain').send('Not from this machine.');
    });
    app.get('/healthz', (_req, res) => void res.json({ status: 'ok' }));
    app.get('/readyz', (_req, res) => {
      const isReady = context.isReady();
      res
        .status(isReady ? 200 : 503)
        .type('text/plain')
        .send(isReady ? 'ready' : 'unready');
    });
    app.get(identityPath, ({ query: { nonce } }, res, next) => {
      if (!context.identity.admits(nonce)) return next();
      res.type('text/plain').send(context.identity.answer(nonce));
    });
    app.use(context.webhooks);
    app.use((_req, res) => void res.status(404).type('text/plain').send('Not found.'));
    app.use(onError(context));
  }

  /** Listens and resolves to the port. Throws `http.portTaken`. */
  async listen(port: number, host: string): Promise<number> {
    try {
      this.#listening = await ListeningSockets.begin(this.#server, port, host);
    } catch (error) {
      throw cannotListen({ host, port, settings: { host: 'HOST', port: 'PORT' } }, error);
    }
    return this.#listening.port;
  }

  /**
   * Answers on a connection that another process has taken, with what that has read of it. It is closed after one answer: what is asked on
   * it next may be another process's to answer.
   */
  take(socket: Socket, start: Uint8Array): void {
    // As an HTTP server makes its own.
    socket.allowHalfOpen = true;
    this.#taken.add(socket);
    socket.once('close', () => this.#taken.delete(socket));
    this.#server.maxRequestsPerSocket = 1;
    // A client that does not close by itself then is closed a second later.
    this.#server.keepAliveTimeout = 1;
    socket.unshift(start);
    this.#server.emit('connection', socket);
  }

  /** Closes every connection and resolves when all are gone. */
  async close(): Promise<void> {
    const sockets = [...this.#sockets.getWss().clients];
    for (const socket of sockets) socket.close(1001);
    const cut = setTimeout(() => {
      for (const socket of sockets) socket.terminate();
      this.#server.closeAllConnections();
    }, closeMsMax);
    const taken = [...this.#taken].map(async (socket) => new Promise((resolve) => socket.once('close', resolve)));
    await Promise.all([this.#listening?.close(), ...taken]);
    clearTimeout(cut);
  }
}

function checkUpgrade(
  req: IncomingMessage,
  { isRequestAllowed, isUpgradeAllowed, explainUpgrade, identity, refusals }: HttpContext,
  done: (allowed: boolean, status?: number, message?: string) => void,
): void {
  const { instance, rest } = addressee(req.url ?? '');
  const [path, query] = rest.split('?');
  const isMedia = rest === paths.media || rest === `${paths.media}/`;
  if (!isMedia && path !== identityPath) return done(false, 404, 'Not Found');
  if (!isRequestAllowed(req.headers)) {
    refusals.add('upgradeRefused', { fault: 'http.notLocal' });
    return done(false, 403, 'Forbidden');
  }
  if (!isMedia) return done(identity.admits(new URLSearchParams(query).get('nonce')), 404, 'Not Found');
  if (isUpgradeAllowed(req.headers, instance)) return done(true);
  refusals.add('upgradeRefused', { fault: 'webhook.signatureInvalid' }, () => explainUpgrade(req.headers, instance));
  done(false, 403, 'Forbidden');
}

function onError({ log, refusals }: HttpContext) {
  return (error: unknown, req: Request, res: Response, _next: NextFunction): void => {
    // The body parser knows what a broken request deserves; everything else is our own failure.
    const status = error instanceof Error && 'status' in error && typeof error.status === 'number' ? error.status : 500;
    if (status >= 500) log.error({ err: error }, 'requestFailed');
    else refusals.add('requestRefused', { status, why: kindOf(error) });
    // Whoever has gone gets no answer: hundreds may go in one moment.
    if (req.destroyed && !req.complete) return;
    res
      .status(status)
      .type('text/plain')
      .send(status >= 500 ? 'Internal error.' : 'Bad request.');
  };
}

/** What is wrong with a request: the body parser's word for it, because its sentence may quote the request. */
function kindOf(error: unknown): unknown {
  return error instanceof Error && 'type' in error ? error.type : 'unreadable';
}
