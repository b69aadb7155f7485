import { readdirSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, test } from 'vitest';
import type { ConsolePart } from '../../../../src/console/door/console-part.ts';
import { sharedSources } from '../../../../src/console/door/files/shared-sources.ts';
import { endsAfterAll } from '../../../e2e/ending.ts';
import { type DoorAnswer, logIn, openDoor } from '../door-scene.ts';

/** Imports, and modules that are named by their address, as worklets are. */
const loaded = /\b(?:from\s*|new URL\(\s*)["']([^"']+)["']/g;

const part: ConsolePart = { page: { path: '/health', title: 'Health', folder: 'health' } };

type Get = (path: string, headers?: Readonly<Record<string, string>>) => Promise<DoorAnswer>;

// One door for all: what it has prepared once, it has.
const ending = endsAfterAll();
let get: Get;

beforeAll(async () => {
  const { asks, port } = await openDoor(ending, [part]);
  const session = await logIn(port);
  get = (path, headers = {}) => asks(path, { headers: { ...session, ...headers } });
});

const folders = readdirSync(new URL('../../../../web', import.meta.url)).filter((name) => name !== 'shared');

describe.for(folders)('the page of %s', (folder) => {
  test('and all that it loads are served without types, in less than 100 kB', async () => {
    const { body: frame } = await get('/health');
    const [, packages = ''] = /<script type="importmap">([^<]*)</.exec(frame) ?? [];
    const { imports }: { imports?: Record<string, string> } = Object(JSON.parse(packages));
    const seen = new Set(['/web/shared/style.css', `/web/${folder}/style.css`]);
    const waiting = [`/web/${folder}/page.ts`];
    let bytes = frame.length;
    for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
      if (seen.has(path)) continue;
      seen.add(path);
      const { status, headers, body } = await get(path);
      expect([path, status]).toEqual([path, 200]);
      expect(headers['content-type']).toBe('text/javascript; charset=utf-8');
      expect(body).not.toMatch(/\b(?:interface \w+ \{|import type|: string\b)/);
      bytes += gzipSync(body).length;
      for (const [, name = ''] of body.matchAll(loaded)) {
        waiting.push(name.startsWith('.') ? new URL(name, `http://parley${path}`).pathname : (imports?.[name] ?? name));
      }
    }
    for (const style of [...seen].slice(0, 2)) bytes += gzipSync((await get(style)).body).length;
    expect(bytes).toBeLessThan(100 * 1024);
  });
});

test('sources that pages share with the server import no others', async () => {
  for (const path of sharedSources) {
    const { status, body } = await get(`/${path}`);
    expect([path, status]).toEqual([path, 200]);
    const imported = [...body.matchAll(loaded)].map(([, name = '']) => new URL(name, `http://parley/${path}`).pathname);
    expect(imported.filter((one) => !sharedSources.has(one.slice(1)))).toEqual([]);
  }
});

test('a file is sent compressed, and not again while it stays as it is', async () => {
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
])('%s is not served', async (path) => {
  expect(await get(path)).toMatchObject({ status: 404 });
});
