// Errors of databases of SQLite, of whatever they hold: the journal, or what waits for another database.

import { systemCodeOf } from '../errors.ts';

/** FULL: the disk is, or the file is as large as it may be. */
const fullCode = 13;

/** The same before SQLite is there, when a file or folder is made. */
const fullSystemCodes: ReadonlySet<string | null> = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

/** SQLite's primary result code, or null when the error is not SQLite's: https://www.sqlite.org/rescode.html. */
export function sqliteCode(error: unknown): number | null {
  if (!(error instanceof Error && 'errcode' in error && typeof error.errcode === 'number')) return null;
  return error.errcode & 0xff;
}

/** Whether there is no room for what was to be written. */
export function isFullDisk(error: unknown): boolean {
  return sqliteCode(error) === fullCode || fullSystemCodes.has(systemCodeOf(error));
}
