import type { Request, Response } from 'express';
import type { ConsolePart } from '../../console/door/console-part.ts';
import { viewerHeader } from '../../console/door/login.ts';
import { closeUnknown, refuseUnknown } from '../../console/door/no-such-call.ts';
import { logLook, viewerOf } from '../../console/door/viewer.ts';
import type { Health } from '../../console/health/health.ts';
import { type AskedPages, askPages, joinSockets, passOn, readPages, wholeOf } from '../../console/joined/ask-pages.ts';
import { JoinedLive } from '../../console/joined/joined-live.ts';
import { isJsonObject, parseJson } from '../../encoding/json.ts';
import { systemClock } from '../../system/clock.ts';
import type { Logger } from '../../system/logger.ts';
import type { AskedWorker, WorkerTeam } from '../worker-team.ts';

/** A worker that takes longer to answer stands still. */
const answerMsMax = 10_000;

/** What the pages of all workers are made of. */
export interface WorkerPartsMeans {
  readonly pagesOf: (worker: AskedWorker) => AskedPages;
  readonly team: WorkerTeam;
  /** The limit of all together. */
  readonly callsMax: number;
  readonly log: Logger;
}

/** The pages of a worker, which is on a port of this machine. `token`: lets this process in at all of them. */
export function workerPages(token: string, { instance, adminPort }: AskedWorker): AskedPages {
  return {
    name: instance,
    origin: `http://127.0.0.1:${adminPort}`,
    answerMsMax,
    lettingIn: (_method, _path, viewer) => ({
      authorization: `Bearer ${token}`,
      ...(viewer === null ? {} : { [viewerHeader]: viewer.session }),
    }),
  };
}

/** Calls now: the board of all workers. Whoever looks at one call, or orders something of it, is answered by the worker that has it. */
export function teamLivePart({ pagesOf, team, log }: WorkerPartsMeans): JoinedLive {
  return new JoinedLive({
    own: null,
    others: () => team.asked.map(pagesOf),
    problems: () => [],
    placeOf: async (callSid) => {
      const owner = team.ownerOf(callSid);
      return owner === null ? { kind: 'here' } : { kind: 'at', pages: pagesOf(owner) };
    },
    clock: systemClock,
    log,
  });
}

/** The browser phone: a call from it goes to the worker that the next call would get. */
export function teamPhonePart({ pagesOf, team, log }: WorkerPartsMeans): ConsolePart {
  return {
    page: { path: '/phone', title: 'Browser phone', folder: 'phone' },
    routes(router) {
      router.get('/api/phone', async (req, res) => void (await passTo(req, res, team.next(), pagesOf)));
      router.post('/api/phone/calls', async (req, res) => {
        const worker = team.next();
        const answer = worker === null ? null : await placed(pagesOf(worker), req).catch(() => null);
        if (worker === null || answer === null) return refuse(res);
        const { callSid } = Object(answer.body);
        if (typeof callSid === 'string') team.note(callSid, worker);
        res.status(answer.status).json(answer.body);
      });
      router.get('/api/phone/calls/:callSid/recording', async (req, res) => {
        const { callSid } = req.params;
        const owner = team.ownerOf(callSid);
        if (owner === null) return refuseUnknown(res);
        const status = await passTo(req, res, owner, pagesOf);
        if (status === 200) logLook(log, viewerOf(req), 'recording', callSid);
      });
    },
    sockets: {
      '/api/phone/line': (socket, url, viewer) => {
        const owner = team.ownerOf(url.searchParams.get('call') ?? '');
        if (owner === null) return closeUnknown(socket);
        joinSockets(socket, url, viewer, pagesOf(owner));
      },
    },
  };
}

/** How the workers are together. */
export function teamHealthPart({ pagesOf, team, callsMax }: WorkerPartsMeans): ConsolePart {
  return {
    page: { path: '/health', title: 'Health', folder: 'health' },
    routes(router) {
      router.get('/api/health', async (_req, res) => {
        const told = await Promise.all(team.asked.map(async (worker) => readPages(pagesOf(worker), '/api/health')));
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

/** Asks a worker for a call from the browser. Rejects when it does not answer. */
async function placed(pages: AskedPages, req: Request): Promise<{ readonly status: number; readonly body: unknown }> {
  const answer = await askPages(pages, { path: '/api/phone/calls', viewer: viewerOf(req), body: req.body ?? {} });
  return { status: answer.statusCode ?? 502, body: parseJson(await wholeOf(answer, pages)) };
}

async function passTo(
  req: Request,
  res: Response,
  worker: AskedWorker | null,
  pagesOf: WorkerPartsMeans['pagesOf'],
): Promise<number | null> {
  const status = worker === null ? null : await passOn(req, res, pagesOf(worker));
  if (status === null && !res.headersSent) refuse(res);
  return status;
}

function refuse(res: Response): void {
  res.status(503).json({ error: 'No worker answers just now. Try again in a moment.' });
}
