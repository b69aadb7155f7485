import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import type { ConsolePart } from '../../../src/console/door/console-part.ts';
import { ConsoleServer, type ConsoleContext } from '../../../src/console/door/console-server.ts';
import { systemClock } from '../../../src/system/clock.ts';
import { systemRandomness } from '../../../src/system/randomness.ts';
import { Refusals } from '../../../src/system/refusals.ts';
import type { Ending } from '../../e2e/ending.ts';
import { LogLines } from '../../log-lines.ts';

/** The token of every door that a test opens. */
export const doorToken = 'token-of-the-door-4711';

/** What came back from the door. */
export interface DoorAnswer {
  /** 0 when the connection was cut. */
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** A request to the door, whose headers are all its own: Node adds none that a browser would not let a page change. */
export interface DoorRequest {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** What a browser sends to open a socket. */
export const upgradeHeaders = {
  connection: 'Upgrade',
  upgrade: 'websocket',
  'sec-websocket-version': '13',
  'sec-websocket-key': 'MDEyMzQ1Njc4OWFiY2RlZg==',
};

/** A door with these parts on a port of its own, until that ends for which it was opened. */
export async function openDoor(
  { onTestFinished }: Ending,
  parts: readonly ConsolePart[],
  changes: Partial<ConsoleContext> = {},
) {
  const log = new LogLines();
  const server = new ConsoleServer({
    parts,
    token: { kind: 'made', text: doorToken },
    names: { host: '127.0.0.1', url: null },
    fleet: null,
    clock: systemClock,
    randomness: systemRandomness,
    refusals: new Refusals(systemClock, log.logger),
    log: log.logger,
    ...changes,
  });
  const port = await server.listen(0);
  onTestFinished(() => server.close());
  const asks = async (path: string, asked: DoorRequest = {}) => askDoor(port, path, asked);
  return { server, log, port, url: `http://127.0.0.1:${port}`, asks };
}

/** Sends one request to a door. */
export async function askDoor(
  port: number,
  path: string,
  { method = 'GET', headers = {}, body = '' }: DoorRequest = {},
): Promise<DoorAnswer> {
  return new Promise((resolve) => {
    const sent = request({ port, host: '127.0.0.1', path, method, agent: false, headers });
    sent.on('response', (response) => {
      const answer = { status: response.statusCode ?? 0, headers: response.headers };
      text(response).then(
        (read) => resolve({ ...answer, body: read }),
        () => resolve({ ...answer, body: '' }),
      );
    });
    sent.on('upgrade', (response, socket) => {
      socket.destroy();
      resolve({ status: response.statusCode ?? 0, headers: response.headers, body: '' });
    });
    sent.on('error', () => resolve({ status: 0, headers: {}, body: '' }));
    sent.end(body);
  });
}

/** Logs in by the link and returns the header that stays logged in. */
export async function logIn(port: number, token = doorToken): Promise<{ cookie: string }> {
  const { headers } = await askDoor(port, `/login?token=${token}`);
  const [cookie = ''] = headers['set-cookie'] ?? [];
  return { cookie: cookie.split(';')[0] ?? '' };
}
