import type { Request, Response } from 'express';
import type { WebSocket } from 'ws';
import type { ConsolePart } from '../../console/door/console-part.ts';
import { sendEvents } from '../../console/door/event-stream.ts';
import { logLook, type Viewer, viewerOf } from '../../console/door/viewer.ts';
import type { Health } from '../../console/health/health.ts';
import { Feed } from '../../console/live/feed.ts';
import { isJsonObject, parseJson } from '../../encoding/json.ts';
import { systemClock } from '../../system/clock.ts';
import type { Logger } from '../../system/logger.ts';
import { BoardFollowers } from './board-followers.ts';
import { JoinedBoard } from './joined-board.ts';
import type { WorkerTeam } from '../worker-team.ts';
import type { WorkerAsker } from './worker-asker.ts';

/** More viewers than these are an accident, as at one process. */
const viewersMax = 200;

/** The code with which a socket is closed when there is no such call. */
const doneCode = 1000;

/** What the pages of all workers are made of. */
export interface WorkerPartsMeans {
  readonly asker: WorkerAsker;
  readonly team: WorkerTeam;
  /** The limit of all together. */
  readonly callsMax: number;
  readonly log: Logger;
}

/** Calls now: the board of all workers. Whoever looks at one call, or orders something of it, is answered by the worker that has it. */
export function teamLivePart(means: WorkerPartsMeans): ConsolePart {
  const { asker, team, log } = means;
  const board = new JoinedBoard(() => systemClock.unixMs());
  const feed = new Feed(systemClock, board, log);
  const streams = new Set<{ close: () => void }>();
  // A browser comes back by itself, and sees those that are left.
  const onLost = (): void => {
    for (const stream of streams) stream.close();
  };
  const followers = new BoardFollowers({ board, asker, workers: () => team.asked, clock: systemClock, onLost });
  return {
    page: { path: '/', title: 'Calls now', folder: 'board' },
    routes(router) {
      router.get('/api/board/events', async (req, res) => {
        if (streams.size >= viewersMax)
          return void res.status(503).json({ error: 'Too many pages are open. Close some and try again.' });
        logLook(log, viewerOf(req), 'board', null);
        await followers.begin();
        // Who has left meanwhile is told of no close any more.
        if (res.destroyed) return streams.size === 0 ? followers.end() : undefined;
        const stream = sendEvents(res);
        streams.add(stream);
        const leave = feed.add(stream);
        stream.onClose(() => {
          leave();
          streams.delete(stream);
          if (streams.size === 0) followers.end();
        });
      });
      router.get('/api/live/:callSid/events', (req, res) => passCall(means, req, res, 'liveCall'));
      router.post('/api/live/:callSid/orders', (req, res) => passCall(means, req, res, null));
    },
    sockets: { '/api/live/sound': (socket, url, viewer) => joinCall(means, socket, url, viewer, 'sound') },
    stop: () => followers.end(),
  };
}

/** The browser phone: a call from it goes to the worker that the next call would get. */
export function teamPhonePart(means: WorkerPartsMeans): ConsolePart {
  const { asker, team } = means;
  return {
    page: { path: '/phone', title: 'Browser phone', folder: 'phone' },
    routes(router) {
      router.get('/api/phone', async (req, res) => {
        const worker = team.next();
        if (worker === null) refuse(res);
        else await asker.pass(req, res, worker.adminPort);
      });
      router.post('/api/phone/calls', async (req, res) => {
        const worker = team.next();
        const answer =
          worker === null ? null : await asker.place(worker.adminPort, viewerOf(req), req.body).catch(() => null);
        if (worker === null || answer === null) return refuse(res);
        const { callSid } = Object(answer.body);
        if (typeof callSid === 'string') team.note(callSid, worker);
        res.status(answer.status).json(answer.body);
      });
      router.get('/api/phone/calls/:callSid/recording', (req, res) => passCall(means, req, res, 'recording'));
    },
    sockets: { '/api/phone/line': (socket, url, viewer) => joinCall(means, socket, url, viewer, null) },
  };
}

/** How the workers are together. */
export function teamHealthPart({ asker, team, callsMax }: WorkerPartsMeans): ConsolePart {
  return {
    page: { path: '/health', title: 'Health', folder: 'health' },
    routes(router) {
      router.get('/api/health', async (_req, res) => {
        const told = await Promise.all(team.asked.map(async ({ adminPort }) => asker.read(adminPort, '/api/health')));
        res.json(joinedHealth(told, team.silent, callsMax));
      });
    },
  };
}

/** Ready is who has one worker that is. What does not answer has no calls to tell of. */
function joinedHealth(told: readonly (string | null)[], silent: readonly string[], limit: number): Health {
  const all = told.map((text) => parseJson(text ?? '')).filter(isJsonObject);
  const sum = (name: string): number => all.reduce((before, one) => before + Number(one[name]), 0);
  const problems = all.flatMap((one) => (Array.isArray(one['problems']) ? one['problems'].map(String) : []));
  const ready = all.some((one) => one['ready'] === true);
  const none = all.length === 0 ? ['No worker answers. The log says why they end.'] : [];
  const still = silent.map((name) => `The worker ${name} stands still. It is ended if that goes on for 15 s.`);
  const callsMax = Math.min(limit, sum('callsMax'));
  return { ready, liveCalls: sum('liveCalls'), callsMax, problems: [...none, ...still, ...new Set(problems)] };
}

async function passCall(
  { asker, team, log }: WorkerPartsMeans,
  req: Request<{ callSid: string }>,
  res: Response,
  what: string | null,
): Promise<void> {
  const { callSid } = req.params;
  const owner = team.ownerOf(callSid);
  if (owner === null) return void res.status(404).json({ error: 'This call is over, or there never was one.' });
  const status = await asker.pass(req, res, owner.adminPort);
  if (status === 200 && what !== null) logLook(log, viewerOf(req), what, callSid);
}

function joinCall(
  { asker, team, log }: WorkerPartsMeans,
  socket: WebSocket,
  url: URL,
  viewer: Viewer,
  what: string | null,
): void {
  const callSid = url.searchParams.get('call') ?? '';
  const owner = team.ownerOf(callSid);
  if (owner === null) return socket.close(doneCode, 'The call is over.');
  if (what !== null) logLook(log, viewer, what, callSid);
  asker.join(socket, url, viewer, owner.adminPort);
}

function refuse(res: Response): void {
  res.status(503).json({ error: 'No worker answers just now. Try again in a moment.' });
}
