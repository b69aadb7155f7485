import { type HistoryPlace, type HistoryQuery, pageCallsMax } from '../../store/history/call-history.ts';

/** The parameters of a request, unchecked. */
type Parameters = Readonly<Record<string, unknown>>;

/** Nobody looks for more. */
const textCharsMax = 200;

/** Calls on a page unless it asks for another number. */
const usualLimit = 50;

/** Which calls a request asks for. What cannot be read does not matter. */
export function queryIn(parameters: Parameters): HistoryQuery {
  const number = textIn(parameters['number']);
  return {
    // Without a digit it would find every call.
    number: number !== null && /\d/.test(number) ? number : null,
    words: textIn(parameters['words']),
    outcome: textIn(parameters['outcome']),
    sinceMs: wholeIn(parameters['since']),
    untilMs: wholeIn(parameters['until']),
  };
}

/** Which part of them. */
export function placeIn(parameters: Parameters): HistoryPlace {
  const limit = wholeIn(parameters['limit']) ?? usualLimit;
  return { after: textIn(parameters['after']), limit: Math.max(1, Math.min(limit, pageCallsMax)) };
}

function textIn(value: unknown): string | null {
  const text = typeof value === 'string' ? value.trim().slice(0, textCharsMax) : '';
  return text === '' ? null : text;
}

function wholeIn(value: unknown): number | null {
  return typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : null;
}
