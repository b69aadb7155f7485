import { type CreateTableBuilder, type Kysely, type RawBuilder, sql } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import { ParleyError } from '../errors.ts';
import type { JournalTables } from './schema.ts';

// How the tables of `schema.ts` came to be. A migration that has been released is never changed, because there are databases to which it
// was applied. A new one must leave tables that the version before can still write: an old process drains while a new one starts.

/** What differs between databases where tables are made. */
export interface SchemaDialect {
  /** An integer that holds Unix time in ms. */
  readonly integer: 'integer' | 'bigint';
  /** A number with a fraction. */
  readonly real: 'real' | 'double precision';
  /** Ends the statement that makes a table. */
  readonly tableOptions: RawBuilder<unknown>;
}

/** Not kysely's default names: in a database on a server, the journal may have neighbours. */
const migrationTableName = 'journal_migrations';
const migrationLockTableName = 'journal_migrations_lock';

/** Applied in the order of their names. */
const changes: Readonly<Record<string, (db: Kysely<unknown>, dialect: SchemaDialect) => Promise<void>>> = {
  '0001-calls-and-entries': makeCallsAndEntries,
  '0002-history': makeHistory,
};

/** Makes the tables or brings them up to date, in one transaction. Throws `journal.otherVersion` as `refuseNewer` does. */
export async function migrate(db: Kysely<JournalTables>, dialect: SchemaDialect): Promise<void> {
  const migrations = Object.fromEntries(
    Object.entries(changes).map(([name, up]): [string, Migration] => [name, { up: (target) => up(target, dialect) }]),
  );
  await db.transaction().execute(async (transaction) => {
    await refuseNewer(transaction);
    const provider = { getMigrations: () => Promise.resolve(migrations) };
    const migrator = new Migrator({ db: transaction, provider, migrationTableName, migrationLockTableName });
    const { error } = await migrator.migrateToLatest();
    if (error !== undefined) throw error;
  });
}

/** Writes nothing. Throws `journal.otherVersion` when a migration was applied that this version does not know. */
export async function refuseNewer(db: Kysely<JournalTables>): Promise<void> {
  const unknown = await unknownMigration(db);
  if (unknown !== null)
    throw new ParleyError('journal.otherVersion', `The migration ${unknown} is of a newer version.`);
}

/** The name of a migration that was applied and that this version does not know; null when there is none. Writes nothing. */
export async function unknownMigration(db: Kysely<JournalTables>): Promise<string | null> {
  const tables = await db.introspection.getTables();
  if (!tables.some(({ name }) => name === migrationTableName)) return null;
  const applied = await db
    .withTables<{ [migrationTableName]: { readonly name: string } }>()
    .selectFrom(migrationTableName)
    .select('name')
    .execute();
  return applied.find(({ name }) => !Object.hasOwn(changes, name))?.name ?? null;
}

/** The first files were made without migrations, so what is there is left as it is. */
async function makeCallsAndEntries(db: Kysely<unknown>, { integer, tableOptions }: SchemaDialect): Promise<void> {
  await db.schema
    .createTable('calls')
    .ifNotExists()
    .addColumn('call_sid', 'text', (column) => column.primaryKey())
    .addColumn('started_at_ms', integer, (column) => column.notNull())
    .addColumn('last_at_ms', integer, (column) => column.notNull())
    .addColumn('fence', integer, (column) => column.notNull())
    .addColumn('process', 'text', (column) => column.notNull())
    .addColumn('hold', integer, (column) => column.notNull())
    .addColumn('held_since_ms', integer, (column) => column.notNull())
    .addColumn('ended_reason', 'text')
    .addColumn('ended_at_ms', integer)
    .modifyEnd(tableOptions)
    .execute();
  await db.schema
    .createTable('entries')
    .ifNotExists()
    .addColumn('call_sid', 'text', (column) => column.notNull())
    .addColumn('fence', integer, (column) => column.notNull())
    .addColumn('n', integer, (column) => column.notNull())
    .addColumn('at_ms', integer, (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('json', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('entries_key', ['call_sid', 'fence', 'n'])
    .modifyEnd(tableOptions)
    .execute();
  const index = (name: string) => db.schema.createIndex(name).ifNotExists().on('calls');
  await index('calls_unfinished').columns(['last_at_ms']).where(sql.ref('ended_at_ms'), 'is', null).execute();
  await index('calls_ended').columns(['ended_at_ms']).where(sql.ref('ended_at_ms'), 'is not', null).execute();
}

/** The rows of calls that are there are made by and by (`JournalStore.tell`): a large file must not hold up the start. */
async function makeHistory(db: Kysely<unknown>, dialect: SchemaDialect): Promise<void> {
  await makeHistoryTable(db.schema.createTable('history').modifyEnd(dialect.tableOptions), dialect);
  await db.schema.createIndex('history_numbers').on('history').columns(['from_number', 'to_number']).execute();
  await db.schema.createIndex('calls_started').on('calls').columns(['started_at_ms', 'call_sid']).execute();
}

/** Makes the table of the history, in the database or for one connection alone. */
export async function makeHistoryTable(
  table: CreateTableBuilder<string>,
  { integer, real }: Pick<SchemaDialect, 'integer' | 'real'>,
): Promise<void> {
  await table
    .addColumn('call_sid', 'text', (column) => column.primaryKey())
    .addColumn('from_number', 'text')
    .addColumn('to_number', 'text')
    .addColumn('agent', 'text')
    .addColumn('source', 'text', (column) => column.notNull())
    .addColumn('why', 'text')
    .addColumn('faults', 'text', (column) => column.notNull())
    .addColumn('cost_usd', real)
    .addColumn('tokens', integer, (column) => column.notNull())
    .addColumn('waits', integer)
    .addColumn('wait_median_ms', integer)
    .addColumn('wait_max_ms', integer)
    .addColumn('words', 'text', (column) => column.notNull())
    .execute();
}
