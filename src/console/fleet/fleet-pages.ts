import type { Config } from '../../config/config.ts';
import type { CallHistory } from '../../store/history/call-history.ts';
import { systemClock } from '../../system/clock.ts';
import type { Logger } from '../../system/logger.ts';
import { systemRandomness } from '../../system/randomness.ts';
import type { Refusals } from '../../system/refusals.ts';
import type { ConsolePart } from '../door/console-part.ts';
import { JoinedLive, type OwnLive } from '../joined/joined-live.ts';
import type { RecordingMeans } from '../recording/recording-part.ts';
import { FleetDoor } from './fleet-door.ts';
import type { FleetKey } from './fleet-key.ts';
import { type FleetMember, FleetSites } from './fleet-sites.ts';
import { recordingPlaces } from './recording-places.ts';

/** What pages of a fleet are made with. */
export interface FleetPagesMeans {
  readonly admin: Config['admin'];
  /** Null without an ADMIN_TOKEN. */
  readonly key: FleetKey | null;
  /** The instances that are this side's own: this process, or its workers. */
  readonly instances: readonly string[];
  /** All processes of the fleet that live. */
  readonly members: () => readonly FleetMember[];
  readonly history: Pick<CallHistory, 'find'> | null;
  readonly refusals: Refusals;
  readonly log: Logger;
}

/** The pages of processes that share a database: each shows the calls of all. */
export class FleetPages {
  /** Lets the others in; null without an ADMIN_TOKEN, by which they would know each other. */
  readonly door: FleetDoor | null;
  readonly #means: FleetPagesMeans;
  readonly #sites: FleetSites;

  constructor(means: FleetPagesMeans) {
    const { admin, key, instances, members, history, refusals } = means;
    this.#means = means;
    this.door = key === null ? null : new FleetDoor({ key, instances, place: admin, clock: systemClock, refusals });
    this.#sites = new FleetSites({
      instances,
      members,
      key,
      history,
      clock: systemClock,
      randomness: systemRandomness,
    });
  }

  /** Live calls of all. `has`: whether a call is known to be this side's own. */
  live(own: OwnLive, has: (callSid: string) => boolean): ConsolePart {
    const sites = this.#sites;
    return new JoinedLive({
      own,
      others: () => sites.sites,
      problems: () => sites.problems,
      placeOf: async (callSid, board) =>
        has(callSid) || board === own.name ? { kind: 'here' } : sites.placeOf(callSid, board),
      clock: systemClock,
      log: this.#means.log,
    });
  }

  /** Says where recordings are. */
  get recordingPlaces(): RecordingMeans['placeOf'] {
    return recordingPlaces(this.#sites);
  }
}
