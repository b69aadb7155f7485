import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

/** What a server was asked. */
export interface AskedAbout {
  readonly body: string;
  readonly headers: IncomingMessage['headers'];
  /** The port of the asker, by which a connection is known. */
  readonly port: number | undefined;
}

/** The server of an admin that knows the callers, on a real socket. */
export interface ContextServerHandle {
  readonly url: string;
  readonly asked: AskedAbout[];
}

/** Starts one that answers as `answer` does; it ends with the test. */
export async function startContextServer(
  { onTestFinished }: { readonly onTestFinished: (close: () => void) => void },
  answer: (response: ServerResponse, asked: AskedAbout) => void,
): Promise<ContextServerHandle> {
  const asked: AskedAbout[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (text: string) => (body += text));
    request.on('end', () => {
      const one = { body, headers: request.headers, port: request.socket.remotePort };
      asked.push(one);
      answer(response, one);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  return { url: `http://127.0.0.1:${port}/about?key=url-secret`, asked };
}
