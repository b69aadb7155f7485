import { keepHistory, keptKinds, untold } from './history/keep-history.ts';
import { ParleyError } from '../errors.ts';
import { hasStreamed, type JournaledCall, readEntry } from './journal-entry.ts';
import type { JournalItem, UnfinishedCall } from './journal-job.ts';
import { type JournalStore, lostReason, repeatMsMax } from './journal-store.ts';
import { readCall } from './read-call.ts';
import { numberIn, type StoreDatabase, type StoreRow, textIn } from './store-database.ts';

/** Far more calls than a process can have had at once. */
const unfinishedMax = 10_000;

/** Calls deleted in one transaction: a batch of entries must not wait for more. */
const prunedAtOnce = 200;

/** Calls told anew in one transaction, each of which has up to some thousand entries. */
const toldAtOnce = 10;

/** What an entry is made of. Whoever has the call adds the fence. */
type NewEntry = Pick<JournalItem, 'callSid' | 'n' | 'atMs' | 'kind' | 'json'>;

/** Items of one hold that follow each other. Only the last may be the end of its call. */
type Run = [JournalItem, ...JournalItem[]];

/** Who has a call, or wants it. */
interface Owner {
  readonly callSid: string;
  readonly hold: number;
  readonly heldSinceMs: number;
  readonly atMs: number;
}

/** The journal in an SQL database. Statements that wait for a row must see it as it is then. */
export class SqlStore implements JournalStore {
  readonly #db: StoreDatabase;
  readonly #process: string;
  readonly #keepsWords: boolean;

  /**
   * `process` tells the process that uses the store from all others. `keepsWords`: whether what was said is kept when a call is over.
   */
  constructor(db: StoreDatabase, process: string, keepsWords: boolean) {
    this.#db = db;
    this.#process = process;
    this.#keepsWords = keepsWords;
  }

  async write(items: readonly JournalItem[], onUnfit = (_error: unknown): void => {}): Promise<readonly number[]> {
    if (items.length === 0) return [];
    try {
      return await this.#writeTogether(items);
    } catch (error) {
      if (!this.#db.refusesValues(error)) throw error;
      if (items.length > 1) return this.#writeByHalves(items, onUnfit);
      onUnfit(error);
      return [];
    }
  }

  /** Finds the item that the database can never take: all others would wait for it for ever. */
  async #writeByHalves(items: readonly JournalItem[], onUnfit: (error: unknown) => void): Promise<readonly number[]> {
    const half = Math.ceil(items.length / 2);
    const refused = await this.write(items.slice(0, half), onUnfit);
    return [...new Set([...refused, ...(await this.write(items.slice(half), onUnfit))])];
  }

  async #writeTogether(items: readonly JournalItem[]): Promise<readonly number[]> {
    return this.#db.transaction(async () => {
      const refused = new Set<number>();
      const told = new Set<string>();
      // A database behind a wire is sent what concerns one call before it has answered about another.
      await together(runsByCall(items).map((runs) => this.#writeCall(runs, refused, told)));
      for (const callSid of told) await keepHistory(this.#db, callSid, this.#keepsWords);
      return [...refused];
    });
  }

  read(callSid: string): Promise<JournaledCall | null> {
    return readCall(this.#db, callSid);
  }

  async owner(callSid: string): Promise<string | null> {
    const [row] = await this.#db.run('readCall', { callSid });
    const reason = row?.['ended_reason'] ?? null;
    if (row === undefined || (reason !== null && reason !== lostReason)) return null;
    return textIn(row, 'process');
  }

  async takeOver(
    callSid: string,
    hold: number,
    atMs: number,
    stream: number | null = null,
  ): Promise<JournaledCall | null> {
    const taken = this.#db.transaction(async () => {
      const owner = { callSid, process: this.#process, hold, heldSinceMs: atMs, atMs };
      const fence = fenceOf(await this.#db.run('raiseFence', owner));
      // The row of the call is this transaction's from here on, so no other can take the same stream meanwhile.
      if (stream !== null) await this.#demandUnused(callSid, stream);
      const json = JSON.stringify(stream === null ? {} : { stream });
      if (fence !== null) await this.#insert({ callSid, n: 0, atMs, kind: 'takenOver', json }, fence);
      return readCall(this.#db, callSid);
    });
    return taken.catch((error: unknown) => {
      if (error instanceof ParleyError && error.code === 'stream.tokenInvalid') return null;
      throw error;
    });
  }

  async unfinished(): Promise<readonly UnfinishedCall[]> {
    const rows = await this.#db.run('unfinishedCalls', { limit: unfinishedMax });
    return rows.map((row) => ({ callSid: textIn(row, 'call_sid') }));
  }

  async closeUnfinished(beforeMs: number, atMs: number, reason: string): Promise<number> {
    return this.#db.transaction(async () => {
      const closed = await this.#db.run('closeUnfinished', { beforeMs, atMs, reason, process: this.#process });
      for (const row of closed) await keepHistory(this.#db, textIn(row, 'call_sid'), this.#keepsWords);
      return closed.length;
    });
  }

  async tell(): Promise<number> {
    return this.#db.transaction(async () => {
      const callSids = await untold(this.#db, toldAtOnce);
      for (const callSid of callSids) await keepHistory(this.#db, callSid, this.#keepsWords);
      return callSids.length;
    });
  }

  async prune(beforeMs: number): Promise<number> {
    return this.#db.transaction(async () => {
      // The calls go first, so that nobody can take one up again while its entries are deleted.
      const pruned = await this.#db.run('pruneCalls', { beforeMs, limit: prunedAtOnce });
      for (const row of pruned) {
        const callSid = textIn(row, 'call_sid');
        await this.#db.run('forgetEntries', { callSid });
        await this.#db.run('forgetHistory', { callSid });
      }
      return pruned.length;
    });
  }

  /** Writes all that there is of one call. Adds the holds that may not write, and the call if the history tells something else of it. */
  async #writeCall(runs: readonly Run[], refused: Set<number>, told: Set<string>): Promise<void> {
    for (const run of runs) {
      const [first] = run;
      const owner = { ...first, atMs: Math.max(...run.map(({ atMs }) => atMs)) };
      const fence = refused.has(first.hold) ? null : ((await this.#touch(owner)) ?? (await this.#claim(owner)));
      if (fence === null) {
        refused.add(first.hold);
        continue;
      }
      await together(run.map((item) => this.#insert(item, fence)));
      if (run.some(({ kind }) => keptKinds.has(kind))) told.add(first.callSid);
      const last = run.find(({ kind }) => kind === 'ended');
      if (last !== undefined) await this.#end(last);
    }
  }

  /** The fence of whoever has the call; null when somebody else has it. */
  async #touch({ callSid, hold, atMs }: Owner): Promise<number | null> {
    return fenceOf(await this.#db.run('touchCall', { callSid, process: this.#process, hold, atMs }));
  }

  /** The fence of whoever begins the record of a call or takes the call; null when somebody else keeps it. */
  async #claim({ callSid, hold, heldSinceMs, startedAtMs, atMs }: JournalItem): Promise<number | null> {
    const [process, earliestStartMs] = [this.#process, startedAtMs - repeatMsMax];
    const owner = { callSid, process, hold, heldSinceMs, startedAtMs, earliestStartMs, atMs };
    return fenceOf(await this.#db.run('claimCall', owner));
  }

  /** What was done until here is undone if the stream has come before. */
  async #demandUnused(callSid: string, stream: number): Promise<void> {
    const call = await readCall(this.#db, callSid);
    if (call !== null && hasStreamed(call.entries, stream))
      throw new ParleyError('stream.tokenInvalid', 'The stream has come before.');
  }

  async #end({ callSid, atMs, kind, json }: JournalItem): Promise<void> {
    const entry = readEntry(kind, json);
    const reason = entry?.kind === 'ended' ? entry.reason : '';
    await this.#db.run('endCall', { callSid, reason, atMs });
  }

  async #insert({ callSid, n, atMs, kind, json }: NewEntry, fence: number): Promise<void> {
    await this.#db.run('insertEntry', { callSid, fence, n, atMs, kind, json });
  }
}

function fenceOf([row]: readonly StoreRow[]): number | null {
  return row === undefined ? null : numberIn(row, 'fence');
}

/** Waits for all of it, also when some of it fails: nothing may go on when its transaction is over. */
async function together(works: readonly Promise<void>[]): Promise<void> {
  try {
    await Promise.all(works);
  } finally {
    await Promise.allSettled(works);
  }
}

/**
 * The runs of each call. The calls come in the order of their names, so that two processes which write about the same ones wait for each
 * other in the same order, and not in a circle.
 */
function runsByCall(items: readonly JournalItem[]): Run[][] {
  const byCall = new Map<string, JournalItem[]>();
  for (const item of items) {
    const ofCall = byCall.get(item.callSid);
    if (ofCall === undefined) byCall.set(item.callSid, [item]);
    else ofCall.push(item);
  }
  return [...byCall.keys()].toSorted().map((callSid) => runsOf(byCall.get(callSid) ?? []));
}

/** Cuts the items of a call where another hold begins, and after the end of the call: those between need one look at who has the call. */
function runsOf(items: readonly JournalItem[]): Run[] {
  const runs: Run[] = [];
  for (const item of items) {
    const run = runs.at(-1);
    const last = run?.at(-1);
    const goesOn = last?.hold === item.hold && last.kind !== 'ended';
    if (run !== undefined && goesOn) run.push(item);
    else runs.push([item]);
  }
  return runs;
}
