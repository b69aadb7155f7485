import { randomBytes } from 'node:crypto';
import pg from 'pg';

const usualAddress = 'postgres://postgres@127.0.0.1:5432/postgres';

const connectMsMax = 10_000;

/** Why there is no PostgreSQL to test with, for whoever reads which tests were skipped. */
export const noDatabase =
  'no PostgreSQL at 127.0.0.1:5432, and PARLEY_TEST_DATABASE_URL names none that can be reached';

let found: Promise<string | null> | null = null;

/** The address of a PostgreSQL in which tests may make schemas of their own; null where there is none. */
export function testDatabase(): Promise<string | null> {
  found ??= look(process.env['PARLEY_TEST_DATABASE_URL'] ?? usualAddress);
  return found;
}

async function look(address: string): Promise<string | null> {
  const client = new pg.Client({ connectionString: address, connectionTimeoutMillis: connectMsMax });
  try {
    await client.connect();
    await client.query('select 1');
    return address;
  } catch {
    return null;
  } finally {
    await client.end().catch(() => {});
  }
}

/** A name for a schema, role or database that no other test run has. */
export function ownName(): string {
  return `parley_${randomBytes(6).toString('hex')}`;
}

/** The same database, seen by the tables of this schema alone. */
export function inSchema(address: string, schema: string): string {
  const url = new URL(address);
  url.searchParams.set('options', `-c search_path=${schema}`);
  return url.href;
}
