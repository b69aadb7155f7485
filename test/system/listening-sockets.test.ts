import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { expect, test, type TestContext } from 'vitest';
import { ListeningSockets } from '../../src/system/listening-sockets.ts';

const host = '127.0.0.1';
const sharesPorts = process.platform === 'linux';

function server({ onTestFinished }: TestContext): ReturnType<typeof createServer> {
  const http = createServer((request, response) => void request.resume().on('end', () => response.end('heard')));
  onTestFinished(() => http.closeAllConnections());
  return http;
}

test.runIf(sharesPorts)(
  'connections that come at once are not taken one in each turn of the event loop',
  async (context) => {
    const http = server(context);
    const listening = await ListeningSockets.begin(http, 0, host);
    context.onTestFinished(async () => listening.close());
    let taken = 0;
    http.on('connection', () => (taken += 1));
    const sockets = Array.from({ length: 60 }, () => connect(listening.port, host));
    context.onTestFinished(() => sockets.forEach((socket) => void socket.destroy()));
    // By now they wait in the kernel, and nothing else comes.
    await Promise.all(sockets.map(async (socket) => once(socket, 'connect')));
    let turns = 0;
    while (taken < sockets.length) {
      await turn();
      turns += 1;
    }
    expect(turns).toBeLessThan(sockets.length / 2);
  },
);

test('each connection is answered, and all are closed', async (context) => {
  const listening = await ListeningSockets.begin(server(context), 0, host);
  const url = `http://${host}:${listening.port}`;
  const answers = await Promise.all(
    Array.from({ length: 40 }, async () => (await fetch(url, { method: 'POST', body: 'words' })).text()),
  );
  expect(new Set(answers)).toEqual(new Set(['heard']));
  await listening.close();
  await expect(fetch(url)).rejects.toThrow('fetch failed');
});

test('an address that is taken is not shared', async (context) => {
  const listening = await ListeningSockets.begin(server(context), 0, host);
  context.onTestFinished(async () => listening.close());
  await expect(ListeningSockets.begin(server(context), listening.port, host)).rejects.toThrow('EADDRINUSE');
  // The same port again, once it is free.
  await listening.close();
  const next = await ListeningSockets.begin(server(context), listening.port, host);
  expect(next.port).toBe(listening.port);
  await next.close();
});
