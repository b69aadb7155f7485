import type pg from 'pg';
import { within } from '../../system/within.ts';
import type { JournalAnswer, JournalItem } from '../journal-job.ts';
import type { JournalStore } from '../journal-store.ts';
import { SqlStore } from '../sql-store.ts';
import type { JournalPlace } from '../thread/serve-journal.ts';
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
}

/** A server that could not be reached is left alone for so long: what many calls ask meanwhile must not wait for one attempt after the other. */
const calmMs = 1_000;

/** How long a farewell to the server may take. */
const farewellMsMax = 500;

/**
 * The journal in PostgreSQL, by one connection: opened when it is needed, prepared, and opened again when it was lost. After any error but a
 * held row the next work gets another connection, and looks at the database anew: another server may have taken its place.
 */
export class PostgresPlace implements JournalPlace {
  readonly #settings: PostgresSettings;
  #open: { readonly client: pg.Client; readonly store: JournalStore } | null = null;
  #failed: { readonly error: unknown; readonly atMs: number } | null = null;

  constructor(settings: PostgresSettings) {
    this.#settings = settings;
  }

  async use<Result>(work: (store: JournalStore) => Promise<Result>): Promise<Result> {
    const wasOpen = this.#open !== null;
    try {
      return await this.#attempt(work);
    } catch (error) {
      // A connection may have died unnoticed since it was used, and the next one may be sound. Whatever was done then may be done again.
      if (!wasOpen || this.fault(error).code !== 'journal.unreachable') throw error;
      return this.#attempt(work);
    }
  }

  async write({ items }: { readonly items: readonly JournalItem[] }): Promise<JournalAnswer> {
    return { kind: 'written', refusedHolds: await this.use((store) => store.write(items)) };
  }

  /** A database is not moved aside. */
  takeRenewal(): null {
    return null;
  }

  async close(): Promise<void> {
    const open = this.#open;
    this.#open = null;
    if (open !== null) await within(farewell(open.client), farewellMsMax);
  }

  fault(error: unknown): PostgresFault {
    return postgresFault(error);
  }

  async #attempt<Result>(work: (store: JournalStore) => Promise<Result>): Promise<Result> {
    const { store } = await this.#opened();
    try {
      return await work(store);
    } catch (error) {
      if (this.fault(error).code !== 'journal.locked') void this.close();
      throw error;
    }
  }

  async #opened(): Promise<{ readonly store: JournalStore }> {
    if (this.#open !== null) return this.#open;
    if (this.#failed !== null && performance.now() - this.#failed.atMs < calmMs) throw this.#failed.error;
    const { connectionString, process, keepsWords } = this.#settings;
    let client: pg.Client | null = null;
    try {
      client = await connectPostgres(connectionString);
      await preparePostgres(client);
      const store = new SqlStore(new PostgresTables(client), process, keepsWords);
      this.#failed = null;
      this.#open = { client, store };
      return this.#open;
    } catch (error) {
      if (client !== null) void farewell(client);
      this.#failed = { error, atMs: performance.now() };
      throw error;
    }
  }
}

/** Never rejects. */
async function farewell(client: pg.Client): Promise<void> {
  await client.end().catch(() => {});
}
