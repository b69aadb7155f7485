import { existsSync, realpathSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { ParleyError } from '../../errors.ts';
import { fileFault, refuseDamaged, refuseOthers } from './journal-file.ts';

/** How long a program that holds the file is waited for. */
const busyMsMax = 1_000;

/**
 * Looks whether a service can keep its journal in a file that is there, by the checks of its start, and leaves the file as it is.
 * Throws a `ParleyError` with what the service would find.
 */
export function examineJournalFile(file: string): void {
  try {
    const db = new DatabaseSync(placeOf(file), { readOnly: true, timeout: busyMsMax });
    try {
      refuseOthers(db);
      refuseDamaged(db);
    } finally {
      db.close();
    }
  } catch (error) {
    throw new ParleyError(fileFault(error), error instanceof Error ? error.message : String(error));
  }
}

/**
 * A file of ours without a log beside it is open nowhere. SQLite reads it as one that nobody changes, because it would leave a log behind. With
 * a log, the file for the log's index may be made.
 */
function placeOf(file: string): URL {
  // The log of a file that a link leads to is beside that file.
  const path = realpathSync(file);
  const place = pathToFileURL(path);
  if (!existsSync(`${path}-wal`)) place.searchParams.set('immutable', '1');
  return place;
}
