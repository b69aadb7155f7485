import type { ToolResponse } from '../../call/tooling/tool-call.ts';
import { cappedText, noRecord, recordSentences } from '../../tools/record-sentences.ts';
import type { SqlFailureCause, SqlRows } from './sql-database.ts';

/** Ten short rows, or four long ones. */
const resultCharactersMax = 4_000;

/** What is said in a sentence of the admin for a value that the database does not have. */
const noValue = 'unknown';

/** How rows become words. */
export interface SqlWording {
  readonly columns: readonly string[];
  /** A sentence for each row with `{column}` in it; null for one for each column. */
  readonly answer: string | null;
  readonly notFound: string | null;
}

/** The columns that a sentence names. */
export function columnsNamed(answer: string): string[] {
  return [...answer.matchAll(/\{([^{}]*)\}/g)].map(([, name = '']) => name);
}

/** What the model is told of rows. */
export function rowsAnswer({ rows, hasMore }: SqlRows, wording: SqlWording): ToolResponse {
  if (rows.length === 0) {
    return wording.notFound === null ? noRecord : { ...noRecord, message: wording.notFound };
  }
  const sentences = rows.map((row) => sentencesOf(row, wording));
  const numbered =
    wording.answer === null && rows.length > 1
      ? sentences.map((sentence, index) => `Record ${index + 1}: ${sentence}`)
      : sentences;
  const result = cappedText(numbered.join(' '), resultCharactersMax);
  if (!hasMore) return { status: 'found', result };
  return {
    status: 'found',
    result,
    message: `There are more than these ${rows.length}. If the caller wants another one, ask for what tells it apart, and look again.`,
  };
}

function sentencesOf(row: readonly (string | null)[], { columns, answer }: SqlWording): string {
  if (answer === null)
    return recordSentences(
      columns,
      columns,
      row.map((value) => value ?? ''),
    );
  return answer.replaceAll(/\{([^{}]*)\}/g, (_hole, name: string) => row[columns.indexOf(name)] ?? noValue);
}

const notNow = 'Tell the caller that this cannot be looked up at the moment.';

const failures: Readonly<Record<SqlFailureCause, { readonly retryable: boolean; readonly message: string }>> = {
  unreachable: { retryable: true, message: `The database cannot be reached. ${notNow}` },
  busy: { retryable: true, message: `The database is busy. ${notNow}` },
  lost: { retryable: true, message: `The connection to the database broke off. Look once more, or: ${notNow}` },
  tooSlow: { retryable: false, message: `The database takes too long. ${notNow}` },
  valuesUnfit: {
    retryable: true,
    message: 'The database cannot compare these values. Ask the caller for them again, and look once more.',
  },
  refused: { retryable: false, message: `The database does not answer this. ${notNow}` },
};

/** What the model is told when there are no rows to speak of: nothing that the database said. */
export function failureAnswer(failure: SqlFailureCause): ToolResponse {
  return { status: 'failed', ...failures[failure] };
}
