import { type Dialect, PostgresDialect, sql } from 'kysely';
import type pg from 'pg';
import type { SchemaDialect } from '../migrations.ts';

/** Without an order of its own, PostgreSQL sorts texts as the language of the server has it. */
export const postgresSchema: SchemaDialect = {
  name: sql`text collate "C"`,
  integer: 'bigint',
  real: 'double precision',
  tableOptions: sql``,
  isShared: true,
};

/** Lets kysely read a database of PostgreSQL that somebody else opens and closes. */
export function postgresDialect(pool: pg.Pool): Dialect {
  return new PostgresDialect({ pool });
}
