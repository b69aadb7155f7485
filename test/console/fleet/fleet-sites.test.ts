import { expect, test } from 'vitest';
import { type FleetMember, FleetSites } from '../../../src/console/fleet/fleet-sites.ts';
import { announcedSite } from '../../../src/console/fleet/site-address.ts';
import { systemClock } from '../../../src/system/clock.ts';
import { systemRandomness } from '../../../src/system/randomness.ts';
import { fleetKey } from './sites-scene.ts';

test('sites are called the same, and the same is told of them, in whichever order the leases come', () => {
  const old = ['y', 'x'].map((instance): FleetMember => ({ instance, pages: null }));
  let members = [at('b-w1', 8081), ...old, at('b-w0', 8081), at('c', 8082)];
  const sites = new FleetSites({
    instances: ['a'],
    members: () => members,
    key: fleetKey,
    history: null,
    clock: systemClock,
    randomness: systemRandomness,
  });
  const told = () => [sites.sites.map(({ name }) => name), sites.problems.map(({ code }) => code)];
  const first = told();
  expect(first).toEqual([
    ['b-w0, b-w1', 'c'],
    ['fleet.unseen x', 'fleet.unseen y'],
  ]);
  members = members.toReversed();
  expect(told()).toEqual(first);
});

function at(instance: string, port: number): FleetMember {
  return { instance, pages: announcedSite(fleetKey, instance, `http://127.0.0.1:${port}`) };
}
