import type { Server as HttpServer } from 'node:http';
import { createServer, type ListenOptions, type Server } from 'node:net';

/**
 * In one turn of its event loop Node takes one connection from each socket that listens. In a process whose turns take 100 ms, a single one
 * would let ten callers a second in and have all others wait. With so many, twenty that come at once are taken in two or three turns.
 */
const socketsMax = 16;

/** An HTTP server that listens on several sockets at one address, as far as the machine can do that. */
export class ListeningSockets {
  readonly port: number;
  readonly #http: HttpServer;
  readonly #beside: readonly Server[];

  private constructor(port: number, http: HttpServer, beside: readonly Server[]) {
    this.port = port;
    this.#http = http;
    this.#beside = beside;
  }

  /** Begins to listen; on any free port for 0. Rejects with what the machine says when the address cannot be had. */
  static async begin(http: HttpServer, port: number, host: string): Promise<ListeningSockets> {
    // Sockets that share an address do so with any process of this user. One that listens alone finds out whether there is another.
    if (port !== 0) await tryOut({ port, host });
    const shared = { port, host, reusePort: true };
    const taken = await listen(http, shared).catch(async () => listen(http, { port, host }));
    return new ListeningSockets(taken, http, await listenBeside(http, { ...shared, port: taken }));
  }

  /** Takes no more connections, and resolves when all that were taken are closed. */
  async close(): Promise<void> {
    const ends = [this.#http, ...this.#beside].map(async (server) => new Promise((resolve) => server.close(resolve)));
    this.#http.closeIdleConnections();
    await Promise.all(ends);
  }
}

async function tryOut(address: ListenOptions): Promise<void> {
  const alone = createServer();
  await listen(alone, address);
  await new Promise((resolve) => alone.close(resolve));
}

/** Further sockets, which give all their connections to the server. None where a machine or a version of Node has no such sockets. */
async function listenBeside(http: HttpServer, address: ListenOptions): Promise<Server[]> {
  const servers: Server[] = [];
  while (servers.length < socketsMax - 1) {
    // As an HTTP server makes its own.
    const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => http.emit('connection', socket));
    const listens = await listen(server, address).then(
      () => true,
      () => false,
    );
    if (!listens) break;
    // What happens to a socket that listens is told by the first.
    server.on('error', () => {});
    servers.push(server);
  }
  return servers;
}

/** Resolves to the port. */
async function listen(server: Server, options: ListenOptions): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(options, () => {
      server.off('error', reject);
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
}
