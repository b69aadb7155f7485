import { SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from 'kysely';
import { statementLines } from '../statement-texts.ts';
import { sqliteSchema } from './sqlite-dialect.ts';

/** The text of `statements.ts`: the queries and migrations of the store in the words of SQLite. */
export function statementsFile(): string {
  const { queries, changes } = statementLines({
    createAdapter: () => new SqliteAdapter(),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
    schema: sqliteSchema,
  });
  return `// Written by statements-file.ts from queries.ts and migrations.ts: "npx vitest run test/store -u". Change them there.

/** The statements of the store. A name behind a colon is a value. */
export const statements = {
${queries}};

/** What each migration does, in order. */
export const migrationStatements: Readonly<Record<string, readonly string[]>> = {
${changes}};
`;
}
