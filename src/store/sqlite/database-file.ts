import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs';

/** Tells a journal from other files of SQLite: "Prly". */
export const applicationId = 0x50726c79;

/** What every database of SQLite begins with: https://www.sqlite.org/fileformat.html#the_database_header. */
const header = Buffer.from('SQLite format 3\0', 'latin1');

/** Where the header holds the application id, in 4 bytes. */
const applicationIdAt = 68;

const headBytes = applicationIdAt + 4;

/**
 * Whether a file holds something that was never a database, such as somebody's notes. A damaged journal is known by what is left of its
 * header, or by SQLite's log beside it. One that is empty, or begins with the zeros that a crash of the machine leaves, may have been one.
 * Not for a process that has the database open: to close the file here would drop SQLite's locks.
 */
export function isOtherFile(path: string): boolean {
  const head = headOf(path);
  const start = head.subarray(0, header.length);
  if (start.every((byte) => byte === 0) || start.equals(header.subarray(0, start.length))) return false;
  return !hasOurId(head) && !existsSync(`${path}-wal`);
}

function hasOurId(head: Buffer): boolean {
  return head.length === headBytes && head.readUInt32BE(applicationIdAt) === applicationId;
}

/** Nothing of what is no file, or cannot be read: whoever opens the journal tells of that. */
function headOf(path: string): Buffer {
  const head = Buffer.alloc(headBytes);
  try {
    if (!statSync(path).isFile()) return Buffer.alloc(0);
    const file = openSync(path, 'r');
    try {
      return head.subarray(0, readSync(file, head));
    } finally {
      closeSync(file);
    }
  } catch {
    return Buffer.alloc(0);
  }
}
