import { once } from 'node:events';
import { expect, test } from 'vitest';
import { announcedSite } from '../../../src/console/fleet/site-address.ts';
import { unreachableCode } from '../../../src/console/joined/ask-pages.ts';
import { until } from '../../until.ts';
import { fleetKey, type SceneSite, SitesScene } from './sites-scene.ts';

/**
 * The names of five workers behind one address made the reason of a close longer than a frame of WebSocket holds. `ws` throws then, and as
 * that was in the handler of an event, it ended the process with its calls.
 */
test('a listener to a call of one of many workers that cannot be reached is told as much of it as fits', async () => {
  const scene = new SitesScene();
  const a = await scene.starts('a');
  const gone = await scene.starts('gone');
  scene.members.delete('gone');
  await gone.stops();
  for (const worker of ['parley-1-w0', 'parley-1-w1', 'parley-1-w2', 'parley-1-w3', 'parley-1-w4'])
    scene.members.set(worker, { instance: worker, pages: announcedSite(fleetKey, worker, gone.url) });
  scene.keeps('CA1', 'parley-1-w2');
  const { socket } = await a.listensIn('CA1');
  const words =
    'The process parley-1-w0, parley-1-w1, parley-1-w2, parley-1-w3, parley-1-w4 has this call and cannot be reached. Try again ';
  expect((await once(socket, 'close')).map(String)).toEqual([String(unreachableCode), words]);
});

test('a listener who leaves while the journal is asked listens in nowhere', async () => {
  const scene = new SitesScene();
  const [a, b] = [await scene.starts('a'), await scene.starts('b')];
  b.live.begins('lookup', 'CA2').until(({ type }) => type === 'model.opened');
  scene.keeps('CA2', 'b');
  const journal = Promise.withResolvers<undefined>();
  scene.answers = journal.promise;
  const first = await a.listensIn('CA2');
  first.socket.close();
  await once(first.socket, 'close');
  await a.listensIn('CA2');
  journal.resolve(undefined);
  await until('the second one', () => looks(b) > 0);
  expect([looks(a), looks(b)]).toEqual([1, 1]);
});

/** A viewer who gets 401 is shown the log-in page in place of the one before, which then asks the same again, for ever. */
test('that another process does not let this one in is said in its words, and is no matter of the login', async () => {
  const scene = new SitesScene();
  const a = await scene.starts('a');
  const [b, d] = [await scene.starts('b'), await scene.starts('d', { token: 'another-token-4711' })];
  scene.members.delete('b');
  for (const [instance, { url }] of [
    ['c', b],
    ['d', d],
  ] as const)
    scene.members.set(instance, { instance, pages: announcedSite(fleetKey, instance, url) });
  scene.keeps('CA3', 'c');
  scene.keeps('CA4', 'd');
  const stranger = 'The process c does not let this one in. This is b and not c.';
  expect(await a.asks('/api/live/CA3/events')).toEqual({ status: 503, body: { error: stranger } });
  const unknown =
    'The process d does not let this one in. The pass is none of this ADMIN_TOKEN, or of another request.';
  expect(await a.asks('/api/live/CA4/orders', { kind: 'hangUp' })).toEqual({ status: 503, body: { error: unknown } });
});

/** How many listeners a process has let in, or sent on. */
function looks({ log }: SceneSite): number {
  return log.named('personalDataSeen').filter(({ what }) => what === 'sound').length;
}
