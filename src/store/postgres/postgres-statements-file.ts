import { PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler } from 'kysely';
import { statementLines } from '../statement-texts.ts';
import { postgresSchema } from './postgres-dialect.ts';

/** The text of `postgres-statements.ts`: the queries and migrations of the store in the words of PostgreSQL. */
export function postgresStatementsFile(): string {
  const { queries, changes } = statementLines({
    createAdapter: () => new PostgresAdapter(),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
    schema: postgresSchema,
  });
  return `// Written by postgres-statements-file.ts from queries.ts and migrations.ts: "npx vitest run test/store -u". Change them there.

/** The statements of the store. A name behind a colon is a value. */
export const postgresStatements = {
${queries}};

/** What each migration does, in order. */
export const postgresMigrations: Readonly<Record<string, readonly string[]>> = {
${changes}};
`;
}
