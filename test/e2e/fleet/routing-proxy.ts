import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { buffer } from 'node:stream/consumers';
import type { TestContext } from 'vitest';

/**
 * A proxy on loopback that leads each request to the instance that its path names, and to another one where nobody listens there. It passes on
 * all else as it comes.
 */
export class RoutingProxy {
  /** The ports of the instances, changed as processes come and go. */
  readonly ports = new Map<string, number>();
  readonly statuses: number[] = [];
  readonly #server = createServer((req, res) => void this.#pass(req, res));

  constructor({ onTestFinished }: TestContext) {
    this.#server.on('upgrade', (req: IncomingMessage, socket, head: Buffer) => {
      const [port = 0] = this.#portsFor(req.url ?? '');
      const upstream = connect(port, '127.0.0.1', () => {
        const headers = Array.from({ length: req.rawHeaders.length / 2 }, (_, at) =>
          req.rawHeaders.slice(2 * at, 2 * at + 2).join(': '),
        );
        upstream.write([`GET ${req.url ?? ''} HTTP/1.1`, ...headers, '', ''].join('\r\n'));
        upstream.write(head);
        upstream.pipe(socket).pipe(upstream);
      });
      upstream.on('error', () => socket.destroy());
      socket.on('error', () => upstream.destroy());
    });
    onTestFinished(() => {
      this.#server.close();
      this.#server.closeAllConnections();
    });
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    const address = this.#server.address();
    return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  }

  #portsFor(path: string): readonly number[] {
    const named = this.ports.get(/^\/i\/([^/]+)\//.exec(path)?.[1] ?? '');
    const others = [...this.ports.values()].filter((port) => port !== named);
    return named === undefined ? others : [named, ...others];
  }

  async #pass(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const body = await buffer(req);
    for (const port of this.#portsFor(req.url ?? '')) {
      const answer = await ask(port, req, body);
      if (answer === null) continue;
      const status = answer.statusCode ?? 502;
      this.statuses.push(status);
      res.writeHead(status, answer.headers);
      return void answer.pipe(res);
    }
    this.statuses.push(502);
    res.writeHead(502).end();
  }
}

/** The answer of whoever listens there; null when nobody does. */
function ask(port: number, { method, url, headers }: IncomingMessage, body: Buffer): Promise<IncomingMessage | null> {
  return new Promise((resolve) => {
    const options = { host: '127.0.0.1', port, method, path: url, headers, agent: false };
    request(options, resolve)
      .on('error', () => resolve(null))
      .end(body);
  });
}
