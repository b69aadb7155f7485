import type { IncomingMessage } from 'node:http';
import type { Clock } from '../../system/clock.ts';
import type { Refusals } from '../../system/refusals.ts';
import { ViewerSession } from '../door/viewer-sessions.ts';
import type { FleetKey } from './fleet-key.ts';
import { isTrue, passHeader, readPass } from './fleet-pass.ts';
import { announcedSite, siteOrigin, type SitePlace } from './site-address.ts';

/** How far the clocks of two machines may be apart, the way of the request included. */
const apartMsMax = 30_000;

/** Requests of all other processes within the time of a pass. */
const usedMax = 20_000;

/** What comes of a pass: a session, or a status and the reason in words. */
export type PassVerdict =
  | { readonly kind: 'admitted'; readonly session: ViewerSession }
  | { readonly kind: 'refused'; readonly status: number; readonly why: string };

/** What the door of one process is made of. */
export interface FleetDoorParts {
  readonly key: FleetKey;
  /** The instance whose pages these are; of workers, that of each. */
  readonly instances: readonly string[];
  readonly place: SitePlace;
  readonly clock: Pick<Clock, 'unixMs'>;
  readonly refusals: Refusals;
}

/**
 * Lets other processes of the fleet in, for viewers whom those have let in. A pass is good for one request and once, and nothing but the key
 * of the fleet can make one.
 */
export class FleetDoor {
  readonly #parts: FleetDoorParts;
  /** Passes that were used, in this order, with the time from which each is too old by any clock that counts. */
  readonly #used = new Map<string, number>();

  constructor(parts: FleetDoorParts) {
    this.#parts = parts;
  }

  /** What `instance` writes into its lease, for pages at this port. */
  announced(instance: string, port: number): string | null {
    const { key, place } = this.#parts;
    const origin = siteOrigin(place, port);
    return origin === null ? null : announcedSite(key, instance, origin);
  }

  /** Null for a request without a pass. To be asked once for each. */
  check({ headers: { [passHeader]: text }, method = '', url = '' }: IncomingMessage): PassVerdict | null {
    if (text === undefined) return null;
    const verdict = this.#verdict(text, method, url);
    if (verdict.kind === 'refused') this.#parts.refusals.add('viewerRefused', { why: 'pass', said: verdict.why });
    return verdict;
  }

  #verdict(text: string | readonly string[], method: string, url: string): PassVerdict {
    const { key, instances, clock } = this.#parts;
    const pass = typeof text === 'string' ? readPass(text) : null;
    if (pass === null || !isTrue(key, pass, method, url))
      return refused(401, 'The pass is none of this ADMIN_TOKEN, or of another request.');
    const { instance, viewer, atMs, once } = pass;
    if (!instances.includes(instance)) return refused(421, `This is ${instances.join(', ')} and not ${instance}.`);
    const nowMs = clock.unixMs();
    if (Math.abs(nowMs - atMs) > apartMsMax)
      return refused(401, `The clocks of the machines are apart by more than ${apartMsMax / 1000} seconds.`);
    if (!this.#isFirst(once, nowMs)) return refused(401, 'The pass was used before.');
    return { kind: 'admitted', session: new ViewerSession(viewer, true) };
  }

  #isFirst(once: string, nowMs: number): boolean {
    for (const [known, until] of this.#used) {
      if (until >= nowMs) break;
      this.#used.delete(known);
    }
    if (this.#used.has(once) || this.#used.size >= usedMax) return false;
    this.#used.set(once, nowMs + 2 * apartMsMax);
    return true;
  }
}

function refused(status: number, why: string): PassVerdict {
  return { kind: 'refused', status, why };
}
