import type pg from 'pg';
import { ParleyError } from '../../errors.ts';
import { within } from '../../system/within.ts';
import type { JournalAnswer, JournalItem, JournalJob } from '../journal-job.ts';
import type { JournalStore } from '../journal-store.ts';
import { written } from '../writing/written.ts';
import { SqlStore } from '../sql-store.ts';
import type { JournalPlace } from '../thread/serve-journal.ts';
import { EntryOutbox } from './entry-outbox.ts';
import { connectPostgres } from './postgres-connection.ts';
import { type PostgresFault, postgresFault } from './postgres-fault.ts';
import { preparePostgres } from './postgres-migrate.ts';
import { PostgresTables } from './postgres-tables.ts';

/** What the thread of the journal is given at its start. */
export interface PostgresSettings {
  readonly connectionString: string;
  /** Tells this process from all others. */
  readonly process: string;
  /** Whether what was said is kept when a call is over. */
  readonly keepsWords: boolean;
  /** Where entries wait on the disk while the database is away, with the name of the process behind; null: in memory only. */
  readonly outbox: string | null;
  /** How long they wait in memory before that. */
  readonly memoryMs: number;
}

/** A server that could not be reached is left alone for so long: what many calls ask meanwhile must not wait for one attempt after the other. */
const calmMs = 1_000;

/** How long a farewell to the server may take. */
const farewellMsMax = 500;

const endsBefore = new ParleyError('journal.unreachable', 'The process ends before the database has what waited.');

/**
 * The journal in PostgreSQL, by one connection: opened when it is needed, prepared, and opened again when it was lost. After any error but a
 * held row the next work gets another connection, and looks at the database anew: another server may have taken its place. Entries that the
 * database does not take for a while wait on the disk, and are the first that it gets when it is back.
 */
export class PostgresPlace implements JournalPlace {
  readonly #settings: PostgresSettings;
  readonly #outbox: EntryOutbox | null;
  #open: { readonly client: pg.Client; readonly tables: PostgresTables } | null = null;
  #failed: { readonly error: unknown; readonly atMs: number } | null = null;
  /** Since when nothing could be written; null while all is well. */
  #awaySinceMs: number | null = null;
  #hasAdopted = false;

  constructor(settings: PostgresSettings) {
    this.#settings = settings;
    this.#outbox = settings.outbox === null ? null : new EntryOutbox(settings.outbox, settings.process);
  }

  use<Result>(work: (store: JournalStore) => Promise<Result>): Promise<Result> {
    return this.#useAs(this.#settings.process, work);
  }

  async write({ items, isLast = false }: Extract<JournalJob, { kind: 'write' }>): Promise<JournalAnswer> {
    // The end of a process waits for no server that was away a moment ago, and for none that has not taken yet what waits.
    if (isLast && this.#outbox !== null && (this.#failed !== null || this.#outbox.count > 0))
      return this.#file(this.#failed?.error ?? endsBefore, items);
    try {
      const behind = await this.#catchUp();
      if (behind !== null) return behind;
      const done = await this.use((store) => written(store, items));
      this.#awaySinceMs = null;
      return { kind: 'written', ...done };
    } catch (error) {
      const nowMs = performance.now();
      this.#awaySinceMs ??= nowMs;
      if (!isLast && nowMs - this.#awaySinceMs < this.#settings.memoryMs) throw error;
      return this.#file(error, items);
    }
  }

  /** A database is not moved aside. */
  takeRenewal(): null {
    return null;
  }

  async close(): Promise<void> {
    this.#outbox?.close();
    await this.#disconnect();
  }

  fault(error: unknown): PostgresFault {
    return postgresFault(error);
  }

  /** Keeps entries on the disk that `error` keeps from the database. */
  #file(error: unknown, items: readonly JournalItem[]): JournalAnswer {
    if (this.#outbox === null || items.length === 0) throw error;
    this.#outbox.put(items);
    return { kind: 'filed', outboxEntries: this.#outbox.count, ...this.fault(error) };
  }

  /** Writes some of what waits on the disk. Null when nothing does. */
  async #catchUp(): Promise<JournalAnswer | null> {
    if (this.#outbox === null) return null;
    // Whatever another process left is written before anything of this one, as soon as there is a database to write it to.
    if (!this.#hasAdopted) await this.use(async () => this.#adopt());
    const waiting = this.#outbox.oldest();
    if (waiting === null) return null;
    const { process, items, forget } = waiting;
    const done = await this.#useAs(process, (store) => written(store, items));
    forget();
    // Holds are numbered by each process for itself.
    const refusedHolds = process === this.#settings.process ? done.refusedHolds : [];
    return { kind: 'behind', ...done, refusedHolds, outboxEntries: this.#outbox.count };
  }

  #adopt(): void {
    this.#hasAdopted = true;
    this.#outbox?.adopt();
  }

  async #useAs<Result>(process: string, work: (store: JournalStore) => Promise<Result>): Promise<Result> {
    const wasOpen = this.#open !== null;
    try {
      return await this.#attempt(process, work);
    } catch (error) {
      // A connection may have died unnoticed since it was used, and the next one may be sound. Whatever was done then may be done again.
      if (!wasOpen || this.fault(error).code !== 'journal.unreachable') throw error;
      return this.#attempt(process, work);
    }
  }

  async #attempt<Result>(process: string, work: (store: JournalStore) => Promise<Result>): Promise<Result> {
    const tables = await this.#opened();
    try {
      return await work(new SqlStore(tables, process, this.#settings.keepsWords));
    } catch (error) {
      if (this.fault(error).code !== 'journal.locked') void this.#disconnect();
      throw error;
    }
  }

  async #opened(): Promise<PostgresTables> {
    if (this.#open !== null) return this.#open.tables;
    if (this.#failed !== null && performance.now() - this.#failed.atMs < calmMs) throw this.#failed.error;
    let client: pg.Client | null = null;
    try {
      client = await connectPostgres(this.#settings.connectionString);
      await preparePostgres(client);
      const tables = new PostgresTables(client);
      this.#failed = null;
      this.#open = { client, tables };
      return tables;
    } catch (error) {
      if (client !== null) void farewell(client);
      this.#failed = { error, atMs: performance.now() };
      throw error;
    }
  }

  async #disconnect(): Promise<void> {
    const open = this.#open;
    this.#open = null;
    if (open !== null) await within(farewell(open.client), farewellMsMax);
  }
}

/** Never rejects. */
async function farewell(client: pg.Client): Promise<void> {
  await client.end().catch(() => {});
}
