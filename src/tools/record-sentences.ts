import type { ToolResponse } from '../call/tooling/tool-call.ts';

/** Longer answers make the model stutter or the session end; three records of this length are about 3 KB. */
const recordCharactersMax = 1_000;

/** Nothing was found. An empty or bare answer makes the model call again and again with the same query. */
export const noRecord: ToolResponse = {
  status: 'not_found',
  retryable: false,
  message:
    'No record fits. Read back to the caller what you looked for and ask whether it is right. ' +
    'Look again only for something else, and if that fails too, say that you cannot find it.',
};

/** A record in sentences: the columns that are `named` and have a value, within a length that can be spoken. */
export function recordSentences(
  columns: readonly string[],
  named: readonly string[],
  values: readonly string[],
): string {
  const sentences = columns
    .map((column, index) => ({ column, value: values[index] ?? '' }))
    .filter(({ column, value }) => named.includes(column) && value !== '')
    .map(({ column, value }) => `The ${column.replaceAll('_', ' ')} is ${value}.`);
  return cappedText(sentences.join(' '), recordCharactersMax);
}

/** A text that is not longer than may be told to the model, and says so where it was cut. */
export function cappedText(text: string, charactersMax: number): string {
  return text.length > charactersMax ? `${text.slice(0, charactersMax)}… The rest is left out.` : text;
}
