import type { Server } from 'node:http';
import express, { type NextFunction, type Request, type Response, Router } from 'express';
import { cannotListen, hostFromHere } from '../../system/listening-place.ts';
import { limitedServer } from '../../system/connection-limits.ts';
import type { Clock } from '../../system/clock.ts';
import type { Logger } from '../../system/logger.ts';
import type { Randomness } from '../../system/randomness.ts';
import type { Refusals } from '../../system/refusals.ts';
import { ParleyError } from '../../errors.ts';
import { type ConsolePage, type ConsolePart, homeOf, isPagePath } from './console-part.ts';
import { ConsoleSockets } from './console-sockets.ts';
import { importMap, PageFiles } from './files/page-files.ts';
import { Login, type LoginOptions } from './login.ts';
import type { FleetDoor } from '../fleet/fleet-door.ts';
import { type ConsoleNames, isOwnRequest } from './own-requests.ts';
import { noPageHtml, pageHtml, wantsPage } from './page-html.ts';
import { contentPolicy, secured } from './security-headers.ts';
import { admit, isAdmitted } from './viewer.ts';

/** A browser opens six at most; fifty of them have room. */
const connectionsMax = 400;

/** A picture of 150 kB a second beside the sound of a call, and some seconds of both at once. */
const byteRate = { burst: 4 * 1024 * 1024, perSecond: 512 * 1024 };

/** How long viewers have to go when the service stops. */
const closeMsMax = 1_000;

const bodyLimits = { limit: '64kb', inflate: false };

/** What the server of the pages is made of. */
export interface ConsoleContext {
  readonly parts: readonly ConsolePart[];
  readonly token: LoginOptions['token'];
  readonly names: ConsoleNames;
  /** Lets other processes of the fleet in; null where none are. */
  readonly fleet: FleetDoor | null;
  readonly clock: Clock;
  readonly randomness: Randomness;
  readonly refusals: Refusals;
  readonly log: Logger;
}

/** A route of the pages, for whoever checks all of them. */
export interface ConsoleRoute {
  readonly method: string;
  readonly path: string;
}

/** The operator's pages and their data, on a port of their own. Nothing is sent to whoever is not logged in but the page to do so. */
export class ConsoleServer {
  /** Every route behind the door, and every path of a socket, as `GET` and `UPGRADE`. */
  readonly routes: readonly ConsoleRoute[];
  readonly #context: ConsoleContext;
  readonly #login: Login;
  readonly #files = new PageFiles();
  readonly #server: Server;
  readonly #sockets: ConsoleSockets;
  #port = 0;

  constructor(context: ConsoleContext) {
    this.#context = context;
    const { parts, names, fleet, token, clock, randomness, refusals, log } = context;
    const pages = parts.flatMap(({ page }) => page ?? []);
    const isSecure = names.url?.startsWith('https:') === true;
    this.#login = new Login({ token, isSecure, pages, clock, randomness, refusals });
    const data = Router();
    for (const part of parts) part.routes?.(data);
    const takers = new Map(parts.flatMap(({ sockets }) => Object.entries(sockets ?? {})));
    this.routes = [
      ...pages.map(({ path }) => ({ method: 'GET', path })),
      ...routesOf(data),
      ...[...takers.keys()].map((path) => ({ method: 'UPGRADE', path })),
    ];
    this.#server = limitedServer(this.#app(pages, data), { connectionsMax, byteRate }, refusals);
    this.#sockets = new ConsoleSockets({
      takers,
      isOwn: (req) => isOwnRequest(req.headers, names),
      fleet,
      sessionOf: (req) => this.#login.sessionOf(req),
      refusals,
      log,
    });
    this.#server.on('upgrade', (req, socket, head) => this.#sockets.upgrade(req, socket, head));
  }

  /** Listens and resolves to the port. Throws `http.portTaken`. */
  async listen(port: number): Promise<number> {
    const { host } = this.#context.names;
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', (error) =>
        reject(cannotListen({ host, port, settings: { host: 'ADMIN_HOST', port: 'ADMIN_PORT' } }, error)),
      );
      this.#server.listen(port, host, resolve);
    });
    const address = this.#server.address();
    this.#port = typeof address === 'object' && address !== null ? address.port : port;
    this.#login.port = this.#port;
    return this.#port;
  }

  get port(): number {
    return this.#port;
  }

  /** What an instance tells others of the fleet of where these pages are; null where none can be let in. */
  announced(instance: string): string | null {
    return this.#context.fleet?.announced(instance, this.#port) ?? null;
  }

  /** How many streams and sockets viewers have open: one for each live page. */
  get streams(): number {
    return this.#login.streams;
  }

  /** Where a browser finds the pages. With a token that was made at this start, the address lets its reader in. */
  get link(): string {
    const { token, names } = this.#context;
    const origin = names.url ?? `http://${hostFromHere(names.host)}:${this.#port}`;
    return token.kind === 'made' ? `${origin}/login?token=${token.text}` : `${origin}/`;
  }

  /** Sends every viewer away and resolves when all are gone. */
  async close(): Promise<void> {
    for (const { stop } of this.#context.parts) stop?.();
    this.#login.closeAll();
    this.#sockets.close();
    this.#files.stop();
    const cut = setTimeout(() => {
      this.#sockets.cut();
      this.#server.closeAllConnections();
    }, closeMsMax);
    await new Promise((resolve) => {
      this.#server.close(resolve);
      this.#server.closeIdleConnections();
    });
    clearTimeout(cut);
  }

  #app(pages: readonly ConsolePage[], data: Router): express.Express {
    const { names, fleet, refusals, log } = this.#context;
    const app = express();
    app.disable('x-powered-by').disable('etag');
    app.use(secured);
    app.use((req, res, next) => {
      const verdict = fleet?.check(req);
      if (verdict?.kind === 'refused') return void res.status(verdict.status).json({ error: verdict.why });
      if (verdict?.kind === 'admitted') admit(req, verdict.session);
      if (isAdmitted(req) || isOwnRequest(req.headers, names)) return next();
      refusals.add('viewerRefused', { why: 'host or origin' });
      res
        .status(403)
        .json({ error: 'This address or page is not allowed to look here. Set ADMIN_URL if it is yours.' });
    });
    app.use(this.#login.routes);
    app.use((req, res, next) => {
      if (isAdmitted(req)) return next();
      const session = this.#login.sessionOf(req);
      if (session !== null) {
        admit(req, session);
        next();
      } else if (wantsPage(req) || (req.method === 'GET' && (req.path === '/' || isPagePath(pages, req.path)))) {
        this.#login.ask(res, req.originalUrl);
      } else res.status(401).json({ error: 'You are not logged in.' });
    });
    for (const page of pages) {
      const html = pageHtml(page, pages);
      const policy = contentPolicy({ script: importMap });
      app.get(page.path, (_req, res) => void res.set('content-security-policy', policy).type('html').send(html));
    }
    const home = homeOf(pages);
    if (home !== undefined) app.get('/', (_req, res) => res.redirect(303, home.path));
    app.get(['/web/*path', '/src/*path', '/packages/*path'], async (req, res, next) => {
      if (!(await this.#files.send(req, res))) next();
    });
    app.use(bodyIsJson, express.json(bodyLimits), data);
    const noPage = noPageHtml(pages);
    app.use((req, res) => {
      if (wantsPage(req)) res.status(404).type('html').send(noPage);
      else res.status(404).json({ error: 'There is nothing here.' });
    });
    app.use(onError(log));
    return app;
  }
}

/** A page elsewhere can send forms and plain texts wherever it likes, but JSON only with permission. */
function bodyIsJson(req: Request, res: Response, next: NextFunction): void {
  if (req.method === 'GET' || req.method === 'HEAD' || req.is('application/json') !== false) next();
  else res.status(415).json({ error: 'The body of this request must be JSON.' });
}

function onError(log: Logger) {
  return (error: unknown, req: Request, res: Response, _next: NextFunction): void => {
    const status = error instanceof Error && 'status' in error && typeof error.status === 'number' ? error.status : 500;
    // Only of our own files the words are told: those of other errors may quote a call.
    if (error instanceof ParleyError && error.code === 'console.fileBroken')
      log.error({ fault: error.code, why: error.message }, 'viewerRequestFailed');
    else if (status >= 500) log.error({ err: error }, 'viewerRequestFailed');
    if (res.headersSent) return void res.destroy();
    if (req.destroyed && !req.complete) return;
    res
      .status(status)
      .json({ error: status >= 500 ? 'Something failed here. The log says more.' : 'The request cannot be read.' });
  };
}

function routesOf(router: Router): ConsoleRoute[] {
  return router.stack.flatMap(({ route }) =>
    route === undefined ? [] : route.stack.map(({ method }) => ({ method: method.toUpperCase(), path: route.path })),
  );
}
