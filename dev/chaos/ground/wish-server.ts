import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { listenOnAnyPort } from '../../../test/any-port.ts';

/** Long enough for a process to die while it waits. */
const workMs = 400;

/** The server of a tool that changes something. It keeps what it was told to do, each time. */
export class WishServer {
  readonly effects: string[] = [];
  readonly #server = createServer((request, response) => void this.#work(request, response));
  #port = 0;

  static async open(): Promise<WishServer> {
    const server = new WishServer();
    server.#port = await listenOnAnyPort(server.#server);
    return server;
  }

  /** The file that declares the tool, as YAML. */
  get toolsFile(): string {
    return `
hosts: [{ host: "127.0.0.1:${this.#port}", allow_private: true }]
tools:
  ${toolName}:
    kind: http
    description: Notes a wish of the caller for an order.
    effect: write
    method: POST
    parameters:
      order: { type: text, description: The number of the order. }
      wish: { type: text, description: What is wished. }
    url: http://127.0.0.1:${this.#port}/wishes
    body: { json: { order: "{order}", wish: "{wish}" } }
    answer: { path: "$", say: "It is noted." }
`;
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  async #work(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.effects.push(await text(request));
    await delay(workMs);
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"done":true}');
  }
}

/** What the model calls the tool. */
export const toolName = 'note_wish';
