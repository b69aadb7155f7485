import { platform } from 'node:os';
import { describe, expect, test } from 'vitest';
import { until } from '../until.ts';
import { Checker } from './checker.ts';
import { losesForms } from './proxied/caddy-process.ts';
import { composeFleet } from './proxied/compose-fleet.ts';
import { podFleet } from './proxied/pod-fleet.ts';
import { agentHeard, askedInstances, type ProxiedFleet, said } from './proxied/proxied-fleet.ts';

const missing = new Checker('caddy', "Debian's package caddy", 'version').missing;

describe('through the proxy of compose, with TLS,', () => {
  test('each call stays with the process in its addresses, and new ones go to the one that has fewer', async (context) => {
    if (missing !== null) return context.skip(missing);
    const fleet = await composeFleet(context);
    const owners: string[] = [];
    for (let placed = 0; placed < 4; placed += 1) {
      const { owner, asked } = await nextCall(fleet);
      expect(asked).toEqual([owner]);
      owners.push(owner);
    }
    expect(owners.toSorted()).toEqual(['a', 'a', 'b', 'b']);
  });

  test('a caller for whom no process has room gets the busy tone', async (context) => {
    if (missing !== null) return context.skip(missing);
    const fleet = await composeFleet(context, { MAX_CONCURRENT_CALLS: '2', FALLBACK_DESTINATION: '' });
    for (let placed = 0; placed < 2; placed += 1) await agentHeard(fleet.call());
    for (const { process } of fleet.members) await fleet.caddy.seesUnready(`127.0.0.1:${process.port}`);
    const { endReason, status } = await fleet.call().phone.ended;
    expect({ endReason, status }).toEqual({ endReason: 'rejected', status: 'busy' });
  });

  test('calls of a process that is gone go on in the other, which also takes new ones', async (context) => {
    const why = missing ?? losesForms();
    if (why !== null) return context.skip(why);
    const fleet = await composeFleet(context);
    const { survivor, statuses } = await afterLoss(fleet);
    expect(statuses).toEqual(['in-progress', 'in-progress', 'in-progress']);
    expect((await nextCall(fleet)).owner).toBe(survivor);
  });
});

describe.skipIf(platform() !== 'linux')('through the router of Kubernetes', () => {
  test('each call stays with the pod in its addresses', async (context) => {
    if (missing !== null) return context.skip(missing);
    const fleet = await podFleet(context);
    for (let placed = 0; placed < 4; placed += 1) {
      const { owner, asked } = await nextCall(fleet);
      expect(asked).toEqual([owner]);
    }
  });

  test('calls of a pod that is gone go on in another one, which also takes new ones', async (context) => {
    const why = missing ?? losesForms();
    if (why !== null) return context.skip(why);
    const fleet = await podFleet(context);
    const { survivor, statuses } = await afterLoss(fleet);
    expect(statuses).toEqual(['in-progress', 'in-progress', 'in-progress']);
    expect((await nextCall(fleet)).owner).toBe(survivor);
  });
});

/** A call that goes on, by the process that has it and the processes that Twilio has asked by name. */
async function nextCall(fleet: ProxiedFleet): Promise<{ owner: string; asked: string[] }> {
  const placed = fleet.call();
  await agentHeard(placed);
  return { owner: fleet.ownerOf(placed).instance, asked: [...new Set(askedInstances(placed))] };
}

/** Places calls, kills the process of the first, and waits until the other one has that and all its calls. Returns how the calls are then. */
async function afterLoss(fleet: ProxiedFleet): Promise<{ survivor: string; statuses: string[] }> {
  const calls = [fleet.call(), fleet.call(), fleet.call()];
  for (const placed of calls) await agentHeard(placed);
  const [lost] = calls.map((placed) => fleet.ownerOf(placed));
  const survivor = fleet.members.find((member) => member !== lost);
  if (lost === undefined || survivor === undefined) throw new RangeError('Two processes are wanted.');
  const moved = calls.filter((placed) => fleet.ownerOf(placed) === lost);
  await lost.process.kill();
  for (const placed of moved) {
    await until('the call that goes on', () => said(survivor, placed).includes('restored'));
    await until('another stream', () => said(survivor, placed).includes('streamStarted'));
    // Its addresses are those of the survivor from here on.
    await until('a question for the survivor', () => askedInstances(placed).at(-1) === survivor.instance);
  }
  return { survivor: survivor.instance, statuses: calls.map(({ phone }) => phone.status) };
}
