import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import type { Duplex } from 'node:stream';
import { listenOnAnyPort } from '../../test/any-port.ts';

/** A process that gives no answer in this time stands still: the next one is asked, as docs/operations.md advises. */
const answerMsMax = 5_000;

/** How often processes are asked whether they take new calls, and how long they may take to say so. */
const probeMs = 1_000;
const probeMsMax = 2_000;

/** For so long after it has not answered, a process is asked after all others. */
const failedMs = 2_000;

/**
 * A proxy on loopback before a fleet, with the rules of deploy/Caddyfile: it leads each request to the instance that its path names, and to
 * another one where that does not answer; what names none goes to one that takes calls and has the fewest. It passes on all else as it comes.
 */
export class RoutingProxy {
  /** The ports of the instances, changed as processes come and go. */
  readonly ports = new Map<string, number>();
  readonly statuses: number[] = [];
  readonly #ready = new Set<number>();
  readonly #failedAtMs = new Map<number, number>();
  readonly #streams = new Map<number, number>();
  readonly #sockets = new Set<Duplex>();
  readonly #server = createServer((req, res) => void this.#pass(req, res));
  readonly #timer = setInterval(() => void this.#probe(), probeMs);

  constructor() {
    this.#server.on('upgrade', (req: IncomingMessage, socket: Duplex, head: Buffer) => {
      this.#keep(socket);
      void this.#join(req, socket, head);
    });
  }

  /** Resolves to its address. */
  async listen(): Promise<string> {
    return `http://127.0.0.1:${await listenOnAnyPort(this.#server)}`;
  }

  close(): void {
    clearInterval(this.#timer);
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    this.#server.closeAllConnections();
  }

  /** Whom to ask, in order. */
  #portsFor(path: string): readonly number[] {
    const named = this.ports.get(/^\/i\/([^/]+)\//.exec(path)?.[1] ?? '');
    const rank = (port: number): number => {
      const hasFailed = performance.now() - (this.#failedAtMs.get(port) ?? -Infinity) < failedMs;
      if (hasFailed) return 3;
      return port === named ? 0 : this.#ready.has(port) ? 1 : 2;
    };
    const streams = (port: number): number => this.#streams.get(port) ?? 0;
    return [...this.ports.values()].toSorted((a, b) => rank(a) - rank(b) || streams(a) - streams(b));
  }

  async #pass(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const body = await buffer(req);
    for (const port of this.#portsFor(req.url ?? '')) {
      const answer = await ask(port, req, body);
      if (answer === null) {
        this.#failedAtMs.set(port, performance.now());
        continue;
      }
      const status = answer.statusCode ?? 502;
      this.statuses.push(status);
      res.writeHead(status, answer.headers);
      return void answer.pipe(res);
    }
    this.statuses.push(502);
    res.writeHead(502).end();
  }

  async #join(req: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    for (const port of this.#portsFor(req.url ?? '')) {
      const opened = await open(port, req, head);
      if (opened === null) {
        this.#failedAtMs.set(port, performance.now());
        continue;
      }
      const { far, first } = opened;
      // Whoever asked may have given up meanwhile.
      if (socket.destroyed) return void far.destroy();
      this.#keep(far);
      this.#count(port, 1);
      far.on('close', () => this.#count(port, -1));
      // An orderly end is passed on behind what was said before it.
      far.on('error', () => socket.destroy());
      socket.on('error', () => far.destroy());
      socket.write(first);
      far.pipe(socket).pipe(far);
      return;
    }
    socket.destroy();
  }

  #keep(socket: Duplex): void {
    this.#sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.#sockets.delete(socket));
  }

  #count(port: number, by: number): void {
    this.#streams.set(port, (this.#streams.get(port) ?? 0) + by);
  }

  async #probe(): Promise<void> {
    await Promise.all(
      [...this.ports.values()].map(async (port) => {
        if (await isReady(port)) this.#ready.add(port);
        else this.#ready.delete(port);
      }),
    );
  }
}

/** Whether a process takes new calls: its lease gets room when others have given some back. */
export async function isReady(port: number): Promise<boolean> {
  try {
    return (await fetch(`http://127.0.0.1:${port}/readyz`, { signal: AbortSignal.timeout(probeMsMax) })).ok;
  } catch {
    return false;
  }
}

/** The answer of whoever listens there; null when there is none. */
function ask(port: number, { method, url, headers }: IncomingMessage, body: Buffer): Promise<IncomingMessage | null> {
  return new Promise((resolve) => {
    const options = { host: '127.0.0.1', port, method, path: url, headers, agent: false };
    request({ ...options, signal: AbortSignal.timeout(answerMsMax) }, resolve)
      .on('error', () => resolve(null))
      .end(body);
  });
}

/** An upgrade that was passed on, and the first bytes of the answer; null when there is none. */
function open(
  port: number,
  { url = '', rawHeaders }: IncomingMessage,
  head: Buffer,
): Promise<{ readonly far: Socket; readonly first: Buffer } | null> {
  return new Promise((resolve) => {
    const far = connect(port, '127.0.0.1', () => {
      const headers = Array.from({ length: rawHeaders.length / 2 }, (_, at) =>
        rawHeaders.slice(2 * at, 2 * at + 2).join(': '),
      );
      far.write([`GET ${url} HTTP/1.1`, ...headers, '', ''].join('\r\n'));
      far.write(head);
    });
    far.setTimeout(answerMsMax, () => far.destroy());
    far.on('error', () => far.destroy());
    far.once('close', () => resolve(null));
    far.once('data', (first: Buffer) => {
      far.setTimeout(0);
      far.pause();
      resolve({ far, first });
    });
  });
}
