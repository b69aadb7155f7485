import { DatabaseSync } from 'node:sqlite';
import { Kysely } from 'kysely';
import { type ErrorCode, ParleyError } from '../../errors.ts';
import type { CallHistory, HistoryPage, HistoryPlace, HistoryQuery, PastCallStory } from '../history/call-history.ts';
import { keepHistory, untold } from '../history/keep-history.ts';
import { SqlHistory } from '../history/sql-history.ts';
import { historyTable } from '../migrations.ts';
import type { JournalTables } from '../schema.ts';
import { applicationId } from './database-file.ts';
import { fileFault, inodeOf, pragma } from './journal-file.ts';
import { hasTable, unknownMigration } from './migrate.ts';
import { sqliteDialect, sqliteSchema } from './sqlite-dialect.ts';
import { SqliteTables } from './sqlite-tables.ts';

/** How long a question waits for a program that holds the file. A journal that is only written to holds up nobody. */
const busyMsMax = 1_000;

/** Calls of an older version that are told of. Each costs about a millisecond, every time the file is opened. */
const olderCallsMax = 2_000;

const olderVersion =
  'An older version of Parley wrote the journal. It is brought up to date when Parley starts. Until then, some calls may be missing.';

/**
 * The history in the journal's file, by a connection of its own that writes nothing. Files of other versions are read as far as they can
 * be. Rejects with a `ParleyError` of the journal, and brings an empty page while there is no file.
 */
export class HistoryFile implements CallHistory {
  readonly #file: string;
  #open: { readonly db: DatabaseSync; readonly history: SqlHistory; readonly inode: bigint } | null = null;

  constructor(file: string) {
    this.#file = file;
  }

  async list(query: HistoryQuery, place: HistoryPlace): Promise<HistoryPage> {
    const none = { calls: [], next: null, missing: `There is no journal at ${this.#file} yet.` };
    return (await this.#read((history) => history.list(query, place))) ?? none;
  }

  find(callSid: string): Promise<PastCallStory | null> {
    return this.#read((history) => history.find(callSid));
  }

  close(): void {
    this.#open?.db.close();
    this.#open = null;
  }

  /** Null when there is no file. Another file may lie there than the last time. */
  async #read<Brought>(read: (history: SqlHistory) => Promise<Brought>): Promise<Brought | null> {
    const inode = inodeOf(this.#file);
    if (inode !== this.#open?.inode) this.close();
    if (inode < 0n) return null;
    try {
      this.#open ??= { ...(await openHistory(this.#file)), inode };
      return await read(this.#open.history);
    } catch (error) {
      this.close();
      const code = fileFault(error);
      throw new ParleyError(code, this.#refusal(code, error));
    }
  }

  #refusal(code: ErrorCode, error: unknown): string {
    if (code === 'journal.corrupt')
      return `${this.#file} is damaged and cannot be read. docs/journal.md says how to rescue what is in it.`;
    if (code === 'journal.locked') return `Another program holds ${this.#file}. Close that program, or try again.`;
    return `${this.#file} cannot be read: ${error instanceof Error ? error.message : String(error)}`;
  }
}

async function openHistory(file: string): Promise<{ db: DatabaseSync; history: SqlHistory }> {
  const db = new DatabaseSync(file, { readOnly: true, timeout: busyMsMax });
  try {
    if (pragma(db, 'application_id') !== applicationId)
      throw new ParleyError('journal.unusable', 'The file is a database of another program.');
    const queries = new Kysely<JournalTables>({ dialect: sqliteDialect(db) });
    const tables = new SqliteTables(db);
    const missing = await missingIn(db, queries, tables);
    return { db, history: new SqlHistory({ queries, tables, rows: (select) => select.stream(), missing, damage }) };
  } catch (error) {
    db.close();
    throw error;
  }
}

function damage(error: unknown): string | null {
  return fileFault(error) === 'journal.corrupt' ? 'The journal is damaged: not all of it can be read.' : null;
}

/** What a file of another version does not tell. A file that has no history is given one that lasts as long as the connection. */
async function missingIn(
  db: DatabaseSync,
  queries: Kysely<JournalTables>,
  tables: SqliteTables,
): Promise<string | null> {
  const unknown = unknownMigration(db);
  if (unknown !== null)
    return 'A newer version of Parley wrote the journal. What only that version knows is not shown.';
  if (hasTable(db, 'history')) return null;
  await historyTable(queries.schema.createTable('history').temporary(), sqliteSchema).execute();
  for (let told = 0; told < olderCallsMax;) {
    const callSids = await untold(tables, 100);
    if (callSids.length === 0) break;
    for (const callSid of callSids) await keepHistory(tables, callSid, true);
    told += callSids.length;
  }
  return olderVersion;
}
