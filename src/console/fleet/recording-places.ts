import type { PartPlace } from '../recording/part-place.ts';
import type { FleetSites } from './fleet-sites.ts';

/**
 * Makes what finds the parts of a recording by the journal: each process that had a call wrote down that it records it, in which log of its
 * folder. What is in the folder here is taken from there, whoever made it: workers share one, and a process may have had another name. Logs
 * there of which the journal tells nothing are older, as those of a version that wrote nothing down, or all that is known in time.
 */
export function recordingPlaces(sites: FleetSites) {
  return async (callSid: string, wanted: number, here: readonly string[]): Promise<PartPlace | null> => {
    const told = await sites.toldOf(callSid);
    const noted = (told?.story?.entries ?? []).filter((entry) => entry.kind === 'recorded');
    const older = here.filter((name) => noted.every(({ log }) => log !== name));
    const all = [...older.map((log) => ({ log, by: null })), ...noted];
    const number = Math.min(wanted, all.length);
    const found = all[number - 1];
    if (found === undefined) return null;
    const { log, by } = found;
    const isHere = by === null || sites.isOwn(by) || here.includes(log);
    return {
      part: { number, count: all.length, by },
      log,
      elsewhere: isHere ? null : { by, pages: sites.siteOf(by) },
    };
  };
}
