import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';

/** Whatever else is asked for is the name of no call. */
const callSidPattern = /^[A-Za-z0-9]{1,64}$/;

/**
 * The paths of a call's logs in a folder, the oldest first: there is one for each process that had the call. Empty when there is none, and when
 * the folder cannot be read.
 */
export async function findLogs(folder: string, callSid: string): Promise<string[]> {
  if (!callSidPattern.test(callSid)) return [];
  const names = await readdir(folder).catch(() => []);
  // The time in UTC stands before the name of the call.
  const own = names.filter((name) => name.endsWith(`-${callSid}.jsonl`));
  return own.toSorted().map((name) => join(folder, name));
}

/** The name of a log, as the journal keeps it. */
export function logNameOf(path: string): string {
  return basename(path, '.jsonl');
}
