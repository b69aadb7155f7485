import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { IncomingMessage } from 'node:http';
import { type Request, type Response, Router, urlencoded } from 'express';
import { packageFolder } from '../../config/package-folder.ts';
import type { Clock } from '../../system/clock.ts';
import type { Randomness } from '../../system/randomness.ts';
import type { Refusals } from '../../system/refusals.ts';
import { type ConsolePage, isPagePath } from './console-part.ts';
import { loginHtml } from './page-html.ts';
import { contentPolicy } from './security-headers.ts';
import { ViewerSession, ViewerSessions, sessionSecondsMax } from './viewer-sessions.ts';
import { TokenCheck } from './token-check.ts';

const home = '/';

/** Names the session of a viewer for whom another process asks. */
export const viewerHeader = 'x-parley-viewer';

/** A token and a path. */
const formLimits = { limit: '4kb', parameterLimit: 4, inflate: false };

/** How people get in. `made`: the token is one of this start, and stands in the link. `chosen`: an operator has set it. */
export interface LoginOptions {
  readonly token: { readonly kind: 'made' | 'chosen'; readonly text: string };
  /** Whether browsers come over https only. */
  readonly isSecure: boolean;
  readonly pages: readonly ConsolePage[];
  readonly clock: Clock;
  readonly randomness: Randomness;
  readonly refusals: Refusals;
}

const hows = {
  made: 'Open the link that npm start has printed, or enter the token at its end.',
  chosen: 'Enter the token that ADMIN_TOKEN holds.',
};

const wrongs = {
  made: 'This token is wrong. After a restart, use the new link.',
  chosen: 'This token is wrong.',
};

const tooOften = 'Too many wrong tokens. Wait a minute, then try again.';

/** Lets viewers in: by the link, the log-in page, or a header; afterwards by a cookie. */
export class Login {
  readonly routes: Router;
  readonly #options: LoginOptions;
  readonly #check: TokenCheck;
  readonly #sessions: ViewerSessions;
  readonly #style: string;
  /** Browsers send cookies to all ports of a host, so another Parley on this machine needs another name. */
  #cookieName = 'parley';

  constructor(options: LoginOptions) {
    this.#options = options;
    this.#check = new TokenCheck(options.token.text, options.clock);
    this.#sessions = new ViewerSessions(options.clock, options.randomness);
    this.#style = readFileSync(join(packageFolder, 'web/shared/style.css'), 'utf8');
    this.routes = Router();
    this.routes.get('/login', (req, res) => {
      const { token, to } = req.query;
      if (typeof token === 'string' && options.token.kind === 'made') this.#enter(req, res, token, to);
      else if (this.sessionOf(req) === null) this.ask(res, this.#pathOf(to));
      else res.redirect(303, this.#pathOf(to));
    });
    this.routes.post('/login', urlencoded({ extended: false, ...formLimits }), (req, res) => {
      const { token, to }: Record<string, unknown> = Object(req.body);
      this.#enter(req, res, typeof token === 'string' ? token : '', to);
    });
    this.routes.post('/logout', (req, res) => {
      const id = this.#idOf(req);
      if (id === null || this.#sessions.find(id) === null) return this.ask(res, home);
      this.#sessions.close(id);
      res.clearCookie(this.#cookieName, { path: '/' }).redirect(303, '/login');
    });
  }

  /** The port is known when the server listens. */
  set port(port: number) {
    this.#cookieName = `parley-${port}`;
  }

  /** The session of a request, by its cookie or by `Authorization: Bearer` with the token; null if nobody is logged in. */
  sessionOf(req: IncomingMessage): ViewerSession | null {
    const [, bearer] = /^Bearer (\S+)$/.exec(req.headers.authorization ?? '') ?? [];
    if (bearer !== undefined)
      return this.#isRight(req, bearer, 'header') === 'right' ? new ViewerSession(bearerName(req)) : null;
    const id = this.#idOf(req);
    return id === null ? null : this.#sessions.find(id);
  }

  /** How many streams and sockets viewers have open. */
  get streams(): number {
    return this.#sessions.streams;
  }

  /** Asks for the token, in place of the page that was asked for. */
  ask(res: Response, to: string, problem: string | null = null): void {
    const html = loginHtml({ how: hows[this.#options.token.kind], problem, to }, this.#style);
    res
      .set('content-security-policy', contentPolicy({ style: this.#style }))
      .status(401)
      .type('html')
      .send(html);
  }

  closeAll(): void {
    this.#sessions.closeAll();
  }

  #enter(req: Request, res: Response, token: string, to: unknown): void {
    const verdict = this.#isRight(req, token, req.method === 'POST' ? 'form' : 'link');
    if (verdict !== 'right') {
      const problem = verdict === 'wrong' ? wrongs[this.#options.token.kind] : tooOften;
      return this.ask(res, this.#pathOf(to), problem);
    }
    res.cookie(this.#cookieName, this.#sessions.open(), {
      httpOnly: true,
      sameSite: 'strict',
      secure: this.#options.isSecure,
      path: '/',
      maxAge: sessionSecondsMax * 1000,
    });
    const path = this.#pathOf(to);
    // Who comes by a link in a page elsewhere, such as a terminal in the browser, sends no Strict cookie along a redirect.
    const site = req.headers['sec-fetch-site'] ?? 'none';
    if (site === 'none' || site === 'same-origin') res.redirect(303, path);
    else res.set('refresh', `0;url=${path}`).type('html').send('');
  }

  /** Each way in counts for itself: a program with an old token, or a link somewhere in the web, keeps nobody from the log-in page. */
  #isRight({ socket }: IncomingMessage, token: string, way: 'header' | 'form' | 'link') {
    const verdict = this.#check.try(token, `${way} ${socket.remoteAddress}`);
    if (verdict !== 'right') this.#options.refusals.add('viewerRefused', { why: 'token', verdict });
    return verdict;
  }

  #idOf({ headers: { cookie } }: IncomingMessage): string | null {
    const start = `${this.#cookieName}=`;
    const ours = cookie?.split(/; */).find((one) => one.startsWith(start));
    return ours?.slice(start.length) ?? null;
  }

  /** A page of ours with its query, and home for anything else. */
  #pathOf(to: unknown): string {
    const url = typeof to === 'string' && to.startsWith('/') ? URL.parse(to, 'http://parley.invalid') : null;
    const isOurs = url?.hostname === 'parley.invalid' && isPagePath(this.#options.pages, url.pathname);
    return isOurs ? url.pathname + url.search : home;
  }
}

/** Whoever has the token may say for whom they ask, as the process in front of workers does. */
function bearerName(req: IncomingMessage): string {
  const name = req.headers[viewerHeader];
  return typeof name === 'string' && /^\w{1,16}$/.test(name) ? name : 'bearer';
}
