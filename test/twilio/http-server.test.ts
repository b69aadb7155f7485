import { once } from 'node:events';
import { request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { Router } from 'express';
import { describe, expect, test, type TestContext } from 'vitest';
import { systemClock } from '../../src/system/clock.ts';
import { Refusals } from '../../src/system/refusals.ts';
import { Identity } from '../../src/twilio/edge/identity.ts';
import { HttpServer } from '../../src/twilio/edge/http-server.ts';
import { ServiceScene } from '../e2e/service-scene.ts';
import { LogLines } from '../log-lines.ts';
import { until } from '../until.ts';
import { callForm } from './twilio-client.ts';

const unsigned = { TWILIO_AUTH_TOKEN: '', PUBLIC_URL: '' };
const upgrade = {
  connection: 'Upgrade',
  upgrade: 'websocket',
  'sec-websocket-version': '13',
  'sec-websocket-key': 'MDEyMzQ1Njc4OWFiY2RlZg==',
};

describe('without a token, a request', () => {
  test.for([
    ['to localhost', {}, { host: 'localhost' }, true],
    ['to an address of this machine', {}, { host: '127.8.9.10:8080' }, true],
    ['to the same in IPv6', {}, { host: '[::1]:8080' }, true],
    ['to the name of a machine that listens on all its addresses', {}, { host: '0.0.0.0:8080' }, true],
    ['to the same in IPv6', {}, { host: '[::]:8080' }, true],
    ['to the host of PUBLIC_URL', { PUBLIC_URL: 'http://parley.localhost:9000' }, { host: 'parley.localhost' }, true],
    ['from a page of this machine', {}, { host: 'localhost', origin: 'http://localhost:3000' }, true],
    ['to a name that points here (DNS rebinding)', {}, { host: 'rebind.example' }, false],
    ['to a name that looks like an address', {}, { host: '127.0.0.1.rebind.example' }, false],
    ['to another machine', {}, { host: '192.0.2.1' }, false],
    ['from a page elsewhere', {}, { host: 'localhost', origin: 'https://rebind.example' }, false],
    ['from a page of nowhere', {}, { host: 'localhost', origin: 'null' }, false],
  ] as const)('%s is answered only if it is local', async ([, env, headers, isAllowed], context) => {
    const { url, log } = await ServiceScene.open(context, { env: { ...unsigned, ...env } });
    const asked = [
      await ask(url, 'GET', '/healthz', headers),
      await ask(url, 'POST', '/twilio/status', headers, callForm({ CallStatus: 'in-progress' })),
      await ask(url, 'GET', '/twilio/media', { ...headers, ...upgrade }),
    ];
    expect(asked).toEqual(isAllowed ? [200, 204, 101] : [403, 403, 403]);
    const told = [...log.named('requestRefused'), ...log.named('upgradeRefused')];
    expect(told).toHaveLength(isAllowed ? 0 : 3);
    for (const line of told) expect(line).toMatchObject({ fault: 'http.notLocal' });
  });

  // A picture on any web page makes a browser ask by GET, without naming the page.
  test('by GET is no voice webhook', async (context) => {
    const scene = await ServiceScene.open(context, { env: unsigned });
    const path = `/twilio/voice?${new URLSearchParams(callForm()).toString()}`;
    expect(await ask(scene.url, 'GET', path, { host: 'localhost' })).toBe(404);
    expect(scene.service.registry.liveCount).toBe(0);
  });

  test('that is refused opens no call', async (context) => {
    const scene = await ServiceScene.open(context, { env: unsigned });
    const headers = { host: 'localhost', origin: 'https://rebind.example' };
    expect(await ask(scene.url, 'POST', '/twilio/voice', headers, callForm())).toBe(403);
    expect(scene.service.registry.liveCount).toBe(0);
  });
});

test('with a token, what a request names counts for nothing', async (context) => {
  const { url } = await ServiceScene.open(context);
  const headers = { host: 'voice.example', origin: 'https://voice.example' };
  expect(await ask(url, 'GET', '/healthz', headers)).toBe(200);
});

describe('a server', () => {
  test('takes so many connections, and closes those beyond', async (context) => {
    const { log, opens } = await serving(context, 2);
    const [first, , third, fourth] = [await opens(), await opens(), await opens(), await opens()];
    await Promise.all([closed(third), closed(fourth)]);
    expect(log.named('connectionRefused')).toMatchObject([{ connectionsMax: 2 }, { connectionsMax: 2 }]);
    const gone = closed(first);
    first.destroy();
    await gone;
    await until('there is room again', async () => {
      const next = await opens();
      next.write('GET /healthz HTTP/1.1\r\nhost: a\r\n\r\n');
      return answered(next);
    });
  });

  test.concurrent('answers a hundred requests on one connection, however fast they come', async (context) => {
    const { opens } = await serving(context, 2);
    const socket = await opens();
    const text = received(socket);
    const gone = closed(socket);
    socket.write('GET /healthz HTTP/1.1\r\nhost: a\r\n\r\n'.repeat(150));
    await gone;
    expect(text().match(/HTTP\/1\.1 200/g)).toHaveLength(100);
  });

  test.for([
    ['that is refused', 'POST /nowhere HTTP/1.1\r\nhost: a\r\n'],
    ['that nobody reads', 'GET /healthz HTTP/1.1\r\nhost: a\r\n'],
  ] as const)('cuts the connection of a request %s and has no end', async ([, head], context) => {
    const { log, opens } = await serving(context, 2);
    const socket = await opens();
    const gone = closed(socket);
    const bytes = 16 * 1024 * 1024;
    socket.write(`${head}content-length: ${bytes}\r\n\r\n`);
    socket.write(new Uint8Array(bytes));
    await gone;
    expect(log.named('socketError')).toMatchObject([{ why: 'too many bytes' }]);
  });

  test.concurrent.for([
    ['says nothing', ''],
    ['does not end its head', 'POST /twilio/voice HTTP/1.1\r\nhost: a\r\n'],
    ['does not end its body', 'POST /twilio/voice HTTP/1.1\r\nhost: a\r\ncontent-length: 9\r\n\r\nCall'],
  ] as const)('gives up a connection that %s', async ([, text], context) => {
    const { opens } = await serving(context, 2);
    const socket = await opens();
    socket.write(text);
    await expect(closed(socket)).resolves.toBeUndefined();
  });
});

/** A server whose only webhook never reads its form to the end. */
async function serving(context: TestContext, connectionsMax: number) {
  const log = new LogLines();
  const server = new HttpServer({
    webhooks: Router().post('/twilio/voice', (req) => void req.resume()),
    connectionsMax,
    onMediaSocket: () => {},
    isRequestAllowed: () => true,
    isUpgradeAllowed: () => true,
    explainUpgrade: () => ({}),
    isReady: () => true,
    identity: new Identity('secret', systemClock),
    refusals: new Refusals(systemClock, log.logger),
    log: log.logger,
  });
  const port = await server.listen(0, '127.0.0.1');
  context.onTestFinished(() => server.close());
  const opens = async (): Promise<Socket> => {
    const socket = connect(port, '127.0.0.1');
    // A connection that is cut while we write to it.
    socket.on('error', () => {});
    context.onTestFinished(() => void socket.destroy());
    await once(socket, 'connect');
    return socket;
  };
  return { log, opens };
}

/** Sends one request, and resolves to the status of its answer. */
async function ask(
  url: string,
  method: string,
  path: string,
  headers: Readonly<Record<string, string>>,
  fields: Readonly<Record<string, string>> = {},
): Promise<number | undefined> {
  const body = new URLSearchParams(fields).toString();
  const form = body === '' ? {} : { 'content-type': 'application/x-www-form-urlencoded' };
  const sent = request(url + path, { method, agent: false, headers: { ...form, ...headers } });
  sent.end(body);
  const status = new Promise<number | undefined>((resolve) => {
    sent.on('response', (response) => resolve(response.resume().statusCode));
    sent.on('upgrade', (response, socket) => {
      socket.destroy();
      resolve(response.statusCode);
    });
    sent.on('error', () => resolve(undefined));
  });
  return status;
}

async function closed(socket: Socket): Promise<void> {
  socket.resume();
  // `once` would fail for a connection that is cut while we write to it.
  if (!socket.closed) await new Promise((resolve) => socket.on('close', resolve));
}

async function answered(socket: Socket): Promise<boolean> {
  return new Promise((resolve) => {
    socket.on('data', () => resolve(true));
    socket.on('close', () => resolve(false));
  });
}

function received(socket: Socket): () => string {
  let text = '';
  socket.on('data', (data) => (text += data.toString()));
  return () => text;
}
