import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { askDoor, logIn, upgradeHeaders } from '../console/door/door-scene.ts';
import { startModelServer } from '../../src/sim/model/hosts/server.ts';
import { toneClip } from '../tone.ts';
import { call, geminiKey, greetsOnly, ServiceScene } from '../e2e/service-scene.ts';
import { until } from '../until.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const token = 'operator-token-52c3a9';
const env = { ADMIN_PORT: '0', ADMIN_TOKEN: token };

const json = { 'content-type': 'application/json' };
const wrongs = [
  ['no login', 401, {}],
  ['a wrong cookie', 401, { cookie: 'parley=x' }],
  ['a wrong token', 401, { authorization: 'Bearer operator-token-000000' }],
  ['a wrong host', 403, { host: 'rebind.example' }],
  ['a wrong origin', 403, { origin: 'https://rebind.example' }],
  ['a page elsewhere', 403, { 'sec-fetch-site': 'cross-site' }],
] as const;

test('no route of any part answers a request without or with a wrong login, host or origin', async (context) => {
  const { service, log } = await ServiceScene.open(context, { env });
  const routes = service.admin?.routes ?? [];
  const port = service.admin?.port ?? 0;
  expect(routes.length).toBeGreaterThan(1);
  for (const { method, path } of routes) {
    const asked = await Promise.all(
      wrongs.map(async ([what, status, headers]) => {
        const upgrade = method === 'UPGRADE' ? upgradeHeaders : {};
        const request = {
          method: method === 'UPGRADE' ? 'GET' : method,
          headers: { ...json, ...headers, ...upgrade },
        };
        const answer = await askDoor(port, path.replaceAll(/:\w+/g, 'x'), request);
        return [`${method} ${path} with ${what}`, answer.status === status ? 'refused' : answer.status];
      }),
    );
    expect(asked.filter(([, outcome]) => outcome !== 'refused')).toEqual([]);
  }
  expect(log.text).not.toContain(token);
});

test('nothing of the pages answers on PORT', async (context) => {
  const { service } = await ServiceScene.open(context, { env });
  const port = service.admin?.port ?? 0;
  const login = await askDoor(port, '/login', {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: `token=${token}`,
  });
  const cookie = String(login.headers['set-cookie']).split(';')[0] ?? '';
  const paths = [...(service.admin?.routes ?? []).map(({ path }) => path), '/', '/login', '/web/shared/style.css'];
  for (const path of paths) {
    const headers = { cookie, authorization: `Bearer ${token}` };
    expect([path, (await askDoor(service.port, path, { headers })).status]).toEqual([path, 404]);
    expect([path, (await askDoor(service.port, path, { headers: { ...headers, ...upgradeHeaders } })).status]).toEqual([
      path,
      404,
    ]);
  }
});

test('health tells an operator why no call is taken, and what needs attention', async (context) => {
  const { service } = await ServiceScene.open(context, { env });
  const headers = { authorization: `Bearer ${token}` };
  const health = async (): Promise<unknown> =>
    JSON.parse((await askDoor(service.admin?.port ?? 0, '/api/health', { headers })).body);
  expect(await health()).toEqual({ ready: true, liveCalls: 0, callsMax: 50, problems: [] });
  await fetch(`http://127.0.0.1:${service.port}/twilio/voice`, {
    method: 'POST',
    headers: { 'x-twilio-signature': 'wrong' },
  });
  expect(await health()).toMatchObject({ ready: true, problems: [expect.stringContaining('is not signed')] });
  service.registry.beginDrain();
  expect(await health()).toMatchObject({
    ready: false,
    problems: [expect.stringContaining('is stopping'), expect.stringContaining('is not signed')],
  });
});

test('a port that is taken is a warning that names the setting, and calls are answered without the pages', async (context) => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  context.onTestFinished(() => void other.close());
  const address = other.address();
  const taken = typeof address === 'object' && address !== null ? address.port : 0;
  const { service, log } = await ServiceScene.open(context, { env: { ADMIN_PORT: String(taken) } });
  expect(service.admin).toBeNull();
  expect(log.named('adminPortTaken')).toMatchObject([{ level: 'warn', hint: expect.stringContaining('ADMIN_PORT') }]);
  expect((await fetch(`http://127.0.0.1:${service.port}/readyz`)).status).toBe(200);
});

test('a recorded call with a simulated agent cost nothing on its page either', async (context) => {
  const folder = temporaryFolder(context);
  const model = await startModelServer({
    script: greetsOnly,
    clips: new Map([['beep', toneClip(600, 400, 'Beep.')]]),
    apiKey: geminiKey,
  });
  context.onTestFinished(() => model.close());
  const { service, log, url } = await ServiceScene.open(context, {
    env: { ...env, RECORD_DIR: folder },
    parts: { modelAccess: { apiKey: geminiKey, baseUrl: model.url } },
  });
  const phone = call(url);
  await until('the greeting', () => log.named('transcript').length > 0);
  phone.hangUp();
  await phone.ended;
  const headers = { authorization: `Bearer ${token}` };
  const costs = async (): Promise<unknown> => {
    const { body } = await askDoor(service.admin?.port ?? 0, `/api/calls/${phone.callSid}/recording`, { headers });
    return [...body.matchAll(/"costUsd":([^,}]+)/g)].map(([, cost]) => cost);
  };
  await expect.poll(costs).toEqual(['null']);
});

test('without ADMIN_TOKEN each start has a token of its own, which stands in the link and not in the log', async (context) => {
  const { service, log } = await ServiceScene.open(context, { env: { ADMIN_PORT: '0' } });
  const made = new URL(service.admin?.link ?? '').searchParams.get('token') ?? '';
  expect(made).toMatch(/^[\w-]{32}$/);
  expect(log.text).not.toContain(made);
  const headers = await logIn(service.admin?.port ?? 0, made);
  expect(await askDoor(service.admin?.port ?? 0, '/health', { headers })).toMatchObject({ status: 200 });
});
