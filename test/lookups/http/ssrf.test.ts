import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { addressKind } from '../../../src/lookups/http/guard/address-kinds.ts';
import type { HostRule } from '../../../src/lookups/http/guard/host-rules.ts';
import { createLimitedFetch, type FetchLimits } from '../../../src/lookups/http/limited-fetch.ts';
import { blockedCases, blockedRedirects, publicAddresses } from './ssrf-corpus.ts';

/** Servers that nobody may reach. They listen on this machine in both families, and count who connects. */
const baits: Server[] = [];
let baitPort = 0;
let baitConnections = 0;

/** A server that may be asked, and what it was asked. */
let asked: Server;
let askedPort = 0;
let askedPaths: string[] = [];
let askedHeaders: Record<string, unknown> = {};

beforeAll(async () => {
  const [bait, port] = await listening('127.0.0.1', 0);
  baitPort = port;
  const [sixth] = await listening('::1', port);
  for (const server of [bait, sixth]) {
    server.on('connection', () => (baitConnections += 1));
    baits.push(server);
  }
  [asked, askedPort] = await listening('127.0.0.1', 0);
  asked.on('request', (request, response) => {
    const url = new URL(request.url ?? '/', 'http://asked.test');
    askedPaths.push(url.pathname);
    askedHeaders = request.headers;
    const target = url.searchParams.get('to');
    const status = Number(url.searchParams.get('status') ?? '302');
    if (target === null) response.end('answer');
    else response.writeHead(status, { location: target }).end('moved');
  });
});

afterAll(() => {
  for (const server of [...baits, asked]) server.closeAllConnections();
  for (const server of [...baits, asked]) server.close();
});

test(`the corpus has at least 120 cases, and it is ${blockedCases.length + blockedRedirects.length}`, () => {
  expect(blockedCases.length + blockedRedirects.length).toBeGreaterThanOrEqual(120);
});

test.each(blockedCases)('$url is refused (case %#)', async ({ url, resolves }) => {
  const { fetch, close } = limited({ othersAllowed: true, resolve: answering(resolves ?? [[]]) });
  const refused = fetch(url.replaceAll('PORT', String(baitPort)));
  await expect(refused).rejects.toMatchObject({ code: 'fetch.refused' });
  expect(baitConnections).toBe(0);
  await close();
});

test('a name that means another machine a moment later is reached where it was when it was checked, or not at all', async () => {
  const answers = [['8.8.8.8', '127.0.0.1'], ['127.0.0.1'], ['::1'], ['169.254.169.254']];
  const { fetch, close } = limited({ othersAllowed: true, resolve: answering(answers) });
  for (let question = 0; question < answers.length; question += 1) {
    await expect(fetch(`https://rebound.test:${baitPort}/`)).rejects.toMatchObject({ code: 'fetch.refused' });
  }
  expect(baitConnections).toBe(0);
  await close();
});

test('a name is asked for once for each connection, and the connection leads to that answer', async () => {
  const questions: string[] = [];
  const { fetch, close } = limited({
    hosts: [named('asked.test', askedPort)],
    resolve: async (host) => {
      questions.push(host);
      return questions.length === 1 ? ['127.0.0.1'] : ['127.0.0.2'];
    },
  });
  expect(await textOf(fetch(`http://asked.test:${askedPort}/`))).toBe('answer');
  expect(questions).toEqual(['asked.test']);
  await close();
});

test.each(blockedRedirects)('a redirect to %s is refused', async (target) => {
  const { fetch, close } = limited({ hosts: [named('asked.test', askedPort)] });
  const location = target.replaceAll('OTHER', String(baitPort)).replaceAll('PORT', String(askedPort));
  askedPaths = [];
  const refused = fetch(`http://asked.test:${askedPort}/?to=${encodeURIComponent(location)}`);
  await expect(refused).rejects.toMatchObject({ code: 'fetch.refused' });
  expect([baitConnections, askedPaths]).toEqual([0, ['/']]);
  await close();
});

test.each(publicAddresses)('%s stays an address of the internet', (address) => {
  expect(addressKind(address)).toBe('public');
});

test.each(['https://api.test/', 'https://other.test:444/', 'https://sub.api.test:444/', 'https://api.test.evil:444/'])(
  'where hosts are named, %s is none of them',
  async (url) => {
    const { fetch, close } = limited({ hosts: [named('api.test', 444)] });
    await expect(fetch(url)).rejects.toMatchObject({ code: 'fetch.refused' });
    await close();
  },
);

test('a host that may be private on one port is not private on another, also where others are allowed', async () => {
  const usual = { host: 'localhost', port: null, allowPrivate: true, allowHttp: true };
  const { fetch, close } = limited({ hosts: [usual, named('asked.test', askedPort)], othersAllowed: true });
  for (const url of [
    `https://localhost:${baitPort}/`,
    `http://localhost:${baitPort}/`,
    `https://asked.test:${baitPort}/`,
  ]) {
    await expect(fetch(url)).rejects.toMatchObject({ code: 'fetch.refused' });
  }
  expect(baitConnections).toBe(0);
  await close();
});

test.each(['169.254.169.254', '0.0.0.0', '224.0.0.1', '::ffff:127.0.0.1', '2002:7f00:1::', 'fd00:ec2::254'])(
  'a host that may be private is still not reached at %s',
  async (address) => {
    const { fetch, close } = limited({ hosts: [named('api.test', baitPort)], resolve: async () => [address] });
    await expect(fetch(`http://api.test:${baitPort}/`)).rejects.toMatchObject({ code: 'fetch.refused' });
    await close();
  },
);

test.each(['127.0.0.1', 'asked.test', 'ASKED.test.', '127.1', '0x7f000001', 'ａsked.test'])(
  'a host that is named and may be private is reached as %s',
  async (host) => {
    const { fetch, close } = limited({ hosts: [named('127.0.0.1', askedPort), named('asked.test', askedPort)] });
    expect(await textOf(fetch(`http://${host}:${askedPort}/`))).toBe('answer');
    await close();
  },
);

test('a host that is named by its IPv6 address is reached there', async () => {
  const [server, port] = await listening('::1', 0);
  server.on('request', (_request, response) => response.end('sixth'));
  const { fetch, close } = limited({ hosts: [named('[::1]', port)] });
  expect(await textOf(fetch(`http://[0::1]:${port}/`))).toBe('sixth');
  await close();
  server.close();
});

test('a redirect that stays with the host is followed, three times at most', async () => {
  const { fetch, close } = limited({ hosts: [named('asked.test', askedPort)] });
  const to = (times: number): string => (times === 0 ? '/end' : `/?to=${encodeURIComponent(to(times - 1))}`);
  const response = await fetch(`http://asked.test:${askedPort}${to(3)}`);
  expect([await response.text(), response.redirected, response.url]).toEqual([
    'answer',
    true,
    `http://asked.test:${askedPort}/end`,
  ]);
  await expect(fetch(`http://asked.test:${askedPort}${to(4)}`)).rejects.toMatchObject({ code: 'fetch.refused' });
  await close();
});

test('another host that is named learns no header that could be a secret, and nothing that was sent', async () => {
  const hosts = [named('asked.test', askedPort), named('127.0.0.1', askedPort)];
  const { fetch, close } = limited({ hosts });
  const to = encodeURIComponent(`http://127.0.0.1:${askedPort}/end`);
  const headers = { authorization: 'Bearer a', 'x-api-key': 'b', cookie: 'c=d', accept: 'text/plain' };
  expect(await textOf(fetch(`http://asked.test:${askedPort}/?to=${to}`, { headers }))).toBe('answer');
  expect(askedHeaders).toMatchObject({ accept: 'text/plain' });
  for (const name of ['authorization', 'x-api-key', 'cookie']) expect(askedHeaders[name]).toBeUndefined();
  const sent = fetch(`http://asked.test:${askedPort}/?status=307&to=${to}`, {
    method: 'POST',
    body: 'secret',
    headers,
  });
  await expect(sent).rejects.toMatchObject({ code: 'fetch.refused' });
  await close();
});

test('a header does not say which host is meant', async () => {
  const { fetch, close } = limited({ hosts: [named('asked.test', askedPort)] });
  await textOf(fetch(`http://asked.test:${askedPort}/`, { headers: { host: 'internal.test' } }));
  expect(askedHeaders['host']).toBe(`asked.test:${askedPort}`);
  await close();
});

test('proxies that the environment names are not asked', async () => {
  const names = ['HTTP_PROXY', 'http_proxy', 'HTTPS_PROXY', 'https_proxy', 'ALL_PROXY', 'NODE_USE_ENV_PROXY'];
  const before = names.map((name) => process.env[name]);
  try {
    for (const name of names) process.env[name] = `http://127.0.0.1:${baitPort}`;
    process.env['NODE_USE_ENV_PROXY'] = '1';
    const { fetch, close } = limited({ hosts: [named('asked.test', askedPort)] });
    expect(await textOf(fetch(`http://asked.test:${askedPort}/`))).toBe('answer');
    expect(baitConnections).toBe(0);
    await close();
  } finally {
    for (const [index, name] of names.entries()) {
      const value = before[index];
      if (value === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = value;
    }
  }
});

function limited(limits: Partial<FetchLimits>) {
  return createLimitedFetch({
    hosts: [],
    othersAllowed: false,
    timeMsMax: 60_000,
    bytesMax: 100_000,
    resolve: async () => ['127.0.0.1'],
    ...limits,
  });
}

function named(host: string, port: number): HostRule {
  return { host, port, allowPrivate: true, allowHttp: true };
}

function answering(answers: readonly (readonly string[])[]): (host: string) => Promise<readonly string[]> {
  let next = 0;
  return async () => {
    const answer = answers[Math.min(next, answers.length - 1)] ?? [];
    next += 1;
    return answer;
  };
}

async function textOf(response: Promise<Response>): Promise<string> {
  return await (await response).text();
}

async function listening(host: string, port: number): Promise<[Server, number]> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(port, host, resolve));
  return [server, addressOf(server).port];
}

function addressOf(server: Server): AddressInfo {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('The server does not listen.');
  return address;
}
