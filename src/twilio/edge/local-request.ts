import type { IncomingHttpHeaders } from 'node:http';

/** `localhost` and the addresses of this machine, as the host of an address: also those by which it names itself while it listens on all. */
const localHost = /^(?:localhost|127(?:\.\d{1,3}){3}|0\.0\.0\.0|\[::1?\])$/;

/** Whether the host of an address is this machine. */
export function isLocalHost(hostname: string): boolean {
  return localHost.test(hostname);
}

/**
 * Whether a request names this machine, or the host of `publicUrl`, and comes from no web page of anybody else. A page elsewhere can send
 * forms to this machine, and with a name that it lets point here (DNS rebinding) it can read the answers, too.
 */
export function isLocalRequest({ host, origin }: IncomingHttpHeaders, publicUrl: string | null): boolean {
  const isOurs = (address: string): boolean => {
    const hostname = URL.parse(address)?.hostname;
    return hostname !== undefined && (isLocalHost(hostname) || hostname === hostOf(publicUrl));
  };
  return host !== undefined && isOurs(`http://${host}`) && (origin === undefined || isOurs(origin));
}

function hostOf(publicUrl: string | null): string | null {
  return publicUrl === null ? null : new URL(publicUrl).hostname;
}
