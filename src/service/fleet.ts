import type { Config } from '../config/config.ts';
import type { FleetMember } from '../console/fleet/fleet-sites.ts';
import type { LeaseKeeper } from '../fleet/lease-keeper.ts';
import type { Fleet, Peers } from '../host/fleet/fleet.ts';
import { instanceOf } from '../system/process-name.ts';

/** What a process with these settings knows of those that share its journal; null where it has no name, or its journal is a file of its own. */
export function serviceFleet({ http, journal, twilio }: Config, lease: LeaseKeeper | undefined): Fleet | null {
  const { instance } = http;
  const { database } = journal;
  if (instance === null || database === null || lease === undefined) return null;
  const [first = database, ...others] = twilio.signing.authTokens;
  return { instance, peers: leasedPeers(instance, lease), streamKeys: [first, ...others] };
}

/**
 * The processes of the fleet whose pages show each other's calls; null where there is none. Those of a worker are asked by whoever has
 * started it.
 */
export function fleetMembers(
  { http, journal }: Config,
  lease: LeaseKeeper | undefined,
  isWorker: boolean,
): (() => readonly FleetMember[]) | null {
  const isMember = http.instance !== null && journal.database !== null && !isWorker;
  return isMember && lease !== undefined ? () => lease.living : null;
}

/** The others as the leases tell of them. */
function leasedPeers(own: string, lease: Pick<LeaseKeeper, 'peers' | 'lives' | 'takerOf'>): Peers {
  let turn = 0;
  return {
    lives: (holder) => lease.lives(holder),
    successor() {
      const others = lease.peers.map(instanceOf).filter((instance) => instance !== null && instance !== own);
      turn += 1;
      return others[turn % others.length] ?? null;
    },
    takerOf: (callSid) => lease.takerOf(callSid),
  };
}
