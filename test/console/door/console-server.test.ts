import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { ConsolePart } from '../../../src/console/door/console-part.ts';
import { logLook, viewerOf } from '../../../src/console/door/viewer.ts';
import { doorToken, logIn, openDoor, upgradeHeaders } from './door-scene.ts';

const json = { 'content-type': 'application/json' };

/** What a browser sends for what it is to show. */
const browserHeaders = { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8' };

/** A part with one of everything. */
const part: ConsolePart = {
  page: { path: '/health', title: 'A <b>page</b>', folder: 'health' },
  routes: (router) => {
    router.get('/api/who', (req, res) => void res.json(viewerOf(req)));
    router.post('/api/say', (req, res) => void res.json({ heard: req.body }));
    router.get('/api/broken', () => {
      throw new RangeError('words of a caller');
    });
  },
  sockets: { '/api/line': (socket) => socket.send('hello') },
};

/** Its sockets fail. */
const broken: ConsolePart = {
  sockets: {
    '/api/at/once': () => {
      throw new RangeError('words of a caller');
    },
    '/api/later': async () => Promise.reject(new RangeError('words of a caller')),
  },
};

const unlisted: ConsolePart = { page: { path: '/one/:id', title: 'One', folder: 'health', below: '/health' } };

describe('whoever is not logged in', () => {
  test('gets the log-in page in place of a page, and 401 for anything else', async (context) => {
    const { asks } = await openDoor(context, [part]);
    const page = await asks('/health?from=here');
    expect(page.status).toBe(401);
    expect(page.body).toContain('value="/health?from=here"');
    for (const path of [
      '/api/who',
      '/web/health/page.ts',
      '/web/shared/style.css',
      '/packages/preact.js',
      '/no',
      '/%00',
    ])
      expect(await asks(path)).toMatchObject({ status: 401 });
    expect(await asks('/api/say', { method: 'POST', headers: json, body: '{}' })).toMatchObject({ status: 401 });
    expect(await asks('/logout', { method: 'POST' })).toMatchObject({ status: 401 });
    expect(await asks('/api/line', { headers: upgradeHeaders })).toMatchObject({ status: 401 });
  });

  test('is asked to log in wherever a browser leads them', async (context) => {
    const { asks } = await openDoor(context, [part]);
    for (const path of ['/no', '/api/who']) {
      const { status, body } = await asks(path, { headers: browserHeaders });
      expect([status, body]).toEqual([401, expect.stringContaining('<form class="login"')]);
    }
  });

  test('is let in by the link, to the page without the token', async (context) => {
    const { asks, server, port } = await openDoor(context, [part]);
    expect(server.link).toBe(`http://127.0.0.1:${port}/login?token=${doorToken}`);
    const { status, headers } = await asks(`/login?token=${doorToken}`);
    expect(status).toBe(303);
    expect(headers['location']).toBe('/');
    const [cookie = ''] = headers['set-cookie'] ?? [];
    expect(cookie).toMatch(
      new RegExp(`^parley-${port}=[\\w-]{32}; Max-Age=43200; Path=/; .*HttpOnly; SameSite=Strict$`),
    );
    expect(cookie).not.toContain(doorToken);
    const [session = ''] = cookie.split(';');
    expect(await asks('/health', { headers: { cookie: `other=1; ${session}` } })).toMatchObject({ status: 200 });
  });

  test('is let in by the form, to the page that was asked for, and to no other site', async (context) => {
    const token = { kind: 'chosen', text: doorToken } as const;
    const { asks, server, url } = await openDoor(context, [unlisted, part], { token });
    expect(server.link).toBe(`${url}/`);
    const enter = async (fields: Record<string, string>) =>
      asks('/login', {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams(fields).toString(),
      });
    for (const [to, target] of [
      ['/health?from=here', '/health?from=here'],
      ['/one/7', '/one/7'],
      ['//elsewhere.example/health', '/'],
      ['/\\elsewhere.example/health', '/'],
      ['https://elsewhere.example/health', '/'],
      ['/one/7/8', '/'],
      ['/nowhere', '/'],
    ] as const) {
      const { status, headers } = await enter({ token: doorToken, to });
      expect([status, headers['location']]).toEqual([303, target]);
    }
    expect((await enter({ token: 'not the right one' })).body).toContain('This token is wrong.<');
    // A token that a person has chosen stands in no address.
    expect(await asks(`/login?token=${doorToken}`)).toMatchObject({ status: 401 });
  });

  test('waits after ten wrong tokens, and then the right one is refused as well', async (context) => {
    const { asks, log } = await openDoor(context, [part]);
    const enter = async (token: string) => asks(`/login?token=${token}`);
    for (let times = 0; times < 10; times += 1) {
      expect(await enter(`wrong-${times}`)).toMatchObject({
        status: 401,
        body: expect.stringContaining('use the new link'),
      });
    }
    const late = await enter(doorToken);
    expect(late.status).toBe(401);
    expect(late.body).toContain('Wait a minute');
    expect(log.named('viewerRefused')[0]).toMatchObject({ why: 'token', verdict: 'wrong' });
    expect(log.text).not.toMatch(/wrong-|token-of-the-door/);
  });

  test('is kept out by nobody who has tried wrong tokens in another way', async (context) => {
    const { asks } = await openDoor(context, [part]);
    const show = async (token: string) => asks('/api/who', { headers: { authorization: `Bearer ${token}` } });
    for (let times = 0; times < 10; times += 1) await show('of-the-last-start');
    expect((await show(doorToken)).status).toBe(401);
    const body = `token=${doorToken}`;
    const headers = {
      'content-type': 'application/x-www-form-urlencoded',
      'content-length': String(body.length),
    };
    for (let times = 0; times < 10; times += 1) await asks('/login?token=somebody-elses-link');
    expect((await asks('/login', { method: 'POST', headers, body })).status).toBe(303);
  });

  test('is let in by a header with the token, for programs', async (context) => {
    const { asks } = await openDoor(context, [part]);
    const answer = await asks('/api/who', { headers: { authorization: `Bearer ${doorToken}` } });
    expect(JSON.parse(answer.body)).toEqual({ session: 'bearer', address: '127.0.0.1', isOfFleet: false });
  });
});

describe('whoever is logged in', () => {
  test('is named in the log by what lets nobody in', async (context) => {
    const { asks, port, log } = await openDoor(context, [part]);
    const headers = await logIn(port);
    const viewer: unknown = JSON.parse((await asks('/api/who', { headers })).body);
    expect(viewer).toEqual({ session: expect.stringMatching(/^[0-9a-f]{8}$/), address: '127.0.0.1', isOfFleet: false });
    logLook(log.logger, { session: 'a1', address: '::1', isOfFleet: false }, 'transcript', 'CA1');
    expect(log.named('personalDataSeen')).toMatchObject([
      { what: 'transcript', callSid: 'CA1', session: 'a1', address: '::1' },
    ]);
  });

  test('sees the menu of the pages that there are, their titles as text, and nothing that calls elsewhere', async (context) => {
    const { asks, port } = await openDoor(context, [part, unlisted]);
    const headers = await logIn(port);
    const { body, headers: answered } = await asks('/health', { headers });
    expect(body).toContain('<a href="/health" aria-current="page">A &#60;b&#62;page&#60;/b&#62;</a>');
    expect(body).not.toContain('href="/one');
    expect(body).not.toMatch(/(?:src|href|action)="(?:https?:)?\/\//);
    expect(answered['content-security-policy']).toMatch(/^default-src 'none'; script-src 'self' 'sha256-[^']+'; /);
    expect(answered).toMatchObject({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
    expect((await asks('/', { headers })).headers['location']).toBe('/health');
    expect(await asks('/one/7', { headers })).toMatchObject({
      status: 200,
      body: expect.stringContaining('<a href="/health" aria-current="true">'),
    });
    expect((await asks('/one/7')).body).toContain('<form class="login"');
  });

  test('sees in a browser that a page is not there, with the menu and the way back', async (context) => {
    const { asks, port } = await openDoor(context, [unlisted, part]);
    const headers = await logIn(port);
    for (const path of ['/no', '/one', '/api/no']) {
      const { status, body } = await asks(path, { headers: { ...headers, ...browserHeaders } });
      expect([status, body]).toEqual([404, expect.stringContaining('There is nothing at this address.')]);
      expect(body).toContain('<nav aria-label="Pages"><a href="/health">A &#60;b&#62;page&#60;/b&#62;</a></nav>');
      expect(body).toContain('<a class="back" href="/health">← A &#60;b&#62;page&#60;/b&#62;</a>');
      expect(body).not.toContain('<script');
    }
    for (const changes of [{}, { accept: '*/*' }, { accept: 'application/json' }])
      expect(await asks('/no', { headers: { ...headers, ...changes } })).toMatchObject({
        status: 404,
        body: '{"error":"There is nothing here."}',
      });
  });

  test('sends JSON of at most 64 kB and nothing else', async (context) => {
    const { asks, port } = await openDoor(context, [part]);
    const headers = { ...(await logIn(port)), ...json };
    const say = async (body: string, changes = {}) =>
      asks('/api/say', { method: 'POST', headers: { ...headers, ...changes }, body });
    expect((await say('{"a":1}')).body).toBe('{"heard":{"a":1}}');
    expect((await say('{')).status).toBe(400);
    expect((await say(JSON.stringify('x'.repeat(70_000)))).status).toBe(413);
    expect((await say('a=1', { 'content-type': 'application/x-www-form-urlencoded' })).status).toBe(415);
    expect((await say('{}', { 'content-type': 'text/plain' })).status).toBe(415);
  });

  test('hears of a failure that there was one, and the log holds no words of it', async (context) => {
    const { asks, port, log } = await openDoor(context, [part]);
    const answer = await asks('/api/broken', { headers: await logIn(port) });
    expect(answer.status).toBe(500);
    expect(answer.body + log.text).not.toContain('words of a caller');
    expect(log.named('viewerRequestFailed')).toMatchObject([{ err: { type: 'RangeError' } }]);
  });

  test('opens a socket from our own pages only, and loses it with the session', async (context) => {
    const { asks, port, url } = await openDoor(context, [part]);
    const headers = await logIn(port);
    expect(
      await asks('/api/line', { headers: { ...headers, ...upgradeHeaders, origin: 'http://127.0.0.1:1' } }),
    ).toMatchObject({
      status: 403,
    });
    expect(await asks('/api/other', { headers: { ...headers, ...upgradeHeaders } })).toMatchObject({ status: 404 });
    const socket = new WebSocket(`ws://127.0.0.1:${port}/api/line`, { headers, origin: url });
    const [hello]: unknown[] = await once(socket, 'message');
    expect(String(hello)).toBe('hello');
    const closed = once(socket, 'close');
    expect(await asks('/logout', { method: 'POST', headers })).toMatchObject({ status: 303 });
    expect((await closed)[0]).toBe(1008);
    expect(await asks('/api/who', { headers })).toMatchObject({ status: 401 });
  });

  test('loses a socket whose part fails, at once or later, and the door stands', async (context) => {
    const { asks, port, url, log } = await openDoor(context, [part, broken]);
    const headers = await logIn(port);
    for (const path of ['/api/at/once', '/api/later']) {
      const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, { headers, origin: url });
      expect((await once(socket, 'close'))[0]).toBe(1011);
    }
    expect(log.named('viewerSocketFailed')).toMatchObject([{ err: { type: 'RangeError' } }, {}]);
    expect(await asks('/api/who', { headers })).toMatchObject({ status: 200 });
  });
});

describe('a request', () => {
  test.for([
    ['to this machine by its name', { host: 'localhost' }, true],
    ['to another address of this machine', { host: '127.9.9.9:8081' }, true],
    ['from our own page', { host: 'localhost:8081', origin: 'http://localhost:8081' }, true],
    ['that our own page makes', { host: 'localhost', 'sec-fetch-site': 'same-origin' }, true],
    ['that a person types', { host: 'localhost', 'sec-fetch-site': 'none' }, true],
    [
      'that a link elsewhere makes',
      { host: 'localhost', 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' },
      true,
    ],
    ['to a name that points here (DNS rebinding)', { host: 'rebind.example' }, false],
    ['to a name that looks like an address', { host: '127.0.0.1.rebind.example' }, false],
    ['to an address where we do not listen', { host: '192.0.2.1:8081' }, false],
    ['to what is no name', { host: '%' }, false],
    ['from a page elsewhere', { host: 'localhost', origin: 'https://rebind.example' }, false],
    ['from a page of nowhere', { host: 'localhost', origin: 'null' }, false],
    ['from another program on this machine', { host: 'localhost:8081', origin: 'http://localhost:3000' }, false],
    [
      'that a page elsewhere makes',
      { host: 'localhost', 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' },
      false,
    ],
    [
      'that a page of another port makes',
      { host: 'localhost', 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'cors' },
      false,
    ],
    [
      'in a frame elsewhere',
      { host: 'localhost', 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' },
      false,
    ],
  ] as const)('%s is answered only if it is ours', async ([, named, isOurs], context) => {
    const { asks, port } = await openDoor(context, [part]);
    const headers = { ...(await logIn(port)), ...named };
    expect((await asks('/api/who', { headers })).status).toBe(isOurs ? 200 : 403);
    expect((await asks('/api/line', { headers: { ...headers, ...upgradeHeaders } })).status).toBe(isOurs ? 101 : 403);
  });

  test('to the address behind a proxy is ours, and its cookie is for https alone', async (context) => {
    const names = { host: '0.0.0.0', url: 'https://parley.example' };
    const { asks, server } = await openDoor(context, [part], { names });
    expect(server.link).toBe(`https://parley.example/login?token=${doorToken}`);
    const { headers } = await asks(`/login?token=${doorToken}`, { headers: { host: 'parley.example' } });
    expect(headers['set-cookie']?.[0]).toContain('; Secure;');
    const cookie = headers['set-cookie']?.[0]?.split(';')[0] ?? '';
    const status = async (host: string, origin: string) =>
      (await asks('/api/who', { headers: { cookie, host, origin } })).status;
    expect(await status('parley.example', 'https://parley.example')).toBe(200);
    expect(await status('127.0.0.1:8081', 'https://parley.example')).toBe(200);
    expect(await status('192.0.2.1:8081', 'http://192.0.2.1:8081')).toBe(200);
    expect(await status('other.example', 'https://other.example')).toBe(403);
  });
});

test('the door names every route behind it', async (context) => {
  const { server } = await openDoor(context, [part]);
  expect(server.routes).toEqual([
    { method: 'GET', path: '/health' },
    { method: 'GET', path: '/api/who' },
    { method: 'POST', path: '/api/say' },
    { method: 'GET', path: '/api/broken' },
    { method: 'UPGRADE', path: '/api/line' },
  ]);
});
