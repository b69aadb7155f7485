import { parseArgs } from 'node:util';
import { ParleyError } from '../errors.ts';
import { csvHead, csvLine } from '../store/history/call-csv.ts';
import { type HistoryQuery, pageCallsMax, type PastCall } from '../store/history/call-history.ts';
import { pastOutcomes } from '../store/history/outcome-words.ts';
import { callLines } from './history/call-lines.ts';
import { type OpenedHistory, openHistory } from './history/journal-place.ts';
import { parseBound } from './history/moment.ts';
import { type Command, startCommand, type Terminal } from './terminal/terminal.ts';
import { wholeNumberOption } from './terminal/whole-number-option.ts';

/** Each with the words of the list, by which a person has seen it. */
const outcomeNames = [...pastOutcomes].map(([name, words]) => (name === words ? name : `${name} (${words})`));

const usage = `Usage: npm run calls -- [options]
  Lists the calls of the journal (DATABASE_URL, JOURNAL_FILE), the newest first: who, how long, how each ended, and why.
  --number DIGITS    only calls from or to a number with these digits
  --words TEXT       only calls on which this was said
  --outcome OUTCOME  only calls that ended so, by the name or the words:
                     ${outcomeNames.join('\n                     ')}
  --since WHEN       only calls that began then or later: 7d, 24h, 15:04, "yesterday 15:04", 2026-11-27
  --until WHEN       only calls that began before
  --limit COUNT      at most so many; 20 unless set, and all with --json or --csv
  --json             as JSON, a call on each line
  --csv              as a table for a spreadsheet`;

/** Lists calls. Exits with 2 when the journal cannot be read. */
async function main(terminal: Terminal): Promise<number> {
  const { args, env, write } = terminal;
  const { values } = parseArgs({
    args: [...args],
    options: {
      number: { type: 'string' },
      words: { type: 'string' },
      outcome: { type: 'string' },
      since: { type: 'string' },
      until: { type: 'string' },
      limit: { type: 'string' },
      json: { type: 'boolean' },
      csv: { type: 'boolean' },
    },
  });
  const query: HistoryQuery = {
    number: values.number ?? null,
    words: values.words ?? null,
    outcome: outcomeOption(values.outcome),
    sinceMs: boundOption('--since', values.since),
    untilMs: boundOption('--until', values.until),
  };
  const isWhole = values.json === true || values.csv === true;
  const limit = values.limit === undefined ? (isWhole ? Infinity : 20) : wholeNumberOption('--limit', values.limit, 1);
  const history = openHistory(env);
  try {
    if (values.json === true) return await list(terminal, history, query, limit, jsonLine);
    if (values.csv !== true)
      return await list(
        terminal,
        history,
        query,
        limit,
        (call) => `${callLines(call).join('\n')}\n\n`,
        'No such call is kept.\n',
      );
    await write(csvHead);
    return await list(terminal, history, query, limit, csvLine);
  } finally {
    await history.close();
  }
}

/** Writes page after page, no faster than it is read. */
async function list(
  { write, complain }: Terminal,
  history: OpenedHistory,
  query: HistoryQuery,
  limit: number,
  text: (call: PastCall) => string,
  none = '',
): Promise<number> {
  let left = limit;
  for (let after: string | null = null; left > 0;) {
    const page = await history.list(query, { after, limit: Math.min(left, pageCallsMax) });
    left -= page.calls.length;
    const words = after === null && page.calls.length === 0 ? none : page.calls.map(text).join('');
    await write(words);
    if (page.next === null || left <= 0) {
      if (page.missing !== null) complain(page.missing);
      if (page.next !== null && none !== '') complain('There are more: see --limit.');
      return 0;
    }
    after = page.next;
  }
  return 0;
}

/** JSON writes some of the signs that a terminal obeys as they are. */
function jsonLine(call: PastCall): string {
  return `${JSON.stringify(call).replaceAll(/[\u007f-\u009f]/g, (sign) => `\\u00${sign.charCodeAt(0).toString(16)}`)}\n`;
}

/** An outcome by its name or in the words of the list. */
function outcomeOption(text: string | undefined): string | null {
  if (text === undefined) return null;
  const known = [...pastOutcomes].find(([name, words]) => name === text || words === text);
  if (known !== undefined) return known[0];
  throw new ParleyError('config.invalid', `--outcome wants one of ${outcomeNames.join(', ')}, and not "${text}".`);
}

function boundOption(option: string, text: string | undefined): number | null {
  if (text === undefined) return null;
  const bound = parseBound(text, Date.now());
  if (bound !== null) return bound;
  throw new ParleyError(
    'config.invalid',
    `${option} wants a time, such as 7d, 15:04, "yesterday 15:04" or 2026-11-27, and not "${text}".`,
  );
}

export const callsCommand: Command = { usage, run: main };

if (import.meta.main) await startCommand(callsCommand);
