import type { CallHistory } from '../../store/history/call-history.ts';
import { within } from '../../system/within.ts';
import type { PartPlace } from '../recording/part-place.ts';
import type { FleetSites } from './fleet-sites.ts';

/** How long it is waited for the journal to say who has recorded a call; its reader may have to start first. Then it is looked for here. */
const historyMsMax = 8_000;

/**
 * Makes what finds the parts of a recording by the journal: each process that had a call wrote down that it records it, in a folder of its own.
 * Workers share one.
 */
export function recordingPlaces(sites: FleetSites, history: Pick<CallHistory, 'find'> | null) {
  return async (callSid: string, wanted: number): Promise<PartPlace | null> => {
    const found = history?.find(callSid).catch(() => null);
    const story = found === undefined ? null : await within(found, historyMsMax);
    const recorders = (story?.entries ?? []).flatMap((entry) => (entry.kind === 'recorded' ? [entry.by] : []));
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
