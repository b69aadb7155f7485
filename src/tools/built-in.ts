import { createEndCall } from './end-call.ts';
import { createLookupRecord } from './lookup-record.ts';
import type { LookupTable } from './lookup-table.ts';
import type { Tool } from './tool.ts';
import { createTransferCall } from './transfer-call.ts';

/** The tools that Parley brings along, as far as the admin's settings give them something to do. */
export function builtInTools(settings: {
  readonly lookupTable: LookupTable | null;
  /** Names of the transfer destinations. */
  readonly destinations: readonly string[];
}): readonly Tool[] {
  const { lookupTable, destinations } = settings;
  return [
    ...(lookupTable === null ? [] : [createLookupRecord(lookupTable)]),
    ...(destinations.length === 0 ? [] : [createTransferCall(destinations)]),
    createEndCall(),
  ];
}
