import { once } from 'node:events';
import type { Response } from 'express';
import { csvHead, csvLine } from '../../store/history/call-csv.ts';
import { type CallHistory, type HistoryQuery, pageCallsMax } from '../../store/history/call-history.ts';

/** Calls in one file. Whoever wants more chooses a span of time, or uses `npm run calls`. */
const callsMax = 50_000;

/** How long a reader may take to read a page of calls. */
const drainMsMax = 30_000;

/** Sends calls as a file, page after page and no faster than it is read. The name of the file ends with the date. */
export async function exportCalls(
  history: CallHistory,
  query: HistoryQuery,
  form: 'csv' | 'json',
  res: Response,
): Promise<void> {
  // What cannot be read is said before a file has begun.
  let page = await history.list(query, { after: null, limit: pageCallsMax });
  const day = new Date().toISOString().slice(0, 10);
  res.setHeader('content-disposition', `attachment; filename="calls-${day}.${form}"`);
  res.type(form === 'csv' ? 'text/csv; charset=utf-8' : 'application/json');
  res.write(form === 'csv' ? csvHead : '[');
  for (let sent = 0; ;) {
    const texts = page.calls.map((call) => (form === 'csv' ? csvLine(call) : JSON.stringify(call)));
    const before = form === 'json' && sent > 0 && texts.length > 0 ? ',\n' : '';
    if (!res.write(before + texts.join(form === 'csv' ? '' : ',\n')))
      await once(res, 'drain', { signal: AbortSignal.timeout(drainMsMax) });
    sent += page.calls.length;
    if (page.next === null || sent >= callsMax || res.destroyed) break;
    page = await history.list(query, { after: page.next, limit: pageCallsMax });
  }
  res.end(form === 'csv' ? '' : ']\n');
}
