import { createServer } from 'node:http';
import type { IncomingMessage, Server } from 'node:http';
import { text } from 'node:stream/consumers';
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';

/** A request as the server saw it. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly form: Readonly<Record<string, string>>;
}

/** A media socket as the server saw it. */
export interface SeenSocket {
  readonly headers: IncomingMessage['headers'];
  readonly messages: { readonly event: string; readonly streamSid: string }[];
  closeCode: number | null;
}

/**
 * A server to call: TwiML by path, any other path is 404, and what `onMessage` does with the messages of the media socket. Any
 * path but `/media` refuses the upgrade.
 */
export class SmallServer {
  readonly requests: SeenRequest[] = [];
  readonly sockets: SeenSocket[] = [];
  /** The status of each of the next answers, instead of what the documents say. */
  readonly failures: number[] = [];
  readonly #server: Server;
  readonly #webSockets: WebSocketServer;
  readonly #documents: Readonly<Record<string, string>>;

  static async start(
    documents: Readonly<Record<string, string>>,
    onMessage: (message: { event: string; streamSid: string }, socket: WebSocket) => void = () => undefined,
  ): Promise<SmallServer> {
    const server = new SmallServer(documents, onMessage);
    await new Promise<void>((resolve) => server.#server.listen(0, '127.0.0.1', resolve));
    return server;
  }

  private constructor(
    documents: Readonly<Record<string, string>>,
    onMessage: (message: { event: string; streamSid: string }, socket: WebSocket) => void,
  ) {
    this.#documents = documents;
    this.#server = createServer((request, response) => {
      void this.#see(request).then((body) => {
        const failure = this.failures.shift();
        if (failure !== undefined) return response.writeHead(failure).end();
        if (body === undefined) return response.writeHead(404).end();
        return response.writeHead(200, { 'content-type': 'text/xml' }).end(body);
      });
    });
    this.#webSockets = new WebSocketServer({ server: this.#server, path: '/media' });
    this.#webSockets.on('connection', (socket, { headers }) => {
      const seen: SeenSocket = { headers, messages: [], closeCode: null };
      this.sockets.push(seen);
      socket.on('message', (data: Buffer) => {
        const message: { event: string; streamSid: string } = JSON.parse(data.toString('utf8'));
        seen.messages.push(message);
        onMessage(message, socket);
      });
      socket.on('close', (code) => {
        seen.closeCode = code;
      });
    });
  }

  get url(): string {
    const address = this.#server.address();
    return `http://127.0.0.1:${String(typeof address === 'object' && address !== null ? address.port : 0)}`;
  }

  /** Dies as a process does: its sockets break, and its port refuses. */
  async die(): Promise<void> {
    for (const socket of this.#webSockets.clients) socket.terminate();
    await this.close();
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #see(request: IncomingMessage): Promise<string | undefined> {
    const { method = '', url = '', headers } = request;
    const form = Object.fromEntries(new URLSearchParams(await text(request)));
    this.requests.push({ method, path: url, headers, form });
    return this.#documents[url.split('?')[0] ?? ''];
  }
}
