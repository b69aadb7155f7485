import { expect, test } from 'vitest';
import { until } from '../until.ts';
import { Checker } from './checker.ts';
import { losesForms } from './proxied/caddy-process.ts';
import { addressOf, agentHeard, askedInstances, ProxiedFleet } from './proxied/proxied-fleet.ts';

const caddy = new Checker('caddy', "Debian's package caddy", 'version');

test('calls come through the proxy with TLS, and each stays with the process in its addresses', async (context) => {
  if (caddy.missing !== null) return context.skip(caddy.missing);
  const fleet = await ProxiedFleet.start(context, {});
  const owners: string[] = [];
  for (let placed = 0; placed < 4; placed += 1) {
    const call = fleet.call();
    await agentHeard(call);
    const { instance } = fleet.ownerOf(call);
    expect(askedInstances(call).length).toBeGreaterThan(0);
    expect(new Set(askedInstances(call))).toEqual(new Set([instance]));
    owners.push(instance);
  }
  // A new call goes to the process that has fewer.
  expect(owners.toSorted()).toEqual(['a', 'a', 'b', 'b']);
});

test('a caller for whom no process has room gets the busy tone', async (context) => {
  if (caddy.missing !== null) return context.skip(caddy.missing);
  const fleet = await ProxiedFleet.start(context, { MAX_CONCURRENT_CALLS: '1', FALLBACK_DESTINATION: '' });
  for (let placed = 0; placed < 2; placed += 1) await agentHeard(fleet.call());
  for (const { process } of fleet.members) await fleet.caddy.seesUnready(addressOf(process));
  const { endReason, status } = await fleet.call().phone.ended;
  expect({ endReason, status }).toEqual({ endReason: 'rejected', status: 'busy' });
});

test('calls of a process that is gone go on in the other, which also takes new ones', async (context) => {
  const missing = caddy.missing ?? losesForms();
  if (missing !== null) return context.skip(missing);
  const fleet = await ProxiedFleet.start(context, {});
  const first = fleet.call();
  await agentHeard(first);
  const second = fleet.call();
  await agentHeard(second);
  const [lost, survivor] = [fleet.ownerOf(first), fleet.ownerOf(second)];
  expect(lost.instance).not.toBe(survivor.instance);
  await lost.process.kill();
  await until('the call that goes on', () => fleet.said(survivor, first).includes('restored'));
  await until('another stream', () => fleet.said(survivor, first).includes('streamStarted'));
  // Its addresses are those of the survivor from here on.
  await until('a question for the survivor', () => askedInstances(first).at(-1) === survivor.instance);
  expect([first.phone.status, second.phone.status]).toEqual(['in-progress', 'in-progress']);
  const third = fleet.call();
  await agentHeard(third);
  expect(fleet.ownerOf(third)).toBe(survivor);
});
