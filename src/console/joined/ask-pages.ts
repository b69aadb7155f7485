import type { IncomingMessage } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { text } from 'node:stream/consumers';
import type { Request, Response } from 'express';
import { WebSocket } from 'ws';
import { isJsonObject, parseJson } from '../../encoding/json.ts';
import { closeViewer } from '../door/close-viewer.ts';
import { sessionOf, type Viewer, viewerOf } from '../door/viewer.ts';

const { request: requestPlain } = process.getBuiltinModule('node:http');
const { request: requestSecure } = process.getBuiltinModule('node:https');

/** Pages that are on the same network take milliseconds to take a connection. Those of a machine that is gone never do. */
const connectMsMax = 2_000;

/** As much as a page may leave unread. */
const unreadBytesMax = 1024 * 1024;

/** What a page sends before the socket to the other process is open. */
const earlyMax = 50;

/** A stream of events tells something every 15 s, if only that it is there, and a socket is asked every 20 s whether it is. */
export const silentMsMax = 40_000;

/** Why something was refused, in words, is shorter. */
const whyBytesMax = 4 * 1024;

/** Again later. */
const laterCode = 1013;

/** The code with which a socket is closed whose call is with a process that does not answer. The reason says so in words. */
export const unreachableCode = 4503;

type Method = 'GET' | 'POST';

/** The pages of another process, or of workers behind one port, that can be asked. */
export interface AskedPages {
  /** The instance, or the instances with a comma between. */
  readonly name: string;
  readonly origin: string;
  /** The headers that let this process in there, for somebody whom it has let in. `path`: with its query. */
  readonly lettingIn: (method: Method, path: string, viewer: Viewer | null) => Readonly<Record<string, string>>;
  /** How long they may take to answer. One that takes longer stands still. */
  readonly answerMsMax: number;
}

/** What is wanted of them. */
export interface Wish {
  /** With the query. */
  readonly path: string;
  readonly viewer: Viewer | null;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** How long the answer may take, if longer than others. */
  readonly answerMsMax?: number;
}

/** Resolves to the head of an answer, whose body is still to be read. Rejects when none comes in time. Nobody is sent on elsewhere. */
export async function askPages(pages: AskedPages, { path, viewer, body, ...wish }: Wish): Promise<IncomingMessage> {
  const json = body === undefined ? null : JSON.stringify(body);
  const method = json === null ? 'GET' : 'POST';
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const request = pages.origin.startsWith('https:') ? requestSecure : requestPlain;
  const asked = request(pages.origin + path, {
    method,
    agent: false,
    headers: {
      ...pages.lettingIn(method, path, viewer),
      ...(json === null ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(json) }),
    },
  });
  const giveUp = (): void => void asked.destroy(new Error('There is no answer.'));
  const tooLate = setTimeout(giveUp, wish.answerMsMax ?? pages.answerMsMax);
  const unconnected = setTimeout(giveUp, connectMsMax);
  asked.once('socket', (socket) => socket.once('connect', () => clearTimeout(unconnected)));
  asked.once('close', () => {
    clearTimeout(tooLate);
    clearTimeout(unconnected);
    reject(new Error('There is no answer that can be read.'));
  });
  asked.once('response', (answer) => {
    clearTimeout(tooLate);
    resolve(answer);
  });
  asked.once('error', reject);
  asked.end(json ?? undefined);
  return promise;
}

/** What pages answer, whole; null if that is no success, or does not come in time. */
export async function readPages(pages: AskedPages, path: string): Promise<string | null> {
  try {
    const answer = await askPages(pages, { path, viewer: null });
    const body = await wholeOf(answer, pages);
    return answer.statusCode === 200 ? body : null;
  } catch {
    return null;
  }
}

/** The body of an answer. Rejects when it does not come in time. */
export async function wholeOf(answer: IncomingMessage, pages: AskedPages): Promise<string> {
  return text(inTime(answer, pages));
}

function inTime(answer: IncomingMessage, { answerMsMax }: AskedPages): IncomingMessage {
  const tooLate = setTimeout(() => answer.destroy(new Error('It is slow.')), answerMsMax);
  return answer.once('close', () => clearTimeout(tooLate));
}

/** Why pages refuse, in their words; null when they say nothing that can be shown. */
export async function whyRefused(answer: IncomingMessage, pages: AskedPages): Promise<string | null> {
  let said = '';
  try {
    for await (const piece of inTime(answer, pages).setEncoding('utf8')) {
      said += piece;
      if (said.length > whyBytesMax) break;
    }
  } catch {
    return null;
  }
  const json = parseJson(said);
  return isJsonObject(json) && typeof json['error'] === 'string' ? json['error'] : null;
}

/** What is wanted for a viewer. */
interface PassedWish extends Partial<Pick<Wish, 'path' | 'answerMsMax'>> {
  /** How long nothing may come of an answer that has begun, if not as long as usual. */
  readonly silentMsMax?: number;
}

/** Answers a viewer with what other pages answer, and ends with the viewer's session. Resolves to the status, or to null when there is none. */
export async function passOn(
  req: Request,
  res: Response,
  pages: AskedPages,
  { path, silentMsMax: silentMs = silentMsMax, ...wish }: PassedWish = {},
): Promise<number | null> {
  const body: unknown = req.method === 'POST' ? (req.body ?? {}) : undefined;
  try {
    const answer = await askPages(pages, { path: path ?? req.originalUrl, viewer: viewerOf(req), body, ...wish });
    if (res.destroyed) {
      answer.destroy();
      return null;
    }
    if (answer.statusCode === 401 || answer.statusCode === 421) await refuseFor(res, answer, pages);
    else passAnswer(req, res, answer, silentMs);
    return res.statusCode;
  } catch {
    if (res.headersSent) res.destroy();
    return null;
  }
}

/** That the others do not let this process in is no matter of the viewer's login, as a 401 would say. */
async function refuseFor(res: Response, answer: IncomingMessage, pages: AskedPages): Promise<void> {
  const why = await whyRefused(answer, pages);
  res.status(503).json({ error: `The process ${pages.name} does not let this one in. ${why ?? ''}`.trimEnd() });
}

function passAnswer(req: Request, res: Response, answer: IncomingMessage, silentMs: number): void {
  const forget = sessionOf(req).onEnd(() => res.destroy());
  res.once('close', () => {
    forget();
    answer.destroy();
  });
  res.status(answer.statusCode ?? 502);
  for (const name of ['content-type', 'content-disposition', 'content-length', 'cache-control'] as const) {
    const value = answer.headers[name];
    if (value !== undefined) res.setHeader(name, value);
  }
  res.flushHeaders();
  answer.socket.setTimeout(silentMs).on('timeout', () => {
    // What a viewer has not read yet keeps more from coming.
    if (res.writableNeedDrain) answer.socket.setTimeout(silentMs);
    else res.destroy();
  });
  // A viewer that has gone, or a process that has died, ends both sides.
  void pipeline(answer, res).catch(() => res.destroy());
}

/** What a viewer is told when the process that has something does not answer. */
export function unreachable(name: string, what: 'call' | 'recording'): string {
  return `The process ${name} has this ${what} and cannot be reached. Try again in a moment.`;
}

/** Joins the socket of a viewer with one to other pages. `silentMs`: how long those may send not even a ping. */
export function joinSockets(
  viewerEnd: WebSocket,
  { pathname, search }: URL,
  viewer: Viewer,
  pages: AskedPages,
  silentMs = silentMsMax,
): void {
  const path = pathname + search;
  const otherEnd = new WebSocket(pages.origin.replace(/^http/, 'ws') + path, {
    headers: pages.lettingIn('GET', path, viewer),
    handshakeTimeout: pages.answerMsMax,
    perMessageDeflate: false,
    maxPayload: unreadBytesMax,
  });
  const early: { readonly data: WebSocket.RawData; readonly isBinary: boolean }[] = [];
  viewerEnd.on('message', (data, isBinary) => {
    if (otherEnd.readyState === WebSocket.CONNECTING && early.length < earlyMax) early.push({ data, isBinary });
    else send(otherEnd, data, isBinary);
  });
  otherEnd.on('message', (data, isBinary) => send(viewerEnd, data, isBinary));
  let silence: NodeJS.Timeout | null = null;
  otherEnd.once('open', () => {
    silence = setTimeout(() => otherEnd.terminate(), silentMs);
    for (const { data, isBinary } of early.splice(0)) send(otherEnd, data, isBinary);
  });
  otherEnd.on('ping', () => silence?.refresh());
  // A close follows.
  otherEnd.on('error', () => {});
  otherEnd.once('close', (code) => {
    if (silence === null) return closeViewer(viewerEnd, unreachableCode, unreachable(pages.name, 'call'));
    clearTimeout(silence);
    viewerEnd.close(passableCode(code));
  });
  viewerEnd.once('close', () => otherEnd.close());
}

function send(socket: WebSocket, data: WebSocket.RawData, isBinary: boolean): void {
  if (socket.readyState !== WebSocket.OPEN) return;
  if (socket.bufferedAmount > unreadBytesMax) socket.terminate();
  else socket.send(data, { binary: isBinary });
}

/** Some codes are only told of a socket that broke, and cannot be sent. */
function passableCode(code: number): number {
  return code === 1000 || code === 1001 || code === 1008 || code === 1013 || code >= 3000 ? code : laterCode;
}
