import { randomUUID } from 'node:crypto';
import pg from 'pg';
import type { TestContext } from 'vitest';
import { Journal } from '../../../src/store/journal.ts';
import type { JournalStore } from '../../../src/store/journal-store.ts';
import { openPostgresJournal, type PostgresJournalOptions } from '../../../src/store/postgres/open-postgres.ts';
import { PostgresPlace, type PostgresSettings } from '../../../src/store/postgres/postgres-place.ts';
import { systemClock } from '../../../src/system/clock.ts';
import { LogLines } from '../../log-lines.ts';
import { inSchema, ownName, testDatabase } from '../../test-database.ts';
import { closed } from '../journal-scene.ts';
import { UnthreadedJournals } from '../writing/unthreaded-journals.ts';

/** A machine that is busy may be slower than a caller would wait for. */
const answerMsMax = 20_000;

const usual = { keepsWords: true, outbox: null };

/** A schema of its own in the database of the tests, which is dropped when the test is over. */
export class PostgresScene {
  readonly schema = ownName();
  readonly log = new LogLines();
  /** Unix time in ms. It stands still unless a test moves it. */
  nowMs = Date.UTC(2026, 10, 20, 12);
  readonly #context: TestContext;
  #admin: Promise<pg.Client> | null = null;

  constructor(context: TestContext) {
    this.#context = context;
    context.onTestFinished(async () => {
      if (this.#admin === null) return;
      const admin = await this.#admin;
      await admin.query(`drop schema if exists ${this.schema} cascade`);
      await admin.end();
    });
  }

  /** Where the schema is, which is there by then. */
  async address(): Promise<string> {
    await this.#opened();
    return inSchema(await databaseOfTests(), this.schema);
  }

  /** Looks into the tables, or changes them behind the back of Parley. */
  async sql(text: string): Promise<Record<string, unknown>[]> {
    return (await (await this.#opened()).query<Record<string, unknown>>(text)).rows;
  }

  /** The place of a process, without a thread. */
  place(process: string, address: Promise<string> = this.address()): JournalStore & { close(): Promise<void> } {
    let made: Promise<PostgresPlace> | null = null;
    const place = (): Promise<PostgresPlace> => {
      made ??= address.then(
        (connectionString) => new PostgresPlace({ connectionString, process, ...usual, memoryMs: 0 }),
      );
      return made;
    };
    const close = async (): Promise<void> => (await place()).close();
    this.#context.onTestFinished(close);
    const use: PostgresPlace['use'] = async (work) => (await place()).use(work);
    return {
      write: (items) => use((store) => store.write(items)),
      read: (callSid) => use((store) => store.read(callSid)),
      owner: (callSid) => use((store) => store.owner(callSid)),
      takeOver: (...taken) => use((store) => store.takeOver(...taken)),
      unfinished: () => use((store) => store.unfinished()),
      closeUnfinished: (beforeMs, atMs, reason) => use((store) => store.closeUnfinished(beforeMs, atMs, reason)),
      tell: () => use((store) => store.tell()),
      prune: (beforeMs) => use((store) => store.prune(beforeMs)),
      close,
    };
  }

  /** A journal as a service has it, at the schema unless another address is given. */
  async open(options: Partial<PostgresJournalOptions> = {}): Promise<Journal> {
    const journal = await openPostgresJournal({
      connectionString: await this.address(),
      ...usual,
      log: this.log.logger,
      clock: { ...systemClock, unixMs: () => this.nowMs },
      limits: { answerMsMax, memoryMs: 0 },
      ...options,
    });
    this.#context.onTestFinished(() => closed(journal, 0));
    return journal;
  }

  /** The same without a thread. */
  async openUnthreaded(options: Partial<PostgresSettings> = {}): Promise<Journal> {
    const connectionString = await this.address();
    const place = new PostgresPlace({ connectionString, process: randomUUID(), ...usual, memoryMs: 0, ...options });
    const journal = new Journal({
      open: (onRenewal) => new UnthreadedJournals().open(place, onRenewal),
      log: this.log.logger,
      clock: { ...systemClock, unixMs: () => this.nowMs },
      limits: { answerMsMax },
    });
    this.#context.onTestFinished(() => closed(journal, 0));
    return journal;
  }

  #opened(): Promise<pg.Client> {
    this.#admin ??= this.#open();
    return this.#admin;
  }

  async #open(): Promise<pg.Client> {
    const admin = new pg.Client({ connectionString: await databaseOfTests() });
    await admin.connect();
    await admin.query(`create schema ${this.schema}; set search_path = ${this.schema}`);
    return admin;
  }
}

/** The database of the tests, where it is known to be there. */
async function databaseOfTests(): Promise<string> {
  const address = await testDatabase();
  if (address === null) throw new Error('There is no PostgreSQL to test with.');
  return address;
}
