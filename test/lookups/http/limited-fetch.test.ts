import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { gzipSync } from 'node:zlib';

import { expect, onTestFinished, test } from 'vitest';

import { createLimitedFetch, type FetchLimits } from '../../../src/lookups/http/limited-fetch.ts';
import { type Asked, startService } from '../../service-host.ts';
import { listenOnAnyPort } from '../../any-port.ts';

test('it is a fetch: method, headers, body, status and text go both ways', async () => {
  const { ask, asked } = await limited(({ body }, answer) => answer(201, { 'x-answer': 'yes' }, `got ${body}`));
  const response = await ask('/form?a=b', {
    method: 'POST',
    headers: { 'x-question': 'so' },
    body: new URLSearchParams({ day: 'Monday' }),
  });
  expect([response.status, response.headers.get('x-answer'), await response.text()]).toEqual([
    201,
    'yes',
    'got day=Monday',
  ]);
  expect(asked).toMatchObject([
    {
      method: 'POST',
      url: '/form?a=b',
      headers: { 'x-question': 'so', 'content-type': 'application/x-www-form-urlencoded;charset=UTF-8' },
    },
  ]);
});

test.each([204, 304])('an answer %i has no body', async (status) => {
  const { ask } = await limited((_asked, answer) => answer(status, {}, ''));
  const response = await ask('/');
  expect([response.status, await response.text()]).toEqual([status, '']);
});

test('cookies are not kept', async () => {
  const { ask, asked } = await limited((_asked, answer) => answer(200, { 'set-cookie': 'a=b' }, ''));
  for (const path of ['/one', '/two']) await (await ask(path)).text();
  expect(asked.map(({ headers }) => headers.cookie)).toEqual([undefined, undefined]);
});

test.each([
  ['as it is', {}, 'a'.repeat(10_001)],
  ['packed', { 'content-encoding': 'gzip' }, gzipSync('a'.repeat(1_000_000))],
])('an answer that is too large %s fails while it is read', async (_how, headers, body) => {
  const { ask } = await limited((_asked, answer) => answer(200, headers, body), { bytesMax: 10_000 });
  const response = await ask('/');
  await expect(response.text()).rejects.toMatchObject({ code: 'fetch.tooLarge' });
});

test('an answer of just the size that is allowed is read', async () => {
  const { ask } = await limited((_asked, answer) => answer(200, {}, 'a'.repeat(10_000)), { bytesMax: 10_000 });
  expect((await (await ask('/')).text()).length).toBe(10_000);
});

test('what is sent has a size as well', async () => {
  const { ask, asked } = await limited((_asked, answer) => answer(200, {}, ''));
  const sent = ask('/', { method: 'POST', body: 'a'.repeat(1_000_001) });
  await expect(sent).rejects.toMatchObject({ code: 'fetch.tooLarge' });
  expect(asked).toEqual([]);
});

test('the time ends a request that is not answered, and a body that does not come', async () => {
  const silent = await limited(() => {}, { timeMsMax: 200 });
  await expect(silent.ask('/')).rejects.toMatchObject({ name: 'TimeoutError' });
  const halting = await limited((_asked, _answer, begin) => begin('half'), { timeMsMax: 200 });
  const response = await halting.ask('/');
  await expect(response.text()).rejects.toMatchObject({ name: 'TimeoutError' });
});

test('whoever asks may end it', async () => {
  const abort = new AbortController();
  const { ask } = await limited(() => abort.abort(new RangeError('enough')));
  await expect(ask('/', { signal: abort.signal })).rejects.toThrow('enough');
});

test('a redirect may be left to whoever asks, or forbidden', async () => {
  const { ask } = await limited((_asked, answer) => answer(302, { location: '/other' }, ''));
  expect((await ask('/', { redirect: 'manual' })).headers.get('location')).toBe('/other');
  await expect(ask('/', { redirect: 'error' })).rejects.toMatchObject({ code: 'fetch.refused' });
});

test('what was posted becomes a question after 303, and stays what it is after 307', async () => {
  const { ask, asked } = await limited(({ url }, answer) =>
    url === '/end' ? answer(200, {}, '') : answer(Number(url.slice(1)), { location: '/end' }, ''),
  );
  for (const status of [303, 307]) await ask(`/${status}`, { method: 'POST', body: 'text' });
  expect(asked.map(({ method, url, body }) => `${method} ${url} ${body}`)).toEqual([
    'POST /303 text',
    'GET /end ',
    'POST /307 text',
    'POST /end text',
  ]);
});

test('https is checked by the name that was asked for, although the connection goes to an address', async () => {
  const server = createServer({ key: pem('key'), cert: pem('cert') }, (_request, response) => response.end('safe'));
  const port = await listenOnAnyPort(server);
  const { fetch, close } = createLimitedFetch({
    hosts: ['localhost', 'other.test'].map((host) => ({ host, port, allowPrivate: true, allowHttp: false })),
    othersAllowed: false,
    timeMsMax: 60_000,
    bytesMax: 1_000,
    resolve: async () => ['127.0.0.1'],
  });
  const trusted = getCACertificates('default');
  onTestFinished(async () => {
    setDefaultCACertificates(trusted);
    await close();
    server.close();
  });
  await expect(fetch(`https://localhost:${port}/`)).rejects.toMatchObject({
    cause: { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' },
  });
  setDefaultCACertificates([...trusted, pem('cert')]);
  expect(await (await fetch(`https://localhost:${port}/`)).text()).toBe('safe');
  await expect(fetch(`https://other.test:${port}/`)).rejects.toMatchObject({
    cause: { code: 'ERR_TLS_CERT_ALTNAME_INVALID' },
  });
});

function pem(what: 'key' | 'cert'): string {
  return readFileSync(new URL(`../../../fixtures/tls/loopback-${what}.pem`, import.meta.url), 'utf8');
}

type Answer = (status: number, headers: Record<string, string>, body: string | Uint8Array) => void;

/** A service that may be asked, and a fetch with these limits. */
async function limited(
  serve: (asked: Asked, answer: Answer, begin: (part: string) => void) => void,
  limits: Partial<FetchLimits> = {},
) {
  const service = await startService((asked, response) =>
    serve(
      asked,
      (status, headers, body) => response.writeHead(status, headers).end(body),
      (part) => response.write(part),
    ),
  );
  const { fetch, close } = createLimitedFetch({
    hosts: [{ host: '127.0.0.1', port: service.port, allowPrivate: true, allowHttp: true }],
    othersAllowed: false,
    timeMsMax: 60_000,
    bytesMax: 100_000,
    ...limits,
  });
  onTestFinished(async () => {
    await close();
    service.close();
  });
  return {
    asked: service.asked,
    ask: async (path: string, init?: RequestInit) => fetch(`http://127.0.0.1:${service.port}${path}`, init),
  };
}
