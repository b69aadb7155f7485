import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Request, Response, Router } from 'express';
import type { WebSocket } from 'ws';
import { callWavPieces } from '../../audio/call-wav.ts';
import { isJsonObject } from '../../encoding/json.ts';
import { mulawCodec } from '../../sounds/mulaw-codec.ts';
import type { ConsolePart } from '../door/console-part.ts';
import type { Logger } from '../../system/logger.ts';
import { logLook, type Viewer, viewerOf } from '../door/viewer.ts';
import type { BrowserCalls, CalledAgent } from './browser-calls.ts';
import { linkCloses } from './handset-link.ts';
import type { PhoneSetup } from './phone-news.ts';

/** An hour of sound is 115 MB. Whoever takes longer than this for it does not read. */
const sendMsMax = 300_000;

/** What the browser phone is made of. */
export interface PhoneMeans {
  readonly calls: BrowserCalls;
  /** What a page must know, as it is in this moment. */
  readonly setup: () => PhoneSetup;
  /** The agent of this id; null if there is none. */
  readonly agentOf: (id: unknown) => CalledAgent | null;
  readonly log: Logger;
}

/** The browser phone: its page, and its calls. Only the session that has placed a call reaches it. */
export function phonePart({ calls, setup, agentOf, log }: PhoneMeans): ConsolePart {
  return {
    page: { path: '/phone', title: 'Browser phone', folder: 'phone' },
    routes: (router) => addRoutes(router, { calls, setup, agentOf, log }),
    sockets: { '/api/phone/line': (socket, url, viewer) => attach(calls, socket, url, viewer) },
  };
}

function addRoutes(router: Router, { calls, setup, agentOf, log }: PhoneMeans): void {
  router.get('/api/phone', (_req, res) => void res.json(setup()));
  router.post('/api/phone/calls', (req: Request, res: Response) => {
    const agent = agentOf(isJsonObject(req.body) ? req.body.agent : undefined);
    if (agent === null) return void res.status(400).json({ error: 'There is no such agent. Reload the page.' });
    const call = calls.place(viewerOf(req).session, agent);
    if (call === null)
      return void res
        .status(429)
        .json({ error: 'Too many calls from browsers just now. Hang one up, and call again.' });
    res.status(201).json({ callSid: call.callSid });
  });
  router.get('/api/phone/calls/:callSid/recording', async (req, res) => {
    const viewer = viewerOf(req);
    const { callSid } = req.params;
    const report = calls.reportOf(viewer.session, callSid);
    if (report === null)
      return void res
        .status(404)
        .json({ error: 'This call is not kept any more: it is for 15 minutes, while Parley runs.' });
    logLook(log, viewer, 'recording', callSid);
    res.attachment('call.wav').type('audio/wav');
    // It is made as it is read, because live calls share this thread and this memory.
    const pieces = Readable.from(callWavPieces(report, mulawCodec));
    const signal = AbortSignal.timeout(sendMsMax);
    // A viewer that has gone is no fault of ours.
    await pipeline(pieces, res, { signal }).catch(() => res.destroy());
  });
}

function attach(calls: BrowserCalls, socket: WebSocket, { searchParams }: URL, { session }: Viewer): void {
  const lastNumber = Number(searchParams.get('after') ?? 0);
  const callSid = searchParams.get('call') ?? '';
  if (!calls.attach(socket, session, callSid, Number.isSafeInteger(lastNumber) ? lastNumber : 0))
    socket.close(linkCloses.unknownCall);
}
