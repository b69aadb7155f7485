import type { Config } from '../../config/config.ts';
import { FleetKey } from '../../console/fleet/fleet-key.ts';
import { announcedSite, siteOrigin } from '../../console/fleet/site-address.ts';

/** Makes what each worker tells the fleet of where its pages are: in front of all of them. Null where others cannot ask them. */
export function announcedPages({ admin, journal }: Config): (instance: string) => string | null {
  const { port, token, fleetUrl } = admin;
  // A port that is chosen at the start is not known before the workers are.
  const isKnown = fleetUrl !== null || (port !== null && port !== 0);
  if (journal.database === null || port === null || token === null || !isKnown) return () => null;
  const [key, origin] = [new FleetKey(token), siteOrigin(admin, port)];
  return (instance) => (origin === null ? null : announcedSite(key, instance, origin));
}
