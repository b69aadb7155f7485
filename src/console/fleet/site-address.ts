import { isIPv4 } from 'node:net';
import { networkInterfaces } from 'node:os';
import { hostInUrl, isEveryAddress } from '../../system/listening-place.ts';
import type { FleetKey } from './fleet-key.ts';

/** A name in the DNS and a port are shorter. */
const addressCharsMax = 300;

/** Where pages listen, and where others are to find them if that was said. */
export interface SitePlace {
  readonly host: string;
  readonly fleetUrl: string | null;
}

/** Where other processes reach the pages that listen here; null where this machine has no address that others know. */
export function siteOrigin({ host, fleetUrl }: SitePlace, port: number): string | null {
  if (fleetUrl !== null) return fleetUrl;
  const reached = isEveryAddress(host) ? outerAddress() : host;
  if (reached === null) return null;
  return `http://${hostInUrl(reached)}:${port}`;
}

/** The address of this machine in its network. A machine that is in several may have another one meant. */
function outerAddress(): string | null {
  const outer = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ internal, address }) => !internal && !address.startsWith('fe80:'))
    .map(({ address }) => address);
  return outer.find((address) => isIPv4(address)) ?? outer[0] ?? null;
}

/** What an instance writes into its lease: its address, signed, so that whoever can write into the database leads nobody elsewhere. */
export function announcedSite(key: FleetKey, instance: string, origin: string): string {
  return `${origin} ${key.sign('site', [instance, origin])}`;
}

/** The address that an instance has announced; null when it has not, such as one with another ADMIN_TOKEN. */
export function originIn(key: FleetKey, instance: string, announced: string): string | null {
  const [origin = '', signature = ''] = announced.split(' ');
  const url = origin.length > addressCharsMax ? null : URL.parse(origin);
  const isAddress = url !== null && /^https?:$/.test(url.protocol) && url.origin === origin;
  return isAddress && key.isSigned(signature, 'site', [instance, origin]) ? origin : null;
}
