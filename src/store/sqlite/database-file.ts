import { closeSync, openSync, readSync, statSync } from 'node:fs';

/** What every database of SQLite begins with: https://www.sqlite.org/fileformat.html#the_database_header. */
const header = Buffer.from('SQLite format 3\0', 'latin1');

/**
 * Whether a file holds something that was never a database, such as somebody's notes. One that is empty, or begins with the zeros that a
 * crash of the machine leaves, may have been one. Not for a process that has the database open: to close the file here would drop SQLite's locks.
 */
export function isOtherFile(path: string): boolean {
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true) return false;
  const start = beginningOf(path);
  return start.some((byte) => byte !== 0) && !start.equals(header.subarray(0, start.length));
}

/** Nothing of a file that this user may not read, of which others tell. */
function beginningOf(path: string): Buffer {
  const start = Buffer.alloc(header.length);
  try {
    const file = openSync(path, 'r');
    try {
      return start.subarray(0, readSync(file, start));
    } finally {
      closeSync(file);
    }
  } catch {
    return start.subarray(0, 0);
  }
}
