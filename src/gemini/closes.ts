import type { ModelRemedy } from '../call/events.ts';

/** What a close reason tells, first match first. The texts are often cut, so only their beginnings are looked for (GM-CLOSE-1). */
const reasons: readonly (readonly [RegExp, ModelRemedy])[] = [
  // Wrong for every session until an admin does something.
  [/api key|prepayment|credits are depleted|billing|permission|unauthenticated/i, 'none'],
  [/exceeded your current quota|resource_exhausted/i, 'none'],
  [/unknown name|cannot extract voices|audio content type/i, 'none'],
  // This model, or this way to it.
  [/is not found for api version|not supported for bidi|publisher model/i, 'otherModel'],
  // This session is over; another one works.
  [
    /session not found|context (?:window|length|limit)|token limit|token count|number of tokens|invalid argument/i,
    'fresh',
  ],
];

/**
 * What may help after a session, or the try to open one, ended with this close code and reason (GM-CLOSE-1). An unknown close is tried
 * again with the handle, because most closes are cuts of a connection.
 */
export function closeRemedy(code: number, reason: string): ModelRemedy {
  for (const [pattern, remedy] of reasons) if (pattern.test(reason)) return remedy;
  return code === 1007 ? 'fresh' : 'resume';
}

/** What may help when the connection was not even made: the status of a refused upgrade stands in the error (GM-CLOSE-1). */
export function refusalRemedy(error: string): ModelRemedy {
  return /\b(?:401|403)\b/.test(error) ? 'none' : 'resume';
}
