import type { IncomingMessage } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { text } from 'node:stream/consumers';
import type { Request, Response } from 'express';
import { WebSocket } from 'ws';
import { viewerHeader } from '../../console/door/login.ts';
import { type Viewer, viewerOf } from '../../console/door/viewer.ts';
import { parseJson } from '../../encoding/json.ts';

const { request } = process.getBuiltinModule('node:http');

/** A worker that takes longer to answer stands still. */
const answerMsMax = 10_000;

/** As much as a page may leave unread. */
const unreadBytesMax = 1024 * 1024;

/** What a page sends before the socket to its worker is open. */
const earlyMax = 50;

/** Again later. */
const laterCode = 1013;

/** What is wanted of the pages of a worker. */
interface Wish {
  readonly port: number;
  /** With the query. */
  readonly path: string;
  readonly viewer: Viewer | null;
  /** Sent as JSON. */
  readonly body?: unknown;
}

/** Asks the pages of workers, each of which is on a port of this machine. */
export class WorkerAsker {
  readonly #token: string;

  constructor(token: string) {
    this.#token = token;
  }

  /** The head of an answer, whose body is still to be read. Rejects when none comes in time. */
  async ask({ port, path, viewer, body }: Wish): Promise<IncomingMessage> {
    const json = body === undefined ? null : JSON.stringify(body);
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
    const asked = request({
      host: '127.0.0.1',
      port,
      path,
      method: json === null ? 'GET' : 'POST',
      agent: false,
      headers: {
        ...this.#headers(viewer),
        ...(json === null ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(json) }),
      },
    });
    const tooLate = setTimeout(() => asked.destroy(new Error('The worker does not answer.')), answerMsMax);
    asked.once('close', () => clearTimeout(tooLate));
    asked.once('response', (answer) => {
      clearTimeout(tooLate);
      resolve(answer);
    });
    asked.once('error', reject);
    asked.end(json ?? undefined);
    return promise;
  }

  /** What a worker answers, whole; null if that is no success, or does not come in time. */
  async read(port: number, path: string): Promise<string | null> {
    try {
      const answer = await this.ask({ port, path, viewer: null });
      const tooLate = setTimeout(() => answer.destroy(new Error('The worker is slow.')), answerMsMax);
      const body = await text(answer).finally(() => clearTimeout(tooLate));
      return answer.statusCode === 200 ? body : null;
    } catch {
      return null;
    }
  }

  /** Asks for a call from the browser. Rejects when the worker does not answer. */
  async place(
    port: number,
    viewer: Viewer,
    body: unknown,
  ): Promise<{ readonly status: number; readonly body: unknown }> {
    const answer = await this.ask({ port, path: '/api/phone/calls', viewer, body: body ?? {} });
    return { status: answer.statusCode ?? 502, body: parseJson(await text(answer)) };
  }

  /** Answers a viewer with what a worker answers. Returns the status, or null when there was none. */
  async pass(req: Request, res: Response, port: number): Promise<number | null> {
    try {
      const body: unknown = req.method === 'POST' ? req.body : undefined;
      const answer = await this.ask({ port, path: req.originalUrl, viewer: viewerOf(req), body });
      res.once('close', () => answer.destroy());
      res.status(answer.statusCode ?? 502);
      for (const name of ['content-type', 'content-disposition', 'content-length', 'cache-control'] as const) {
        const value = answer.headers[name];
        if (value !== undefined) res.setHeader(name, value);
      }
      res.flushHeaders();
      // A viewer that has gone, or a worker that has died, ends both sides.
      void pipeline(answer, res).catch(() => res.destroy());
      return res.statusCode;
    } catch {
      if (res.headersSent) res.destroy();
      else res.status(503).json({ error: 'The process that has this call does not answer. Try again in a moment.' });
      return null;
    }
  }

  /** Joins the socket of a viewer with one to a worker. */
  join(viewerEnd: WebSocket, { pathname, search }: URL, viewer: Viewer, port: number): void {
    const workerEnd = new WebSocket(`ws://127.0.0.1:${port}${pathname}${search}`, {
      headers: this.#headers(viewer),
      handshakeTimeout: answerMsMax,
      perMessageDeflate: false,
    });
    const early: { readonly data: WebSocket.RawData; readonly isBinary: boolean }[] = [];
    viewerEnd.on('message', (data, isBinary) => {
      if (workerEnd.readyState === WebSocket.CONNECTING && early.length < earlyMax) early.push({ data, isBinary });
      else send(workerEnd, data, isBinary);
    });
    workerEnd.on('message', (data, isBinary) => send(viewerEnd, data, isBinary));
    workerEnd.once('open', () => {
      for (const { data, isBinary } of early.splice(0)) send(workerEnd, data, isBinary);
    });
    // A close follows.
    workerEnd.on('error', () => {});
    workerEnd.once('close', (code) => viewerEnd.close(passableCode(code)));
    viewerEnd.once('close', () => workerEnd.close());
  }

  #headers(viewer: Viewer | null): Record<string, string> {
    return { authorization: `Bearer ${this.#token}`, ...(viewer === null ? {} : { [viewerHeader]: viewer.session }) };
  }
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
