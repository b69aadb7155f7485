import { createServer, type Server, type Socket } from 'node:net';
import { connect, type TLSSocket } from 'node:tls';
import { listenOnAnyPort } from '../../any-port.ts';

/** Where a server with TLS is, and whom its certificate must name. */
export interface TlsServer {
  readonly port: number;
  readonly name: string;
  /** The certificate of who signs, as PEM. */
  readonly authority: string;
}

/** Opens a connection to it, whose certificate is checked as Twilio checks it. */
function connectTls({ port, name, authority }: TlsServer): TLSSocket {
  return connect({ port, host: '127.0.0.1', servername: name, ca: authority });
}

/** The way of a simulated Twilio, which speaks no TLS, to a server that does. */
export class TlsWay {
  readonly url: string;
  readonly #server: Server;
  readonly #open = new Set<Socket>();

  private constructor(server: Server, port: number) {
    this.#server = server;
    this.url = `http://127.0.0.1:${port}`;
  }

  static async open(to: TlsServer): Promise<TlsWay> {
    const server = createServer({ noDelay: true });
    const way = new TlsWay(server, await listenOnAnyPort(server));
    server.on('connection', (socket) => way.#pass(socket, connectTls(to)));
    return way;
  }

  close(): void {
    for (const socket of this.#open) socket.destroy();
    this.#server.close();
  }

  #pass(near: Socket, far: Socket): void {
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      this.#open.add(one);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        this.#open.delete(one);
        other.destroy();
      });
      one.pipe(other);
    }
  }
}

/** Whether a connection whose certificate is good can be opened. */
export function answersTls(server: TlsServer): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connectTls(server);
    const answer = (is: boolean): void => {
      socket.destroy();
      resolve(is);
    };
    socket.on('secureConnect', () => answer(true));
    socket.on('error', () => answer(false));
  });
}
