import type pg from 'pg';
import { ParleyError } from '../../errors.ts';
import type { StoreRow } from '../store-database.ts';
import { postgresMigrations } from './postgres-statements.ts';
import type { PostgresRunner } from './postgres-tables.ts';

/**
 * Migrations of a newer version beside which this one goes on: a deploy has both versions at work for a while, and may be taken back. A
 * version brings one migration at most, which leaves tables that the version before can write.
 */
const newerMax = 1;

/** How long the tables may take to be brought up to date, or another process to do so. */
const migrateMsMax = 60_000;

/** Of the locks that programs agree upon, Parley's: "Prly". */
const lockKey = 0x50726c79;

const ownTables = ['calls', 'entries', 'history', 'leases'] as const;

const look = `
  select
    current_schema() as schema,
    current_setting('transaction_read_only') as read_only,
    to_regclass('journal_migrations')::text as migrations,
    coalesce(to_regclass('calls'), to_regclass('entries'), to_regclass('history'))::text as other`;

/**
 * Makes the tables or brings them up to date, once however many processes begin to. Rejects with `journal.otherVersion` for tables of a
 * version that is too new, with `journal.unusable` where they cannot be used, or with an error of the driver.
 */
export async function preparePostgres(client: pg.Client): Promise<void> {
  if ((await missingMigrations(client)).length === 0) return;
  await migrate(client);
  await checkRights(client);
}

/** Changes nothing. Resolves to the migrations that this version would apply, and rejects as `preparePostgres` does. */
export async function missingMigrations(client: pg.Client): Promise<readonly string[]> {
  const [found] = (await client.query<StoreRow>(look)).rows;
  const { schema, read_only: readOnly, migrations, other } = found ?? {};
  if (readOnly === 'on')
    throw unusable('The database of DATABASE_URL is read-only: name the server that takes writes, not a copy of it.');
  if (typeof schema !== 'string')
    throw unusable('The user of DATABASE_URL may use no schema: grant it one, or correct its search_path.');
  if (typeof migrations !== 'string' && typeof other === 'string')
    throw unusable(
      `The schema ${schema} holds a table "${other}" of another program. Give Parley a database or a schema of its own.`,
    );
  const applied = typeof migrations === 'string' ? await appliedMigrations(client) : [];
  refuseOther(applied);
  const missing = missingIn(applied);
  if (missing.length === 0) await checkRights(client);
  return missing;
}

/** The names of the migrations that a newer version applied. */
export function newerMigrations(applied: readonly string[]): readonly string[] {
  return applied.filter((name) => !Object.hasOwn(postgresMigrations, name));
}

/** The names of the migrations that were applied. */
export async function appliedMigrations(client: PostgresRunner): Promise<readonly string[]> {
  const { rows } = await client.query('select name from journal_migrations order by name');
  return rows.map(({ name }) => String(name));
}

function missingIn(applied: readonly string[]): readonly string[] {
  return Object.keys(postgresMigrations).filter((name) => !applied.includes(name));
}

function refuseOther(applied: readonly string[]): void {
  const newer = newerMigrations(applied);
  if (newer.length > newerMax || (newer.length > 0 && missingIn(applied).length > 0))
    throw new ParleyError(
      'journal.otherVersion',
      `The database of DATABASE_URL is of a newer version of Parley, which applied ${newer.join(' and ')}. Run that version or the one before it.`,
    );
}

async function migrate(client: pg.Client): Promise<void> {
  // The driver knows how long a query may take, and its types do not.
  const patience = { query_timeout: migrateMsMax + 5_000 };
  const patient = (text: string) => client.query({ text, ...patience });
  await patient(
    `begin; set local lock_timeout = ${migrateMsMax}; set local statement_timeout = ${migrateMsMax}; select pg_advisory_xact_lock(${lockKey})`,
  );
  try {
    await patient('create table if not exists journal_migrations (name text primary key, timestamp text not null)');
    // Another process may have been here meanwhile.
    const applied = await appliedMigrations(client);
    refuseOther(applied);
    for (const name of missingIn(applied)) {
      for (const text of postgresMigrations[name] ?? []) await patient(text);
      await client.query('insert into journal_migrations (name, timestamp) values ($1, $2)', [
        name,
        new Date().toISOString(),
      ]);
    }
    await patient('commit');
  } catch (error) {
    await client.query('rollback').catch(() => {});
    throw error;
  }
}

async function checkRights(client: pg.Client): Promise<void> {
  const rights = ['select', 'insert', 'update', 'delete'];
  const { rows } = await client.query<StoreRow>(
    `select t || ' (' || r || ')' as lacking from unnest($1::text[]) t, unnest($2::text[]) r where not has_table_privilege(t, r)`,
    [ownTables, rights],
  );
  if (rows.length > 0)
    throw unusable(
      `The user of DATABASE_URL lacks rights on tables of the journal: ${rows.map(({ lacking }) => String(lacking)).join(', ')}. Grant them, or let it own the tables.`,
    );
}

function unusable(why: string): ParleyError {
  return new ParleyError('journal.unusable', why);
}
