import { expect, test, type TestContext } from 'vitest';
import type { ConsolePart } from '../../../../src/console/door/console-part.ts';
import { sharedSources } from '../../../../src/console/door/files/shared-sources.ts';
import { logIn, openDoor } from '../door-scene.ts';

const part: ConsolePart = { page: { path: '/health', title: 'Health', folder: 'health' } };

async function filesOf(context: TestContext) {
  const { asks, port } = await openDoor(context, [part]);
  const session = await logIn(port);
  return async (path: string, headers: Readonly<Record<string, string>> = {}) =>
    asks(path, { headers: { ...session, ...headers } });
}

test('a page and all that it imports are served as scripts without types', async (context) => {
  const get = await filesOf(context);
  const seen = new Set<string>();
  const waiting = ['/web/health/page.ts', ...[...sharedSources].map((path) => `/${path}`)];
  const packages = /<script type="importmap">([^<]*)</.exec((await get('/health')).body)?.[1] ?? '';
  const { imports }: { imports?: Record<string, string> } = Object(JSON.parse(packages));
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    seen.add(path);
    const { status, headers, body } = await get(path);
    expect([path, status]).toEqual([path, 200]);
    expect(headers['content-type']).toBe('text/javascript; charset=utf-8');
    expect(body).not.toMatch(/\b(?:interface \w+ \{|import type|: string\b)/);
    for (const [, name = ''] of body.matchAll(/\bfrom\s*["']([^"']+)["']/g)) {
      const target = name.startsWith('.') ? new URL(name, `http://x${path}`).pathname : (imports?.[name] ?? name);
      if (!seen.has(target)) waiting.push(target);
    }
  }
  expect([...seen]).toEqual(
    expect.arrayContaining(['/web/shared/ask.ts', '/packages/preact.js', '/src/audio/mulaw.ts']),
  );
});

test('a file is sent compressed, and not again while it stays as it is', async (context) => {
  const get = await filesOf(context);
  const plain = await get('/web/shared/ask.ts');
  expect(plain.headers).toMatchObject({ 'cache-control': 'private, no-cache', 'x-content-type-options': 'nosniff' });
  const etag = String(plain.headers['etag']);
  expect(await get('/web/shared/ask.ts', { 'if-none-match': etag })).toMatchObject({ status: 304, body: '' });
  const { headers } = await get('/web/shared/ask.ts', { 'accept-encoding': 'gzip' });
  expect(headers).toMatchObject({ 'content-encoding': 'gzip', vary: 'accept-encoding' });
});

test.for([
  '/web/../package.json',
  '/web/%2e%2e/package.json',
  '/web/health/..%2f..%2f.env',
  '/web/shared/none.ts',
  '/web/health/',
  '/web/health',
  '/src/main.ts',
  '/src/audio/../main.ts',
  '/src/config/config.ts',
  '/packages/ws.js',
  '/packages/preact.js/..',
  '/package.json',
  '/.env',
])('%s is not served', async (path, context) => {
  expect(await (await filesOf(context))(path)).toMatchObject({ status: 404 });
});
