import { type Dialect, DummyDriver, Kysely, sql } from 'kysely';
import { ParleyError } from '../errors.ts';
import { migrations, type SchemaDialect } from './migrations.ts';
import { storeQueries } from './queries.ts';
import type { JournalTables } from './schema.ts';

/** A kind of database: how it words a query, and how it makes tables. */
export type Wording = Pick<Dialect, 'createAdapter' | 'createIntrospector' | 'createQueryCompiler'> & {
  readonly schema: SchemaDialect;
};

/** The lines of a file that holds the texts of the store. */
interface StatementLines {
  /** What each query says. A name behind a colon is a value. */
  readonly queries: string;
  /** What each migration does, in order. */
  readonly changes: string;
}

/** What fits into a line stands in one. */
const lineCharsMax = 120;

/** Makes the texts for a kind of database. Throws `journal.unusable` for a value that is neither named nor a literal: it would be lost. */
export function statementLines({ schema, ...wording }: Wording): StatementLines {
  // It makes texts, and has no database.
  const dialect = { ...wording, createDriver: () => new DummyDriver() };
  const [tables, noTables] = [new Kysely<JournalTables>({ dialect }), new Kysely<unknown>({ dialect })];
  // It has a place for every name.
  const slots = new Proxy(Object.create(null), { get: (_all, name) => sql.raw(`:${String(name)}`) });
  const queries = Object.entries(storeQueries).map(
    ([name, query]) => `  ${name}: \`${inLines(textOf(query(tables, slots)))}\`,\n`,
  );
  const changes = Object.entries(migrations).map(([name, change]) => {
    const texts = change(noTables, schema)?.map((one) => `\`${textOf(one)}\``);
    if (texts === undefined) return '';
    const short = `  '${name}': [${texts.join(', ')}],\n`;
    return short.length <= lineCharsMax
      ? short
      : `  '${name}': [\n${texts.map((one) => `    ${one},\n`).join('')}  ],\n`;
  });
  return { queries: queries.join(''), changes: changes.join('') };
}

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
