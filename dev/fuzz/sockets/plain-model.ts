import { once } from 'node:events';
import { type WebSocket, WebSocketServer } from 'ws';

/** The model's end of real connections: it accepts every setup, and then says what it is told to. */
export class PlainModel {
  readonly #server: WebSocketServer;
  readonly #sessions: WebSocket[] = [];

  private constructor(server: WebSocketServer) {
    this.#server = server;
    server.on('connection', (socket) => {
      // A close follows every error.
      socket.on('error', () => {});
      socket.once('message', () => {
        socket.send('{"setupComplete":{}}');
        this.#sessions.push(socket);
      });
    });
  }

  static async open(): Promise<PlainModel> {
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
    await once(server, 'listening');
    return new PlainModel(server);
  }

  get url(): string {
    const address = this.#server.address();
    return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  }

  /** How many sessions were set up so far. */
  get sessionCount(): number {
    return this.#sessions.length;
  }

  /** Says something in the session that was set up at this place, or in the latest. */
  says(message: string | Uint8Array, place = this.#sessions.length - 1): void {
    this.#sessions[place]?.send(message);
  }

  close(): void {
    for (const socket of this.#server.clients) socket.terminate();
    this.#server.close();
  }
}
