import type { PartPlace } from '../recording/part-place.ts';
import type { FleetSites } from './fleet-sites.ts';

/**
 * Makes what finds the parts of a recording by the journal: each process that had a call wrote down that it records it, in a folder of its own.
 * Workers share one. When the journal says nothing in time, they are looked for here.
 */
export function recordingPlaces(sites: FleetSites) {
  return async (callSid: string, wanted: number): Promise<PartPlace | null> => {
    const told = await sites.toldOf(callSid);
    const recorders = (told?.story?.entries ?? []).flatMap((entry) => (entry.kind === 'recorded' ? [entry.by] : []));
    const number = Math.min(wanted, recorders.length);
    const by = recorders[number - 1];
    if (by === undefined) return null;
    const folderOf = (instance: string): string | null =>
      sites.isOwn(instance) ? '' : (sites.siteOf(instance)?.name ?? null);
    const folder = folderOf(by);
    const before = recorders.slice(0, number).filter((instance) => folderOf(instance) === folder);
    const part = { number, count: recorders.length, by };
    return { part, numberThere: before.length, isHere: sites.isOwn(by), pages: sites.siteOf(by) };
  };
}
