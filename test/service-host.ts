import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import { listenOnAnyPort } from './any-port.ts';

/** What a service was asked. */
export interface Asked {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** The port of the asker, by which a connection is known. */
  readonly askerPort: number | undefined;
}

/** A service on this machine, and what it was asked. */
export interface ServiceHost {
  readonly port: number;
  readonly asked: readonly Asked[];
  readonly close: () => void;
}

/** Starts a service that answers with `answer`. */
export async function startService(answer: (asked: Asked, response: ServerResponse) => void): Promise<ServiceHost> {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (text: string) => (body += text));
    request.on('end', () => {
      const { method = '', url = '', headers, socket } = request;
      const one = { method, url, headers, body, askerPort: socket.remotePort };
      asked.push(one);
      answer(one, response);
    });
  });
  const port = await listenOnAnyPort(server);
  return {
    port,
    asked,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
