import type { z } from 'zod';

import { ParleyError } from '../../errors.ts';
import { defineTool, type Tool, toolMsUsual, type ToolContext, type ToolResult } from '../../tools/tool.ts';
import type { LookupKind, LookupMeans, LookupOptions } from '../lookup-kind.ts';
import { declaredParameters } from '../declared-parameters.ts';
import { columnsNamed, failureAnswer, rowsAnswer, type SqlWording } from './sql-answer.ts';
import { type ArgumentValue, type SqlDatabase, SqlFailure } from './sql-database.ts';
import { dialectOf, sqlFields } from './sql-fields.ts';
import { readQuery, type SqlQuery } from './sql-text.ts';

/** The part of a tool's time that its query may take. The rest is for the way to the database and back. */
const queryShare = 0.8;

type Fields = z.output<typeof sqlFields>;

/** `sql`: one query of the admin, with values that the model gives. It can only read. */
export const sqlKind: LookupKind<typeof sqlFields> = {
  fields: sqlFields,
  // SQLite works in the process that asks, which is ended when a query does not end.
  lane: ({ database }) => (dialectOf(database) === 'postgres' ? 'web' : 'sqlite'),
  open: async (options, fields, means) => {
    const query = checkedQuery(fields);
    const timeoutMs = options.timeoutMs ?? toolMsUsual;
    const database = await openDatabase(query, { fields, means, timeoutMs: timeoutMs * queryShare });
    try {
      const wording = checkedWording(fields, database.columns);
      return {
        tools: [createSqlTool(options, { fields, database, wording, timeoutMs })],
        warnings: database.warnings,
        close: database.close,
      };
    } catch (error) {
      await database.close();
      throw error;
    }
  },
};

async function openDatabase(
  query: SqlQuery,
  given: { readonly fields: Fields; readonly means: LookupMeans; readonly timeoutMs: number },
): Promise<SqlDatabase> {
  const { fields, means, timeoutMs } = given;
  const bounds = { rowsMax: fields.rows_max, timeoutMs };
  // A process that has no use for a driver does not load it.
  if (dialectOf(fields.database) === 'sqlite') {
    const { openSqlite } = await import('./sqlite/sqlite-database.ts');
    return openSqlite(means.path(fields.database), query, bounds);
  }
  const { readPostgresAddress } = await import('./postgres/postgres-address.ts');
  const { openPostgres } = await import('./postgres/postgres-database.ts');
  const address = readPostgresAddress(fields.database, means.path);
  return await openPostgres(query, { ...bounds, ...address, log: means.log });
}

/** The query was checked with its fields, where its line is known. */
function checkedQuery({ query, database }: Fields): SqlQuery {
  const read = readQuery(query, dialectOf(database));
  return 'problems' in read ? refuse(read.problems) : read;
}

function checkedWording(fields: Fields, columns: readonly string[]): SqlWording {
  const { answer = null, not_found: notFound = null } = fields;
  const names = columns.join(', ');
  const twice = columns.filter((column, index) => columns.indexOf(column) < index);
  const unknown = answer === null ? [] : columnsNamed(answer).filter((name) => !columns.includes(name));
  const problems = [
    ...(columns.length === 0 ? ['"query" gives no columns.'] : []),
    ...twice.map((column) => `"query" gives two columns named ${column}; name one of them with AS.`),
    ...unknown.map((name) => `"answer" names {${name}}, and the query gives ${names}.`),
  ];
  return problems.length > 0 ? refuse(problems) : { columns, answer, notFound };
}

function refuse(problems: readonly string[]): never {
  throw new ParleyError('tools.fileInvalid', problems.join('\n'));
}

function createSqlTool(
  { name, description }: LookupOptions,
  parts: {
    readonly fields: Fields;
    readonly database: SqlDatabase;
    readonly wording: SqlWording;
    readonly timeoutMs: number;
  },
): Tool {
  const { fields, database, wording, timeoutMs } = parts;
  return defineTool({
    name,
    description: description ?? '',
    timeoutMs,
    parameters: declaredParameters(fields.parameters),
    run: async (args, context) => await answerOf(database, wording, valuesOf(args), context),
  });
}

function valuesOf(args: Readonly<Record<string, unknown>>): ReadonlyMap<string, ArgumentValue> {
  return new Map(
    Object.entries(args).map(([name, value]) => {
      const isScalar = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
      return [name, isScalar ? value : null];
    }),
  );
}

async function answerOf(
  database: SqlDatabase,
  wording: SqlWording,
  values: ReadonlyMap<string, ArgumentValue>,
  { signal, call, log }: ToolContext,
): Promise<ToolResult> {
  try {
    const rows = await database.query(values, { signal, timeZone: call.timeZone });
    return { response: rowsAnswer(rows, wording) };
  } catch (error) {
    if (!(error instanceof SqlFailure)) throw error;
    const { failure, code, message } = error;
    // The message may quote what the caller said.
    log('sqlFailed', { failure, code, pii: { message } });
    return { response: failureAnswer(failure) };
  }
}
