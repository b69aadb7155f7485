import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';

import { createTestServer } from './mcp-test-server.ts';

/** The test server over streamable HTTP on loopback, with a session for each client. */
export class HttpTestServer {
  /** The header of each request that came with one. */
  readonly authorizations: string[] = [];
  /** Whether each answer to a POST is one line without an end. */
  floods = false;
  #onFloodOver = (): void => {};
  readonly #sessions = new Map<string, StreamableHTTPServerTransport>();
  readonly #servers: McpServer[] = [];
  #http: Server | null = null;
  #port = 0;

  /** The fields of an entry that asks it. */
  entry(more: Readonly<Record<string, unknown>>) {
    const host = `127.0.0.1:${this.#port}`;
    return { url: `http://${host}/mcp`, hosts: [{ host, allow_private: true }], ...more };
  }

  /** Listens, on the same port as before if it did. */
  async listen(): Promise<void> {
    const http = createServer((request, response) => void this.#handle(request, response));
    this.#http = http;
    await new Promise<void>((resolve) => http.listen(this.#port, '127.0.0.1', resolve));
    const address = http.address();
    if (typeof address === 'object' && address !== null) this.#port = address.port;
  }

  /** Goes away, with everything that it knew. */
  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.#http?.close(resolve));
    this.#http?.closeAllConnections();
    await closed;
    await this.forget();
  }

  /** Loses its sessions, as a server does that was started anew. */
  async forget(): Promise<void> {
    this.#sessions.clear();
    for (const server of this.#servers.splice(0)) await server.close();
  }

  /** Waits until a client has cut off what does not end. */
  async nextFlood(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#onFloodOver = resolve;
    });
  }

  #flood(response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: ');
    response.once('close', () => this.#onFloodOver());
    const piece = 'x'.repeat(100_000);
    const more = (): void => {
      if (!response.destroyed) response.write(piece, () => setImmediate(more));
    };
    more();
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { authorization, 'mcp-session-id': sessionId } = request.headers;
    if (authorization !== undefined) this.authorizations.push(authorization);
    if (this.floods && request.method === 'POST') return this.#flood(response);
    if (typeof sessionId === 'string') {
      const known = this.#sessions.get(sessionId);
      if (known !== undefined) return await known.handleRequest(request, response);
      response.writeHead(404).end();
      return;
    }
    const transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      onsessioninitialized: (id) => void this.#sessions.set(id, transport),
    });
    const server = createTestServer();
    this.#servers.push(server);
    await server.connect(transport);
    await transport.handleRequest(request, response);
  }
}
