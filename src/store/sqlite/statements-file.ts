import { DummyDriver, Kysely, sql, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from 'kysely';
import { ParleyError } from '../../errors.ts';
import { migrations } from '../migrations.ts';
import { storeQueries } from '../queries.ts';
import type { JournalTables } from '../schema.ts';
import { sqliteSchema } from './sqlite-dialect.ts';

/** Makes texts, and has no database. */
const dialect = {
  createAdapter: () => new SqliteAdapter(),
  createDriver: () => new DummyDriver(),
  createIntrospector: (db: Kysely<unknown>) => new SqliteIntrospector(db),
  createQueryCompiler: () => new SqliteQueryCompiler(),
};

/** The text of `statements.ts`: the queries and migrations of the store in the words of SQLite. */
export function statementsFile(): string {
  const [tables, noTables] = [new Kysely<JournalTables>({ dialect }), new Kysely<unknown>({ dialect })];
  // It has a place for every name.
  const slots = new Proxy(Object.create(null), { get: (_all, name) => sql.raw(`:${String(name)}`) });
  const queries = Object.entries(storeQueries).map(
    ([name, query]) => `  ${name}: \`${inLines(textOf(query(tables, slots)))}\`,\n`,
  );
  const changes = Object.entries(migrations).map(([name, change]) => {
    const texts = change(noTables, sqliteSchema).map((one) => `    \`${textOf(one)}\`,\n`);
    return `  '${name}': [\n${texts.join('')}  ],\n`;
  });
  return `// Written by statements-file.ts from queries.ts and migrations.ts: "npx vitest run test/store -u". Change them there.

/** The statements of the store. A name behind a colon is a value. */
export const statements = {
${queries.join('')}};

/** What each migration does, in order. */
export const migrationStatements: Readonly<Record<string, readonly string[]>> = {
${changes.join('')}};
`;
}

/** The text of a statement. A value that is neither named nor a literal would be lost. */
function textOf(statement: { compile(): { readonly sql: string; readonly parameters: readonly unknown[] } }): string {
  const { sql: text, parameters } = statement.compile();
  if (parameters.length > 0) throw new ParleyError('journal.unusable', `A value has no name: ${text}`);
  return text;
}

/** A line for each clause. */
function inLines(text: string): string {
  return text.replaceAll(
    /(?<!delete) (?=(?:set|where|values|returning|from|left join|order by|on conflict|limit) )/g,
    '\n    ',
  );
}
