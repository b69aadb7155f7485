import { chmodSync, closeSync, existsSync, openSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type ErrorCode, ParleyError } from '../../errors.ts';
import type { JournalFileSettings, JournalRenewal } from '../journal-job.ts';
import type { JournalStore } from '../journal-store.ts';
import { makeFolder } from '../../system/files/make-folder.ts';
import { SqlStore } from '../sql-store.ts';
import { applicationId } from './database-file.ts';
import { migrate, refuseNewer } from './migrate.ts';
import { isFullDisk, sqliteCode } from '../sqlite-fault.ts';
import { SqliteTables } from './sqlite-tables.ts';

/** Only we may read who called and what was said. */
const fileMode = 0o600;
const folderMode = 0o700;

/** SQLite keeps what is not yet in the file beside it; a copy without these lacks the last calls. */
const parts = ['-wal', '-shm', ''];

/** SQLite's own version number. Migrations keep the version of the tables; this number is raised only if they are given up. */
const userVersion = 1;

/** How long one job waits while another process has the file locked. The caller tries again later. */
const busyMsMax = 250;

/** The log beside the file is cut back to this after a large transaction. */
const walBytesMax = 4 * 1024 * 1024;

/** SQLite's own look at the file has found something. */
class Damaged extends Error {}

/**
 * The journal's file: opened when it is needed, brought up to date if an older version made it, moved aside when it is damaged, and never
 * deleted. A file of a newer version, or one that another program has locked, is left as it is. A file that was moved or deleted under us is
 * noticed, because SQLite would go on writing where nobody looks.
 */
export class JournalFile {
  readonly #settings: JournalFileSettings;
  #open: { readonly db: DatabaseSync; readonly store: JournalStore; readonly inode: bigint } | null = null;
  #renewal: JournalRenewal | null = null;

  constructor(settings: JournalFileSettings) {
    this.#settings = settings;
  }

  /**
   * Does some work with the tables. If the file turns out to be damaged, it is moved aside and the work is done in a new one. May throw.
   * The next work must not begin before this one has ended.
   */
  async use<Result>(work: (store: JournalStore) => Promise<Result>): Promise<Result> {
    if (this.#open !== null && inodeOf(this.#settings.file) !== this.#open.inode) {
      this.close();
      this.#renewal = { cause: 'journal.gone', movedTo: null };
    }
    try {
      return await work(this.#opened());
    } catch (error) {
      if (!isDamage(error)) throw error;
      this.#moveAside();
      return work(this.#opened());
    }
  }

  /** Says once that a new file was begun. */
  takeRenewal(): JournalRenewal | null {
    const renewal = this.#renewal;
    this.#renewal = null;
    return renewal;
  }

  close(): void {
    const open = this.#open;
    this.#open = null;
    try {
      open?.db.close();
    } catch {
      // The file is damaged or gone. What was committed is where it was.
    }
  }

  #opened(): JournalStore {
    if (this.#open !== null) return this.#open.store;
    const { file, process, keepsWords, fileBytesMax } = this.#settings;
    makeFolder(dirname(file), folderMode);
    // SQLite gives the files beside it the mode of this one. An existing file must not be opened here: closing it again would drop
    // the locks that SQLite has on it elsewhere in this process.
    const found = statSync(file, { throwIfNoEntry: false });
    if (found === undefined) closeSync(openSync(file, 'ax', fileMode));
    else if (!found.isFile()) throw new ParleyError('journal.unusable', `${file} is not a file.`);
    for (const part of parts) if (existsSync(file + part)) chmodSync(file + part, fileMode);
    const inode = inodeOf(file);
    const db = new DatabaseSync(file, { timeout: busyMsMax });
    try {
      prepareDatabase(db, fileBytesMax);
    } catch (error) {
      db.close();
      throw error;
    }
    const store = new SqlStore(new SqliteTables(db), process, keepsWords);
    this.#open = { db, store, inode };
    return store;
  }

  #moveAside(): void {
    this.close();
    const { file } = this.#settings;
    const stamp = new Date().toISOString().replaceAll(/[-:]|\.\d+/g, '');
    const names = (function* () {
      for (let n = 1; ; n += 1) yield `${file}.aside-${stamp}${n === 1 ? '' : `-${n}`}`;
    })();
    let movedTo = names.next().value;
    while (existsSync(movedTo)) movedTo = names.next().value;
    // The file itself comes last: should we be killed in between, SQLite does not find a new file beside an old log, which it would delete.
    for (const part of parts) if (existsSync(file + part)) renameSync(file + part, movedTo + part);
    this.#renewal = { cause: 'journal.corrupt', movedTo };
  }
}

/** Names an error of the file, of whatever origin. */
export function fileFault(error: unknown): ErrorCode {
  if (isDamage(error)) return 'journal.corrupt';
  if (error instanceof ParleyError) return error.code;
  // BUSY and LOCKED.
  const result = sqliteCode(error);
  if (result === 5 || result === 6) return 'journal.locked';
  return isFullDisk(error) ? 'journal.full' : 'journal.unusable';
}

function isDamage(error: unknown): boolean {
  // CORRUPT and NOTADB.
  const result = sqliteCode(error);
  return error instanceof Damaged || result === 11 || result === 26;
}

function prepareDatabase(db: DatabaseSync, fileBytesMax: number): void {
  // First of all, and before anything is written.
  refuseOthers(db);
  // Readers and the writer do not wait for each other, and a commit is one write and one flush. FULL: what is committed survives a
  // loss of power as well as a kill. Deleted text is overwritten.
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON');
  db.exec(`PRAGMA journal_size_limit = ${walBytesMax}`);
  refuseDamaged(db);
  db.exec(`PRAGMA max_page_count = ${Math.floor(fileBytesMax / pragma(db, 'page_size'))}`);
  // Before the tables are there: a process that is killed in between leaves a file that is still empty.
  if (isEmpty(db)) db.exec(`PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${userVersion}`);
  // Also shows, at every start, whether the file can be written.
  migrate(db);
}

/** Throws `journal.unusable` for a database of another program, and `journal.otherVersion` for one of a newer Parley. Writes nothing. */
export function refuseOthers(db: DatabaseSync): void {
  if (!isEmpty(db) && pragma(db, 'application_id') !== applicationId)
    throw new ParleyError('journal.unusable', 'It is a database of another program.');
  const version = pragma(db, 'user_version');
  if (version > userVersion)
    throw new ParleyError(
      'journal.otherVersion',
      `A newer version of Parley wrote it, and gave it version ${version}.`,
    );
  refuseNewer(db);
}

/** Throws what `fileFault` calls `journal.corrupt` where SQLite finds damage. Reads the whole file, and writes nothing. */
export function refuseDamaged(db: DatabaseSync): void {
  const [found] = Object.values(db.prepare('PRAGMA quick_check(1)').get() ?? {});
  if (found !== 'ok') throw new Damaged(String(found));
}

function isEmpty(db: DatabaseSync): boolean {
  return pragma(db, 'schema_version') === 0;
}

/** The value of a pragma that is a number. */
export function pragma(db: DatabaseSync, name: string): number {
  return Number(Object.values(db.prepare(`PRAGMA ${name}`).get() ?? {})[0]);
}

/** Tells a file from another at the same place; -1 when there is none. */
export function inodeOf(file: string): bigint {
  return statSync(file, { bigint: true, throwIfNoEntry: false })?.ino ?? -1n;
}
