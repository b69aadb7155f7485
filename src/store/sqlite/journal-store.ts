import type { DatabaseSync, SQLOutputValue, StatementSync } from 'node:sqlite';
import { type JournaledCall, type JournaledEntry, readEntry } from '../journal-entry.ts';
import { type JournalItem, lostReason, type UnfinishedCall } from '../journal-job.ts';

/** Restoring needs the last state and some minutes of talk; a call of hours has some thousand entries. */
const entriesReadMax = 5_000;

/** Far more calls than a process can have had at once. */
const unfinishedMax = 10_000;

/** Calls deleted in one transaction: a batch of entries must not wait for more. */
const prunedAtOnce = 200;

/** Raised whenever an older Parley would misunderstand the file. */
export const schemaVersion = 1;

export const schema = `
  CREATE TABLE calls (
    call_sid TEXT PRIMARY KEY,
    started_at_ms INTEGER NOT NULL,
    last_at_ms INTEGER NOT NULL,
    fence INTEGER NOT NULL,
    process TEXT NOT NULL,
    hold INTEGER NOT NULL,
    held_since_ms INTEGER NOT NULL,
    ended_reason TEXT,
    ended_at_ms INTEGER
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE entries (
    call_sid TEXT NOT NULL,
    fence INTEGER NOT NULL,
    n INTEGER NOT NULL,
    at_ms INTEGER NOT NULL,
    kind TEXT NOT NULL,
    json TEXT NOT NULL,
    PRIMARY KEY (call_sid, fence, n)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX calls_unfinished ON calls (last_at_ms) WHERE ended_at_ms IS NULL;
  CREATE INDEX calls_ended ON calls (ended_at_ms) WHERE ended_at_ms IS NOT NULL;
`;

/** A sign of life of whoever has the call; gives its fence, or nothing when that is another. */
const touchSql = `
  UPDATE calls SET
    last_at_ms = max(last_at_ms, :atMs),
    ended_at_ms = iif(ended_reason = '${lostReason}', NULL, ended_at_ms),
    ended_reason = nullif(ended_reason, '${lostReason}')
  WHERE call_sid = :callSid AND process = :process AND hold = :hold
  RETURNING fence`;

/**
 * Begins the record of a call, or takes it from whoever had it for longer: Twilio asks the process that shall go on. The time decides
 * and not the order of arrival, because an older process may have waited for its disk. A file that was begun in mid-call learns of the
 * call by any entry.
 */
const claimSql = `
  INSERT INTO calls (call_sid, started_at_ms, last_at_ms, fence, process, hold, held_since_ms)
  VALUES (:callSid, :startedAtMs, :atMs, 1, :process, :hold, :heldSinceMs)
  ON CONFLICT (call_sid) DO UPDATE SET
    fence = fence + 1, process = excluded.process, hold = excluded.hold, held_since_ms = excluded.held_since_ms,
    last_at_ms = excluded.last_at_ms, ended_reason = NULL, ended_at_ms = NULL
  WHERE excluded.held_since_ms > held_since_ms
    OR (excluded.held_since_ms = held_since_ms AND excluded.process = process AND excluded.hold > hold)
  RETURNING fence`;

const takeOverSql = `
  UPDATE calls SET
    fence = fence + 1, process = :process, hold = :hold, held_since_ms = :atMs, last_at_ms = :atMs,
    ended_reason = NULL, ended_at_ms = NULL
  WHERE call_sid = :callSid AND (ended_reason IS NULL OR ended_reason = '${lostReason}')
  RETURNING fence`;

const closeUnfinishedSql = `
  UPDATE calls SET ended_reason = :reason, ended_at_ms = :atMs
  WHERE ended_at_ms IS NULL AND last_at_ms < :beforeMs AND process <> :process`;

const readEntriesSql = `
  SELECT * FROM (
    SELECT fence, n, at_ms, kind, json FROM entries WHERE call_sid = ? ORDER BY fence DESC, n DESC LIMIT ${entriesReadMax}
  ) ORDER BY fence, n`;

const pruneSql = `
  SELECT call_sid FROM calls WHERE ended_at_ms IS NOT NULL AND ended_at_ms < ? LIMIT ${prunedAtOnce}`;

/** The tables of the journal in an open file. What a method writes, it writes whole or not at all. Every method may throw SQLite's errors. */
export class JournalStore {
  readonly #db: DatabaseSync;
  readonly #process: string;
  readonly #statements = new Map<string, StatementSync>();

  constructor(db: DatabaseSync, process: string) {
    this.#db = db;
    this.#process = process;
  }

  /** Returns the holds that were refused because another one has the call. */
  write(items: readonly JournalItem[]): readonly number[] {
    if (items.length === 0) return [];
    return this.#inTransaction(() => {
      const refused = new Set<number>();
      for (const item of items) {
        const fence = refused.has(item.hold) ? null : this.#claim(item);
        if (fence === null) refused.add(item.hold);
        else this.#writeItem(item, fence);
      }
      return [...refused];
    });
  }

  read(callSid: string): JournaledCall | null {
    const row = this.#prepare('SELECT * FROM calls WHERE call_sid = ?').get(callSid);
    if (row === undefined) return null;
    const { ended_reason: reason, ended_at_ms: endedAtMs } = row;
    const entries = this.#prepare(readEntriesSql).all(callSid);
    return {
      callSid,
      startedAtMs: Number(row['started_at_ms']),
      fence: Number(row['fence']),
      ended: typeof reason === 'string' ? { reason, atMs: Number(endedAtMs) } : null,
      entries: entries.map(entryOf).filter((entry) => entry !== null),
    };
  }

  /** Raises the fence, unless the call has ended. Returns the call as it is then; null when it is unknown. */
  takeOver(callSid: string, hold: number, atMs: number): JournaledCall | null {
    return this.#inTransaction(() => {
      const row = this.#prepare(takeOverSql).get({ callSid, hold, atMs, process: this.#process });
      if (row !== undefined) this.#insertEntry(callSid, Number(row['fence']), 0, atMs, 'takenOver', '{}');
      return this.read(callSid);
    });
  }

  unfinished(): readonly UnfinishedCall[] {
    const rows = this.#prepare(
      `SELECT call_sid FROM calls WHERE ended_at_ms IS NULL ORDER BY last_at_ms LIMIT ${unfinishedMax}`,
    ).all();
    return rows.map((row) => ({ callSid: String(row['call_sid']) }));
  }

  /** Ends the calls of other processes that gave no sign of life since `beforeMs`. */
  closeUnfinished(beforeMs: number, atMs: number, reason: string): number {
    const { changes } = this.#prepare(closeUnfinishedSql).run({ beforeMs, atMs, reason, process: this.#process });
    return Number(changes);
  }

  /** Deletes some calls that ended before `beforeMs`. Returns how many; zero when none is left. */
  prune(beforeMs: number): number {
    return this.#inTransaction(() => {
      const rows = this.#prepare(pruneSql).all(beforeMs);
      for (const { call_sid: callSid } of rows) {
        this.#prepare('DELETE FROM entries WHERE call_sid = ?').run(String(callSid));
        this.#prepare('DELETE FROM calls WHERE call_sid = ?').run(String(callSid));
      }
      return rows.length;
    });
  }

  /** The fence of the call if this hold has it, else null. */
  #claim({ callSid, hold, atMs, startedAtMs, heldSinceMs }: JournalItem): number | null {
    const owner = { callSid, process: this.#process, hold, atMs };
    const row =
      this.#prepare(touchSql).get(owner) ?? this.#prepare(claimSql).get({ ...owner, startedAtMs, heldSinceMs });
    return row === undefined ? null : Number(row['fence']);
  }

  #writeItem({ callSid, n, atMs, kind, json }: JournalItem, fence: number): void {
    this.#insertEntry(callSid, fence, n, atMs, kind, json);
    if (kind !== 'ended') return;
    const entry = readEntry(kind, json);
    const reason = entry?.kind === 'ended' ? entry.reason : '';
    this.#prepare('UPDATE calls SET ended_reason = ?, ended_at_ms = ? WHERE call_sid = ?').run(reason, atMs, callSid);
  }

  #insertEntry(callSid: string, fence: number, n: number, atMs: number, kind: string, json: string): void {
    // An item comes twice when it was written and the answer was lost.
    this.#prepare('INSERT OR IGNORE INTO entries VALUES (?, ?, ?, ?, ?, ?)').run(callSid, fence, n, atMs, kind, json);
  }

  #inTransaction<Result>(work: () => Result): Result {
    this.#db.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      this.#db.exec('COMMIT');
      return result;
    } catch (error) {
      // SQLite has rolled back by itself after some errors.
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
      throw error;
    }
  }

  #prepare(sql: string): StatementSync {
    const statement = this.#statements.get(sql) ?? this.#db.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }
}

function entryOf(row: Record<string, SQLOutputValue>): JournaledEntry | null {
  const entry = readEntry(String(row['kind']), String(row['json']));
  if (entry === null) return null;
  return { ...entry, fence: Number(row['fence']), n: Number(row['n']), atMs: Number(row['at_ms']) };
}
