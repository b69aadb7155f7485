import type { Request, Response, Router } from 'express';
import type { WebSocket } from 'ws';
import type { Clock } from '../../system/clock.ts';
import type { Logger } from '../../system/logger.ts';
import type { ConsolePart } from '../door/console-part.ts';
import { closeViewer } from '../door/close-viewer.ts';
import { sendEvents } from '../door/event-stream.ts';
import { closeUnknown, refuseUnknown } from '../door/no-such-call.ts';
import { logLook, type Viewer, viewerOf } from '../door/viewer.ts';
import { Feed, type FeedViewer } from '../live/feed.ts';
import type { Problem } from '../live/problems.ts';
import { type AskedPages, joinSockets, passOn, unreachable, unreachableCode } from './ask-pages.ts';
import { BoardFollowers, type OwnBoard } from './board-followers.ts';
import { JoinedBoard } from './joined-board.ts';

/** More viewers than these are an accident, as at one process. */
const viewersMax = 200;

/** Where a call is. `here`: nowhere else, as far as is known. */
export type CallPlace =
  | { readonly kind: 'here' }
  | { readonly kind: 'at'; readonly pages: AskedPages }
  /** Somewhere else, and why it cannot be asked there, in words. */
  | { readonly kind: 'away'; readonly why: string };

/** The calls that are this side's own, if it has any: those of this process, or of its workers. */
export interface OwnLive extends OwnBoard {
  readonly part: ConsolePart;
}

/** What live calls of several processes are shown from. */
export interface JoinedLiveParts {
  readonly own: OwnLive | null;
  readonly others: () => readonly AskedPages[];
  /** Whose calls cannot be shown, beside those whose pages do not answer, as problems. */
  readonly problems: () => readonly Problem[];
  /** `board`: the name of those on whose board the call is live, if somebody looks at boards; null when that is not known. */
  readonly placeOf: (callSid: string, board: string | null) => Promise<CallPlace>;
  readonly clock: Clock;
  readonly log: Logger;
}

/**
 * Live calls of several processes: the board of all, and one call opened, which the process that has it shows. Whoever asks for another
 * process gets what is this side's own, so that nothing goes in circles.
 */
export class JoinedLive implements ConsolePart {
  readonly page = { path: '/', title: 'Calls now', folder: 'board' };
  readonly sockets = {
    '/api/live/sound': (socket: WebSocket, url: URL, viewer: Viewer): Promise<void> =>
      this.#listen(socket, url, viewer),
  };
  readonly #parts: JoinedLiveParts;
  readonly #board: JoinedBoard;
  readonly #feed: Feed;
  readonly #followers: BoardFollowers;

  constructor(parts: JoinedLiveParts) {
    this.#parts = parts;
    const { own, others, clock, log } = parts;
    this.#board = new JoinedBoard(
      () => clock.unixMs(),
      () => this.#problems(),
    );
    this.#feed = new Feed(clock, this.#board, log);
    const onOther = (): void => this.#feed.renew();
    this.#followers = new BoardFollowers({ board: this.#board, own, others, clock, onOther });
  }

  /** Makes the board whole for who looks next, in bounded time. */
  async begin(): Promise<void> {
    return this.#followers.begin();
  }

  /** Shows somebody the board until what it returns is called. */
  watch(viewer: FeedViewer): () => void {
    // What is not there yet, is shown when it is.
    void this.#followers.begin();
    const leave = this.#feed.add(viewer);
    return () => {
      leave();
      if (this.#feed.viewers === 0) this.#followers.end();
    };
  }

  readonly routes = (router: Router): void => {
    router.get('/api/board/events', async (req, res, next) => {
      if (this.#isOwn(viewerOf(req))) return next();
      if (this.#feed.viewers >= viewersMax)
        return void res.status(503).json({ error: 'Too many pages are open. Close some and try again.' });
      logLook(this.#parts.log, viewerOf(req), 'board', null);
      await this.#followers.begin();
      // Who has left meanwhile is told of no close any more.
      if (res.destroyed) return this.#feed.viewers === 0 ? this.#followers.end() : undefined;
      const stream = sendEvents(res);
      stream.onClose(this.watch(stream));
    });
    router.get('/api/live/:callSid/events', (req, res, next) => this.#pass(req, res, next, 'liveCall'));
    router.post('/api/live/:callSid/orders', (req, res, next) => this.#pass(req, res, next, null));
    this.#parts.own?.part.routes?.(router);
    router.use('/api/live/:callSid', (_req, res) => refuseUnknown(res));
  };

  readonly stop = (): void => {
    this.#followers.end();
    this.#parts.own?.part.stop?.();
  };

  /** Whether this is asked for what this side has by itself. */
  #isOwn({ isOfFleet }: Viewer): boolean {
    return isOfFleet && this.#parts.own !== null;
  }

  async #placeOf(callSid: string): Promise<CallPlace> {
    return this.#parts.placeOf(callSid, this.#board.nameOf(callSid));
  }

  async #pass(req: Request<{ callSid: string }>, res: Response, next: () => void, what: string | null): Promise<void> {
    const { callSid } = req.params;
    if (this.#isOwn(viewerOf(req))) return next();
    const place = await this.#placeOf(callSid);
    if (place.kind === 'here') return next();
    const status = place.kind === 'at' ? await passOn(req, res, place.pages) : null;
    if (status === 200 && what !== null) logLook(this.#parts.log, viewerOf(req), what, callSid);
    const error = place.kind === 'at' ? unreachable(place.pages.name, 'call') : place.why;
    if (status === null && !res.headersSent) res.status(503).json({ error });
  }

  async #listen(socket: WebSocket, url: URL, viewer: Viewer): Promise<void> {
    const callSid = url.searchParams.get('call') ?? '';
    const own = this.#parts.own?.part.sockets?.[url.pathname];
    const place: CallPlace = this.#isOwn(viewer) ? { kind: 'here' } : await this.#placeOf(callSid);
    if (socket.readyState !== socket.OPEN) return;
    switch (place.kind) {
      case 'here':
        return own === undefined ? closeUnknown(socket) : own(socket, url, viewer);
      case 'away':
        return closeViewer(socket, unreachableCode, place.why);
      case 'at':
        logLook(this.#parts.log, viewer, 'sound', callSid);
        return joinSockets(socket, url, viewer, place.pages);
    }
  }

  #problems(): readonly Problem[] {
    const unseen = [...this.#followers.failures].map(([name, why]) => unseenCalls(name, why));
    return [...this.#parts.problems(), ...unseen];
  }
}

/** What a board says of a process whose calls it does not show. */
export function unseenCalls(name: string, why: string): Problem {
  return {
    code: `fleet.unseen ${name}`,
    what: `The calls of ${name} are not shown here. ${why}`,
    remedy: 'They go on all the same. See "Pages of a fleet" in docs/operations.md.',
    met: null,
  };
}
