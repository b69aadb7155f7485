import { createEndCall } from './end-call.ts';
import { createLookupRecord } from './lookup-record.ts';
import type { LookupTable } from './lookup-table.ts';
import type { Tool } from './tool.ts';
import { createTransferCall, type TransferPlace } from './transfer-call.ts';

/** The tools that Parley brings along, as far as the admin's settings give them something to do. */
export function builtInTools(settings: {
  readonly lookupTable: LookupTable | null;
  /** Names of the transfer destinations. */
  readonly destinations: readonly string[];
  /** When somebody is there, by name; always where nothing is said. */
  readonly places?: ReadonlyMap<string, TransferPlace>;
}): readonly Tool[] {
  const { lookupTable, destinations, places } = settings;
  return [
    ...(lookupTable === null ? [] : [createLookupRecord(lookupTable)]),
    ...(destinations.length === 0 ? [] : [createTransferCall(destinations, places)]),
    createEndCall(),
  ];
}
