import { createServer } from 'node:http';
import type { Socket } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';

/** The model's end of one session of an attacker's call. */
export interface ModelEnd {
  readonly socket: WebSocket;
  /** Says that the session is set up. */
  readonly answerSetup: () => void;
}

/** The models of the attacker's calls: they do what they are told, and that is nothing good. */
export class AttackerModel {
  behave: (session: ModelEnd) => void = ({ answerSetup }) => answerSetup();
  readonly #http = createServer();
  readonly #server = new WebSocketServer({ server: this.#http });

  constructor() {
    this.#server.on('connection', (socket) => {
      // A socket that breaks also closes.
      socket.on('error', () => {});
      // The setup has come by then: it is the first message.
      socket.once('message', () => this.behave({ socket, answerSetup: () => socket.send('{"setupComplete":{}}') }));
    });
  }

  /** Takes a connection of Parley's. */
  take(socket: Socket): void {
    this.#http.emit('connection', socket);
  }

  cutAll(): void {
    this.behave = ({ answerSetup }) => answerSetup();
    for (const socket of this.#server.clients) socket.terminate();
  }
}
