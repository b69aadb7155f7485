import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import type { TestContext } from 'vitest';

/** What a tunnel or proxy does wrong. */
export interface TunnelFaults {
  /** Answers every request itself. */
  readonly answers?: { readonly status: number; readonly body?: string; readonly location?: string };
  /** Where it leads, if not where it should. */
  readonly port?: number;
  readonly refusesUpgrades?: boolean;
  /** A header that it does not pass on. */
  readonly dropsHeader?: string;
  /** Answers every webhook itself, with this status. */
  readonly takesWebhooks?: number;
}

/** A tunnel on real sockets: what comes to it goes on to a port of this machine. Returns its address. */
export async function startTunnel(
  { onTestFinished }: Pick<TestContext, 'onTestFinished'>,
  port: number,
  faults: TunnelFaults = {},
): Promise<string> {
  const target = { host: '127.0.0.1', port: faults.port ?? port };
  const server = createServer((incoming: IncomingMessage, outgoing: ServerResponse) => {
    if (faults.answers !== undefined) {
      const { status, body = '', location } = faults.answers;
      return void outgoing.writeHead(status, location === undefined ? {} : { location }).end(body);
    }
    if (faults.takesWebhooks !== undefined && incoming.method === 'POST')
      return void outgoing.writeHead(faults.takesWebhooks).end();
    const { method, url, headers } = incoming;
    const inner = request({ ...target, method, path: url, headers: passedOn(headers, faults) }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    inner.on('error', () => outgoing.writeHead(502).end());
    incoming.pipe(inner);
  });
  const sockets = new Set<Duplex>();
  server.on('upgrade', ({ method, url, headers }: IncomingMessage, socket: Duplex) => {
    if (faults.refusesUpgrades === true)
      return void socket.end('HTTP/1.1 400 Bad Request\r\nconnection: close\r\n\r\n');
    const inner = connect(target);
    const lines = Object.entries(passedOn(headers, faults)).map(([name, value]) => `${name}: ${String(value)}`);
    inner.write(`${method} ${url} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`);
    socket.pipe(inner).pipe(socket);
    for (const end of [socket, inner]) {
      sockets.add(end);
      end.on('error', () => end.destroy());
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${portOf(server)}`;
}

/**
 * A port that nobody listens on, below those that the system gives to whoever asks for any. Until this process ends, no other test on this
 * machine gets it: a socket of UDP holds its number, and is in nobody's way.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 10_000);
    if ((await isOurs(port)) && (await isUnused(port))) return port;
  }
}

function isOurs(port: number): Promise<boolean> {
  const holder = createSocket('udp4');
  return new Promise((resolve) => {
    holder.once('error', () => resolve(false));
    holder.bind({ port, address: '127.0.0.1' }, () => {
      holder.unref();
      resolve(true);
    });
  });
}

async function isUnused(port: number): Promise<boolean> {
  const server = createServer();
  const isFree = await new Promise<boolean>((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => resolve(true));
  });
  if (!isFree) return false;
  server.close();
  await once(server, 'close');
  return true;
}

function portOf(server: ReturnType<typeof createServer>): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

function passedOn(headers: IncomingMessage['headers'], { dropsHeader }: TunnelFaults): IncomingMessage['headers'] {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => name !== dropsHeader));
}
