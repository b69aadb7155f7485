import type { IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';
import { isEveryAddress } from '../../system/listening-place.ts';
import { isLocalHost } from '../../twilio/edge/local-request.ts';

/** The names by which browsers may know the pages. */
export interface ConsoleNames {
  /** Where the server listens. */
  readonly host: string;
  /** Scheme, host and port behind a proxy; null without one. */
  readonly url: string | null;
}

/**
 * Whether a request names this server and comes from no page of anybody else. A name that somebody lets point here (DNS rebinding) is not
 * ours, and neither is a page of another program on this machine.
 */
export function isOwnRequest(headers: IncomingHttpHeaders, names: ConsoleNames): boolean {
  const { host, origin } = headers;
  if (host === undefined || !isOwnHost(host, names)) return false;
  if (origin !== undefined && origin !== names.url && URL.parse(origin)?.host !== URL.parse(`http://${host}`)?.host)
    return false;
  const site = headers['sec-fetch-site'];
  // A link elsewhere may lead to a page. What is sent along with it is only what Strict cookies let through: nothing.
  const isVisit = headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document';
  return site === undefined || site === 'same-origin' || site === 'none' || (isVisit && origin === undefined);
}

function isOwnHost(host: string, names: ConsoleNames): boolean {
  const hostname = URL.parse(`http://${host}`)?.hostname;
  if (hostname === undefined) return false;
  if (isLocalHost(hostname) || hostname === names.host.toLowerCase()) return true;
  if (names.url !== null && hostname === new URL(names.url).hostname) return true;
  const address = hostname.replaceAll(/[[\]]/g, '');
  return isIP(address) !== 0 && (isEveryAddress(names.host) || address === names.host);
}
