import { DatabaseSync } from 'node:sqlite';
import { ParleyError } from '../../errors.ts';
import { fileFault, refuseDamaged, refuseOthers } from './journal-file.ts';

/** How long a program that holds the file is waited for. */
const busyMsMax = 1_000;

/**
 * Looks whether a service can keep its journal in a file that is there, by the checks of its start, and changes nothing. Throws a
 * `ParleyError` with what the service would find.
 */
export function examineJournalFile(file: string): void {
  try {
    const db = new DatabaseSync(file, { readOnly: true, timeout: busyMsMax });
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
