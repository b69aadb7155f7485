import { chmodSync, closeSync, existsSync, openSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { readEntry } from '../journal-entry.ts';
import type { JournalItem } from '../journal-job.ts';
import { makeFolder } from '../../system/files/make-folder.ts';
import { numberIn, type StoreRow, textIn } from '../store-database.ts';

/** Hours of a hundred calls that talk. Others need the disk as well. */
const fileBytesMax = 256 * 1024 * 1024;

/** What is given back at once: a transaction that other jobs do not wait long for. */
const batch = { items: 2_000, chars: 2 * 1024 * 1024 };

/** Only we may read what was said. */
const fileMode = 0o600;
const folderMode = 0o700;

/** Entries on the disk, the oldest first, and the number up to which they go. */
export interface OutboxBatch {
  readonly items: readonly JournalItem[];
  readonly upTo: number;
}

/**
 * Entries of one process that wait for the database, in a file that this process alone has open: whoever finds it open lets it be, and
 * whoever can open it knows that its process is gone. All methods may throw an error of SQLite.
 */
export class OutboxFile {
  readonly #file: string;
  readonly #db: DatabaseSync;
  #count: number;

  /** Opens the file, or makes it. Throws when another process has it. */
  constructor(file: string) {
    this.#file = file;
    makeFolder(dirname(file), folderMode);
    // One that is there must not be opened here: closing it again would drop the lock that another thread of this process has on it.
    if (existsSync(file)) chmodSync(file, fileMode);
    else closeSync(openSync(file, 'ax', fileMode));
    this.#db = new DatabaseSync(file, { timeout: 0 });
    try {
      this.#db.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA synchronous = FULL');
      this.#db.exec(`
        BEGIN EXCLUSIVE;
        CREATE TABLE IF NOT EXISTS waiting (
          number INTEGER PRIMARY KEY, call_sid TEXT NOT NULL, hold INTEGER NOT NULL, held_since_ms INTEGER NOT NULL,
          started_at_ms INTEGER NOT NULL, n INTEGER NOT NULL, at_ms INTEGER NOT NULL, kind TEXT NOT NULL, json TEXT NOT NULL
        ) STRICT;
        COMMIT`);
      this.#db.exec(`PRAGMA max_page_count = ${fileBytesMax / 4096}`);
      this.#count = numberIn(this.#db.prepare('SELECT count(*) AS count FROM waiting').get() ?? {}, 'count');
    } catch (error) {
      this.#db.close();
      throw error;
    }
  }

  get count(): number {
    return this.#count;
  }

  /** Keeps all of them or none. */
  put(items: readonly JournalItem[]): void {
    const insert = this.#db.prepare('INSERT INTO waiting VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?)');
    this.#db.exec('BEGIN');
    try {
      for (const { callSid, hold, heldSinceMs, startedAtMs, n, atMs, kind, json } of items)
        insert.run(callSid, hold, heldSinceMs, startedAtMs, n, atMs, kind, json);
      this.#db.exec('COMMIT');
    } catch (error) {
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
      throw error;
    }
    this.#count += items.length;
  }

  /** The oldest of them, which stay where they are. Null when there are none. */
  oldest(): OutboxBatch | null {
    const items: JournalItem[] = [];
    let [upTo, chars] = [0, 0];
    const rows = this.#db.prepare(`SELECT * FROM waiting ORDER BY number LIMIT ${batch.items}`).iterate();
    for (const row of rows) {
      chars += textIn(row, 'json').length;
      if (upTo > 0 && chars > batch.chars) break;
      upTo = numberIn(row, 'number');
      const item = itemOf(row);
      if (item !== null) items.push(item);
    }
    return upTo === 0 ? null : { items, upTo };
  }

  /** Forgets what the database has, and the file with the last of them. */
  forget(upTo: number): void {
    this.#db.prepare('DELETE FROM waiting WHERE number <= ?').run(upTo);
    this.#count = numberIn(this.#db.prepare('SELECT count(*) AS count FROM waiting').get() ?? {}, 'count');
    if (this.#count > 0) return;
    this.#db.close();
    rmSync(this.#file);
  }

  /** Lets another process have it. */
  close(): void {
    if (this.#db.isOpen) this.#db.close();
  }
}

/** An entry of a kind that this version does not know is left out. */
function itemOf(row: StoreRow): JournalItem | null {
  const json = textIn(row, 'json');
  const entry = readEntry(textIn(row, 'kind'), json);
  if (entry === null) return null;
  return {
    callSid: textIn(row, 'call_sid'),
    hold: numberIn(row, 'hold'),
    heldSinceMs: numberIn(row, 'held_since_ms'),
    startedAtMs: numberIn(row, 'started_at_ms'),
    n: numberIn(row, 'n'),
    atMs: numberIn(row, 'at_ms'),
    kind: entry.kind,
    json,
  };
}
