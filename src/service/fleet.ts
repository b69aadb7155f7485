import type { Config } from '../config/config.ts';
import type { Fleet, Peers } from '../host/fleet/fleet.ts';
import { type Clock, systemClock } from '../system/clock.ts';

/** How long a process counts as alive after the last sign of life that it gave with a call: each call gives one every half minute. */
const aliveMs = 45_000;

/** What a process with these settings knows of those that share its journal; null where it has no name, or its journal is a file of its own. */
export function serviceFleet({ http, journal, twilio }: Config, clock: Clock = systemClock): Fleet | null {
  const { database } = journal;
  if (http.instance === null || database === null) return null;
  const [first = database, ...others] = twilio.signing.authTokens;
  return { instance: http.instance, peers: peersByJournal(clock), streamKeys: [first, ...others] };
}

/** Tells who lives by what the journal holds of a call, which says nothing of those that have none. */
function peersByJournal(clock: Clock): Peers {
  return { lives: (_name, lastAtMs) => clock.unixMs() - lastAtMs <= aliveMs, successor: () => null };
}
