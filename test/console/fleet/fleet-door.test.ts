import { describe, expect, test } from 'vitest';
import { FleetKey } from '../../../src/console/fleet/fleet-key.ts';
import { passHeader, type PassedRequest, writePass } from '../../../src/console/fleet/fleet-pass.ts';
import { until } from '../../until.ts';
import { askDoor, upgradeHeaders } from '../door/door-scene.ts';
import { fleetKey, fleetToken, SitesScene } from './sites-scene.ts';

const path = '/api/live/CA1/orders';
const asked: PassedRequest = { instance: 'a', method: 'POST', path, viewer: 'viewer1' };

const forged: readonly (readonly [string, number, () => string])[] = [
  ['of another ADMIN_TOKEN', 401, () => pass({}, { by: new FleetKey('another-token-4711') })],
  ['for another path', 401, () => pass({ path: '/api/live/CA2/orders' })],
  ['for another query', 401, () => pass({ path: `${path}?x=1` })],
  ['for another method', 401, () => pass({ method: 'GET' })],
  ['for another process', 421, () => pass({ instance: 'b' })],
  ['for another process, by a changed name', 401, () => pass({ instance: 'b' }).replace(/^b/, 'a')],
  ['of another viewer, by a changed name', 401, () => pass({}).replace('viewer1', 'viewer2')],
  ['that is too old', 401, () => pass({}, { atMs: Date.now() - 31_000 })],
  ['of a clock that is ahead', 401, () => pass({}, { atMs: Date.now() + 60_000 })],
  ['that was made younger', 401, () => pass({}, { atMs: 1 }).replace('.1.', `.${Date.now()}.`)],
  ['without a signature', 401, () => pass({}).split('.').slice(0, 4).join('.')],
  ['that is the announcement of a process', 401, () => `a.viewer1.1.once.${fleetKey.sign('site', ['a', path])}`],
  ['that is far too long', 401, () => pass({ viewer: 'v'.repeat(600) })],
  ['of nothing', 401, () => ''],
];

describe('a pass', () => {
  test.each(forged)('%s is refused with %i, in words, and one line in the log', async (_, status, made) => {
    const { a, order } = await site();
    expect(await order(made())).toMatchObject({ status });
    expect(a.orders).toEqual([]);
    expect(a.log.named('viewerRefused')).toMatchObject([{ why: 'pass' }]);
  });

  test('lets in once, for its viewer, and the log names the session', async () => {
    const { a, order } = await site();
    const once = pass({});
    expect(await order(once)).toMatchObject({ status: 200 });
    expect(await order(once)).toMatchObject({ status: 401, body: expect.stringContaining('used before') });
    expect(a.orders).toHaveLength(1);
    expect(a.log.named('viewerOrdered')).toMatchObject([{ callSid: 'CA1', session: 'viewer1' }]);
  });

  test('opens a socket, and a wrong one does not', async () => {
    const { a } = await site();
    const sound = '/api/live/sound?call=CA1';
    const upgrade = async (text: string) =>
      (await askDoor(a.server.port, sound, { headers: { ...upgradeHeaders, [passHeader]: text } })).status;
    expect(await upgrade(pass({ method: 'GET', path: '/api/live/sound?call=CA2' }))).toBe(401);
    expect(await upgrade(pass({ method: 'GET', path: sound, instance: 'b' }))).toBe(421);
    expect(await upgrade(pass({ method: 'GET', path: sound }))).toBe(101);
  });

  test('is of no use where there is no ADMIN_TOKEN', async () => {
    const { order } = await site(null);
    expect(await order(pass({}))).toMatchObject({ status: 401 });
  });

  test('asks for what the process has by itself, so that two do not ask each other in a circle', async () => {
    const { scene, a, order } = await site();
    const b = await scene.starts('b');
    scene.keeps('CA9', 'b');
    b.live.begins('lookup', 'CA9');
    const elsewhere = '/api/live/CA9/orders';
    expect(await order(pass({ path: elsewhere }), elsewhere)).toMatchObject({ status: 404 });
    expect(b.orders).toEqual([]);
    await until('an operator', async () => (await a.asks(elsewhere, { kind: 'hangUp' })).status === 200);
    expect(b.orders).toHaveLength(1);
  });
});

function pass(changes: Partial<PassedRequest>, { by = fleetKey, atMs = Date.now() } = {}): string {
  return writePass(by, { ...asked, ...changes }, atMs, `once-${Math.random()}`.replace('.', ''));
}

/** A process with a call, and what an order to it with a pass brings. */
async function site(token: string | null = fleetToken) {
  const scene = new SitesScene();
  const a = await scene.starts('a', { token });
  a.live.begins('lookup', 'CA1');
  const order = async (text: string, to = path) =>
    askDoor(a.server.port, to, {
      method: 'POST',
      headers: { [passHeader]: text, 'content-type': 'application/json' },
      body: JSON.stringify({ kind: 'hangUp' }),
    });
  return { scene, a, order };
}
