import type { Request, Response, Router } from 'express';
import type { WebSocket } from 'ws';
import type { OperatorOrder } from '../../call/events.ts';
import type { OrderOutcome } from '../../call/operator/request-refusal.ts';
import type { Clock } from '../../system/clock.ts';
import type { Logger } from '../../system/logger.ts';
import type { ConsolePart } from '../door/console-part.ts';
import { sendEvents } from '../door/event-stream.ts';
import { closeUnknown, refuseUnknown } from '../door/no-such-call.ts';
import { logLook, type Viewer, viewerOf } from '../door/viewer.ts';
import type { BoardSummary } from './board.ts';
import { BoardSource } from './board-source.ts';
import { Feed, type FeedViewer } from './feed.ts';
import { Listening } from './listening.ts';
import type { LiveCalls, WatchedCall } from './live-calls.ts';
import { OneCallSource } from './one-call-source.ts';
import { type OrderAnswer, parseOrder } from './order-form.ts';

/** Whoever watches wants a page or two; more viewers than these are an accident, and each costs a connection. */
const viewersMax = 200;

/** What the pages about live calls are made of. */
export interface LivePartMeans {
  readonly calls: LiveCalls;
  readonly summary: () => BoardSummary;
  /** Takes an order of a call, and says at once whether it is done. */
  readonly order: (callSid: string, order: OperatorOrder) => OrderOutcome;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Live calls: the board of all of them, and one opened, with its sound and what an operator can order of it. */
export class LivePart implements ConsolePart {
  readonly page = { path: '/', title: 'Calls now', folder: 'board' };
  readonly sockets = {
    '/api/live/sound': (socket: WebSocket, url: URL, viewer: Viewer): void => this.#listen(socket, url, viewer),
  };
  readonly #means: LivePartMeans;
  readonly #board: Feed;
  readonly #listening = new Listening();
  /** One for each call that somebody watches. */
  readonly #feeds = new Map<WatchedCall, Feed>();

  constructor(means: LivePartMeans) {
    this.#means = means;
    const { calls, summary, clock, log } = means;
    this.#board = new Feed(clock, new BoardSource({ calls, summary, unixMs: () => clock.unixMs() }), log);
  }

  /** Shows somebody the board until what it returns is called. */
  watch(viewer: FeedViewer): () => void {
    return this.#board.add(viewer);
  }

  /** Whether a call is here, live or just ended. */
  has(callSid: string): boolean {
    const outcome = this.#means.calls.find(callSid)?.picture.outcome;
    return outcome !== undefined && outcome !== 'elsewhere';
  }

  readonly routes = (router: Router): void => {
    router.get('/api/board/events', (req, res) => {
      if (!this.#hasRoom(res)) return;
      logLook(this.#means.log, viewerOf(req), 'board', null);
      watch(res, this.#board, () => {});
    });
    router.get('/api/live/:callSid/events', (req, res) => this.#watchCall(req.params.callSid, req, res));
    router.post('/api/live/:callSid/orders', (req, res) => this.#order(req.params.callSid, req, res));
  };

  #watchCall(callSid: string, req: Request, res: Response): void {
    const call = this.#means.calls.find(callSid);
    if (call === null) return refuseUnknown(res);
    if (!this.#hasRoom(res)) return;
    const { clock, log } = this.#means;
    logLook(log, viewerOf(req), 'liveCall', callSid);
    const feed = this.#feeds.get(call) ?? new Feed(clock, new OneCallSource(call.picture), log);
    this.#feeds.set(call, feed);
    watch(res, feed, () => {
      if (feed.viewers === 0) this.#feeds.delete(call);
    });
  }

  #hasRoom(res: Response): boolean {
    const viewers = [...this.#feeds.values()].reduce((sum, feed) => sum + feed.viewers, this.#board.viewers);
    if (viewers < viewersMax) return true;
    res.status(503).json({ error: 'Too many pages are open. Close some and try again.' });
    return false;
  }

  /** The log tells who ordered what of which call, and not with which words. What names no call may be anything, and is not told. */
  #order(callSid: string, req: Request, res: Response): void {
    if (this.#means.calls.find(callSid) === null) return refuseUnknown(res);
    const order = parseOrder(req.body);
    if (order === null) return void res.status(400).json({ error: 'This is no order that a call can take.' });
    const outcome = this.#means.order(callSid, order);
    const refusal = outcome.kind === 'refused' ? { refusal: outcome.refusal } : {};
    const { session, address } = viewerOf(req);
    this.#means.log.info({ callSid, order: order.type, session, address, ...refusal }, 'viewerOrdered');
    if (outcome.kind === 'refused') return void res.status(409).json({ error: outcome.reason });
    const answer: OrderAnswer = { taken: true };
    res.json(answer);
  }

  #listen(socket: WebSocket, url: URL, viewer: Viewer): void {
    const callSid = url.searchParams.get('call') ?? '';
    const call = this.#means.calls.find(callSid);
    if (call === null || call.picture.outcome !== null) return closeUnknown(socket);
    logLook(this.#means.log, viewer, 'sound', callSid);
    this.#listening.begin(socket, call.taps, this.#means.clock.unixMs());
  }
}

/** Shows a feed to whoever asked, until they have gone. */
function watch(res: Response, feed: Feed, onLeft: () => void): void {
  const stream = sendEvents(res);
  const leave = feed.add(stream);
  stream.onClose(() => {
    leave();
    onLeft();
  });
}
