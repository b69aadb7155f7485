import type { Kysely, Selectable } from 'kysely';
import { keepHistory, keptKinds, untold } from './history/keep-history.ts';
import { type JournaledCall, readEntry } from './journal-entry.ts';
import type { JournalItem, UnfinishedCall } from './journal-job.ts';
import { type JournalStore, lostReason, repeatMsMax } from './journal-store.ts';
import { readCall } from './read-call.ts';
import type { JournalTables } from './schema.ts';

// Queries that every SQL database understands. What only one of them needs stands in a folder of its own.

/** Far more calls than a process can have had at once. */
const unfinishedMax = 10_000;

/** Calls deleted in one transaction: a batch of entries must not wait for more. */
const prunedAtOnce = 200;

/** Calls told anew in one transaction, each of which has up to some thousand entries. */
const toldAtOnce = 10;

/** Rows in one statement. A statement's text grows with them, and texts are kept. */
const insertedAtOnce = 20;

/** Open tables, or a transaction on them. */
type Tables = Kysely<JournalTables>;

type EntryRow = Selectable<JournalTables['entries']>;

/** What an entry is made of. Whoever has the call adds the fence. */
type NewEntry = Pick<JournalItem, 'callSid' | 'n' | 'atMs' | 'kind' | 'json'>;

/** Items of one hold that follow each other. Only the last may be the end of its call. */
type Run = [JournalItem, ...JournalItem[]];

/** Who has a call, or wants it. */
interface Owner {
  readonly callSid: string;
  readonly process: string;
  readonly hold: number;
  readonly heldSinceMs: number;
  readonly atMs: number;
}

/** The journal in an SQL database, which must give integers as numbers. Statements that wait for a row must see it as it is then. */
export class SqlStore implements JournalStore {
  readonly #db: Tables;
  readonly #process: string;
  readonly #keepsWords: boolean;

  /**
   * `process` tells the process that uses the store from all others. `keepsWords`: whether what was said is kept when a call is over.
   */
  constructor(db: Tables, process: string, keepsWords: boolean) {
    this.#db = db;
    this.#process = process;
    this.#keepsWords = keepsWords;
  }

  async write(items: readonly JournalItem[]): Promise<readonly number[]> {
    if (items.length === 0) return [];
    return this.#db.transaction().execute(async (db) => {
      const refused = new Set<number>();
      const rows: EntryRow[] = [];
      const told = new Set<string>();
      for (const run of runsOf(items)) {
        const [first] = run;
        const owner = { ...first, process: this.#process, atMs: Math.max(...run.map(({ atMs }) => atMs)) };
        const fence = refused.has(first.hold) ? null : ((await touch(db, owner)) ?? (await claim(db, owner)));
        if (fence === null) {
          refused.add(first.hold);
          continue;
        }
        rows.push(...run.map((item) => rowOf(item, fence)));
        if (run.some(({ kind }) => keptKinds.has(kind))) told.add(first.callSid);
        const last = run.find(({ kind }) => kind === 'ended');
        if (last !== undefined) await end(db, last);
      }
      await insertEntries(db, rows);
      for (const callSid of told) await keepHistory(db, callSid, this.#keepsWords);
      return [...refused];
    });
  }

  read(callSid: string): Promise<JournaledCall | null> {
    return readCall(this.#db, callSid);
  }

  async takeOver(callSid: string, hold: number, atMs: number): Promise<JournaledCall | null> {
    return this.#db.transaction().execute(async (db) => {
      const fence = await raiseFence(db, { callSid, process: this.#process, hold, heldSinceMs: atMs, atMs });
      const entry = { callSid, n: 0, atMs, kind: 'takenOver', json: '{}' } as const;
      if (fence !== null) await insertEntries(db, [rowOf(entry, fence)]);
      return readCall(db, callSid);
    });
  }

  async unfinished(): Promise<readonly UnfinishedCall[]> {
    const rows = await this.#db
      .selectFrom('calls')
      .select('call_sid')
      .where('ended_at_ms', 'is', null)
      .orderBy('last_at_ms')
      .limit(unfinishedMax)
      .execute();
    return rows.map((row) => ({ callSid: row.call_sid }));
  }

  async closeUnfinished(beforeMs: number, atMs: number, reason: string): Promise<number> {
    return this.#db.transaction().execute(async (db) => {
      const closed = await db
        .updateTable('calls')
        .set({ ended_reason: reason, ended_at_ms: atMs })
        .where('ended_at_ms', 'is', null)
        .where('last_at_ms', '<', beforeMs)
        .where('process', '<>', this.#process)
        .returning('call_sid')
        .execute();
      for (const row of closed) await keepHistory(db, row.call_sid, this.#keepsWords);
      return closed.length;
    });
  }

  async tell(): Promise<number> {
    return this.#db.transaction().execute(async (db) => {
      const callSids = await untold(db, toldAtOnce);
      for (const callSid of callSids) await keepHistory(db, callSid, this.#keepsWords);
      return callSids.length;
    });
  }

  async prune(beforeMs: number): Promise<number> {
    return this.#db.transaction().execute(async (db) => {
      // The calls go first, so that nobody can take one up again while its entries are deleted.
      const pruned = await db
        .deleteFrom('calls')
        .where('call_sid', 'in', (queries) =>
          queries.selectFrom('calls').select('call_sid').where('ended_at_ms', '<', beforeMs).limit(prunedAtOnce),
        )
        // Asked again of each row: one that was waited for may have been taken up.
        .where('ended_at_ms', '<', beforeMs)
        .returning('call_sid')
        .execute();
      const callSids = pruned.map((row) => row.call_sid);
      if (callSids.length > 0) {
        await db.deleteFrom('entries').where('call_sid', 'in', callSids).execute();
        await db.deleteFrom('history').where('call_sid', 'in', callSids).execute();
      }
      return callSids.length;
    });
  }
}

/**
 * A sign of life of whoever has the call, which also revokes a presumed end. Returns its fence, or null when somebody else has the call.
 */
async function touch(db: Tables, { callSid, process, hold, atMs }: Owner): Promise<number | null> {
  const row = await db
    .updateTable('calls')
    .set((update) => ({
      // As a plain number it would be part of the query's text, and each query would be a new statement.
      last_at_ms: update
        .case()
        .when('last_at_ms', '<', atMs)
        .then(update.val(atMs))
        .else(update.ref('last_at_ms'))
        .end(),
      ended_at_ms: update.case().when('ended_reason', '=', lostReason).then(null).else(update.ref('ended_at_ms')).end(),
      ended_reason: update
        .case()
        .when('ended_reason', '=', lostReason)
        .then(null)
        .else(update.ref('ended_reason'))
        .end(),
    }))
    .where('call_sid', '=', callSid)
    .where('process', '=', process)
    .where('hold', '=', hold)
    .returning('fence')
    .executeTakeFirst();
  return row?.fence ?? null;
}

/**
 * Begins the record of a call, or takes the call from an earlier owner: Twilio asks the process that is to go on. The time of acceptance
 * decides and not the order of arrival, because an older process may have waited for its disk. In a file that was begun in mid-call, any
 * entry begins the record. A call that began long ago is not accepted anew, because Twilio does not ask so late. Returns the fence, or null
 * when somebody else keeps the call.
 */
async function claim(db: Tables, owner: Owner & { readonly startedAtMs: number }): Promise<number | null> {
  const { callSid, process, hold, startedAtMs, heldSinceMs, atMs } = owner;
  const row = await db
    .insertInto('calls')
    .values({
      call_sid: callSid,
      started_at_ms: startedAtMs,
      last_at_ms: atMs,
      fence: 1,
      process,
      hold,
      held_since_ms: heldSinceMs,
      ended_reason: null,
      ended_at_ms: null,
    })
    .onConflict((conflict) =>
      conflict
        .column('call_sid')
        .doUpdateSet((update) => ({
          fence: update('calls.fence', '+', 1),
          process,
          hold,
          held_since_ms: heldSinceMs,
          last_at_ms: atMs,
          ended_reason: null,
          ended_at_ms: null,
        }))
        .where((old) =>
          old('calls.started_at_ms', '>=', startedAtMs - repeatMsMax).and(
            old.or([
              old('calls.held_since_ms', '<', heldSinceMs),
              old.and([
                old('calls.held_since_ms', '=', heldSinceMs),
                old('calls.process', '=', process),
                old('calls.hold', '<', hold),
              ]),
            ]),
          ),
        ),
    )
    .returning('fence')
    .executeTakeFirst();
  return row?.fence ?? null;
}

/** Gives the call to a new owner, unless it has ended for certain. Returns the new fence, else null. */
async function raiseFence(db: Tables, { callSid, process, hold, heldSinceMs, atMs }: Owner): Promise<number | null> {
  const row = await db
    .updateTable('calls')
    .set((update) => ({
      fence: update('fence', '+', 1),
      process,
      hold,
      held_since_ms: heldSinceMs,
      last_at_ms: atMs,
      ended_reason: null,
      ended_at_ms: null,
    }))
    .where('call_sid', '=', callSid)
    .where((old) => old.or([old('ended_reason', 'is', null), old('ended_reason', '=', lostReason)]))
    .returning('fence')
    .executeTakeFirst();
  return row?.fence ?? null;
}

async function end(db: Tables, { callSid, atMs, kind, json }: JournalItem): Promise<void> {
  const entry = readEntry(kind, json);
  const reason = entry?.kind === 'ended' ? entry.reason : '';
  await db
    .updateTable('calls')
    .set({ ended_reason: reason, ended_at_ms: atMs })
    .where('call_sid', '=', callSid)
    .execute();
}

async function insertEntries(db: Tables, rows: readonly EntryRow[]): Promise<void> {
  for (let from = 0; from < rows.length; from += insertedAtOnce) {
    await db
      .insertInto('entries')
      .values(rows.slice(from, from + insertedAtOnce))
      // An item comes twice when it was written and the answer was lost.
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }
}

/** Cuts a batch where another hold begins, and after the end of a call: the items between need one look at who has the call. */
function runsOf(items: readonly JournalItem[]): Run[] {
  const runs: Run[] = [];
  for (const item of items) {
    const run = runs.at(-1);
    const last = run?.at(-1);
    const goesOn = last?.callSid === item.callSid && last.hold === item.hold && last.kind !== 'ended';
    if (run !== undefined && goesOn) run.push(item);
    else runs.push([item]);
  }
  return runs;
}

function rowOf({ callSid, n, atMs, kind, json }: NewEntry, fence: number): EntryRow {
  return { call_sid: callSid, fence, n, at_ms: atMs, kind, json };
}
