import { shortText } from '../../encoding/short-text.ts';
import { ParleyError } from '../../errors.ts';
import { type ThrownNews, wordsCharsMax } from '../process-messages.ts';

/** An error as it is told to another process. The stack is cut as Node does by itself, and its words as those of every error. */
export function thrownNews(error: unknown): ThrownNews {
  if (!(error instanceof Error)) return { code: null, name: typeof error, message: words(error), stack: '' };
  return {
    code: error instanceof ParleyError ? error.code : null,
    name: shortText(error.constructor.name, wordsCharsMax),
    message: words(error.message),
    stack: shortText(String(error.stack), stackCharsMax),
  };
}

/** Ten frames, as Node keeps them, with long paths. */
const stackCharsMax = 8_000;

function words(said: unknown): string {
  return shortText(String(said), 10 * wordsCharsMax);
}
