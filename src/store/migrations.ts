import { type Compilable, type CreateTableBuilder, type Kysely, type RawBuilder, sql } from 'kysely';

// How the tables of `schema.ts` came to be. A migration that has been released is never changed, because there are databases to which it
// was applied. A new one must leave tables that the version before can still write: an old process drains while a new one starts. Its
// statements are kept as texts for each kind of database (`sqlite/statements.ts`, `postgres/postgres-statements.ts`).

/** What differs between databases where tables are made. */
export interface SchemaDialect {
  /** A text by which rows are told apart and sorted, byte by byte. */
  readonly name: 'text' | RawBuilder<unknown>;
  /** An integer that holds Unix time in ms. */
  readonly integer: 'integer' | 'bigint';
  /** A number with a fraction. */
  readonly real: 'real' | 'double precision';
  /** Ends the statement that makes a table. */
  readonly tableOptions: RawBuilder<unknown>;
  /** Whether processes on several machines share it. */
  readonly isShared: boolean;
}

/** Applied in the order of their names. One that brings null does not concern this kind of database. */
export const migrations: Readonly<
  Record<string, (db: Kysely<unknown>, dialect: SchemaDialect) => readonly Compilable[] | null>
> = {
  '0001-calls-and-entries': makeCallsAndEntries,
  '0002-history': makeHistory,
  '0003-leases': makeLeases,
  '0004-late-processes-and-pages': addLatenessAndPages,
};

/** The first files were made without migrations, so what is there is left as it is. */
function makeCallsAndEntries(
  db: Kysely<unknown>,
  { name: text, integer, tableOptions }: SchemaDialect,
): readonly Compilable[] {
  const index = (name: string) => db.schema.createIndex(name).ifNotExists().on('calls');
  return [
    db.schema
      .createTable('calls')
      .ifNotExists()
      .addColumn('call_sid', text, (column) => column.primaryKey())
      .addColumn('started_at_ms', integer, (column) => column.notNull())
      .addColumn('last_at_ms', integer, (column) => column.notNull())
      .addColumn('fence', integer, (column) => column.notNull())
      .addColumn('process', 'text', (column) => column.notNull())
      .addColumn('hold', integer, (column) => column.notNull())
      .addColumn('held_since_ms', integer, (column) => column.notNull())
      .addColumn('ended_reason', 'text')
      .addColumn('ended_at_ms', integer)
      .modifyEnd(tableOptions),
    db.schema
      .createTable('entries')
      .ifNotExists()
      .addColumn('call_sid', text, (column) => column.notNull())
      .addColumn('fence', integer, (column) => column.notNull())
      .addColumn('n', integer, (column) => column.notNull())
      .addColumn('at_ms', integer, (column) => column.notNull())
      .addColumn('kind', 'text', (column) => column.notNull())
      .addColumn('json', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('entries_key', ['call_sid', 'fence', 'n'])
      .modifyEnd(tableOptions),
    index('calls_unfinished').columns(['last_at_ms']).where(sql.ref('ended_at_ms'), 'is', null),
    index('calls_ended').columns(['ended_at_ms']).where(sql.ref('ended_at_ms'), 'is not', null),
  ];
}

/** The rows of calls that are there are made by and by (`JournalStore.tell`): a large file must not hold up the start. */
function makeHistory(db: Kysely<unknown>, dialect: SchemaDialect): readonly Compilable[] {
  return [
    historyTable(db.schema.createTable('history').modifyEnd(dialect.tableOptions), dialect),
    db.schema.createIndex('history_numbers').on('history').columns(['from_number', 'to_number']),
    db.schema.createIndex('calls_started').on('calls').columns(['started_at_ms', 'call_sid']),
  ];
}

/** Who shares the limit of calls. Processes that share a file have limits of their own. */
function makeLeases(
  db: Kysely<unknown>,
  { name: text, integer, isShared }: SchemaDialect,
): readonly Compilable[] | null {
  if (!isShared) return null;
  return [
    db.schema
      .createTable('leases')
      .addColumn('process', text, (column) => column.primaryKey())
      .addColumn('instance', 'text')
      .addColumn('slots', integer, (column) => column.notNull())
      .addColumn('calls', integer, (column) => column.notNull())
      .addColumn('takes_calls', 'boolean', (column) => column.notNull())
      .addColumn('asked', integer, (column) => column.notNull())
      .addColumn('renewed_at_ms', integer, (column) => column.notNull())
      .addColumn('until_ms', integer, (column) => column.notNull())
      .addColumn('emptied_at_ms', integer),
    db.schema
      .createIndex('calls_unfinished_of')
      .on('calls')
      .columns(['process'])
      .where(sql.ref('ended_at_ms'), 'is', null),
  ];
}

/** Whether a process can take a call at this moment, and where others find its pages. The version before writes neither. */
function addLatenessAndPages(db: Kysely<unknown>, { isShared }: SchemaDialect): readonly Compilable[] | null {
  if (!isShared) return null;
  return [
    db.schema
      .alterTable('leases')
      .addColumn('is_late', 'boolean', (column) => column.notNull().defaultTo(false))
      .addColumn('pages', 'text'),
  ];
}

/** Makes the table of the history, in the database or for one connection alone. */
export function historyTable(
  table: CreateTableBuilder<string>,
  { name: text, integer, real }: Pick<SchemaDialect, 'name' | 'integer' | 'real'>,
) {
  return table
    .addColumn('call_sid', text, (column) => column.primaryKey())
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
    .addColumn('words', 'text', (column) => column.notNull());
}
