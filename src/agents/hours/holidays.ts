import { type Read, readSpans, spansPattern } from './read-spans.ts';
import type { Holiday } from './schedule.ts';
import { dayOf } from './wall-clock.ts';

const wanted = 'it wants a date, times or "closed", and a name if you like, such as 2026-12-31 9-12 New Year’s Eve';

/** Thirty years of the holidays of a country. */
const holidaysMax = 500;

const nameCharactersMax = 60;

/** A company holiday; a longer one would be another way of saying that nobody is there. */
const rangeDaysMax = 92;

type When = Holiday['when'];

/**
 * Reads days that differ from the week, one to a line or with ";" between them: `2026-12-24 closed Christmas Eve`, `12-25` for every year,
 * `2026-08-03 to 2026-08-14 closed`. Without times, a day is closed. A line that begins with "#" is a remark. Each problem is the rest of a
 * sentence that begins with where the text stands.
 */
export function parseHolidays(text: string): { readonly holidays: Holiday[] } | { readonly problems: string[] } {
  const holidays: Holiday[] = [];
  const problems: string[] = [];
  const lines = text.split('\n');
  const where = lines.length > 1 ? 'line' : 'entry';
  const entries =
    lines.length > 1
      ? lines.flatMap((line, index) => partsOf(line).map((entry) => [index + 1, entry] as const))
      : partsOf(text).map((entry, index) => [index + 1, entry] as const);
  const seen = new Set<string>();
  for (const [number, entry] of entries) {
    const read = readHoliday(entry);
    if ('problem' in read) problems.push(`has a wrong ${where} ${number}: it ${read.problem}; ${wanted}.`);
    else if (seen.has(JSON.stringify(read.value.when))) {
      problems.push(`names a date twice, again in ${where} ${number}; put all times of a day into one.`);
    } else {
      seen.add(JSON.stringify(read.value.when));
      holidays.push(read.value);
    }
  }
  if (holidays.length > holidaysMax) problems.push(`has more than ${holidaysMax} dates.`);
  return problems.length > 0 ? { problems } : { holidays };
}

function partsOf(line: string): string[] {
  if (line.trim().startsWith('#')) return [];
  return line
    .split(';')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function readHoliday(entry: string): Read<Holiday> {
  const [whole, first, last] =
    /^((?:\d{4}-)?\d{2}-\d{2})(?:\s*(?:\.\.|–|—|\bto\b|\buntil\b|\s-\s)\s*(\d{4}-\d{2}-\d{2}))?(?=\s|:|$)/i.exec(
      entry,
    ) ?? [];
  if (whole === undefined || first === undefined) {
    return { problem: `begins with no date ("${entry.slice(0, 20)}"); a date is written 2026-12-24` };
  }
  const when = readWhen(first, last);
  if ('problem' in when) return when;
  const rest = entry.slice(whole.length).replace(/^[\s:]+/, '');
  const [times = ''] = spansPattern.exec(rest.toLowerCase()) ?? [];
  const spans = times === '' ? { value: [] } : readSpans(times);
  if ('problem' in spans) return spans;
  const name = rest.slice(times.length).replace(/^[\s:,]+/, '');
  // A time that cannot be read must not become a name, with which the day would be closed.
  if (name !== '' && !/^[\p{L}("']/u.test(name)) return { problem: `has "${name.slice(0, 20)}", which is no time` };
  if (/\p{Cc}/u.test(name) || name.length > nameCharactersMax) {
    return { problem: `has a name of more than ${nameCharactersMax} characters, or one that is no plain text` };
  }
  return { value: { when: when.value, spans: spans.value, name: name === '' ? null : name } };
}

function readWhen(first: string, last: string | undefined): Read<When> {
  if (/^\d{2}-\d{2}$/.test(first)) {
    const [month = 0, dayOfMonth = 0] = first.split('-').map(Number);
    // A leap year, so that 29 February may be named.
    if (dayOf(2028, month, dayOfMonth) === null) return { problem: `has ${first}, which no calendar has` };
    if (last !== undefined) return { problem: 'begins with a date of every year and ends with one of a single year' };
    return { value: { kind: 'yearly', month, dayOfMonth } };
  }
  const fromDay = dayOfText(first);
  const toDay = last === undefined ? fromDay : dayOfText(last);
  if (fromDay === null || toDay === null) {
    return { problem: `has ${fromDay === null ? first : last}, which no calendar has` };
  }
  if (toDay < fromDay) return { problem: 'ends before it begins' };
  if (toDay - fromDay >= rangeDaysMax) return { problem: `lasts more than ${rangeDaysMax} days` };
  return { value: { kind: 'once', fromDay, toDay } };
}

function dayOfText(text: string): number | null {
  const [year = 0, month = 0, dayOfMonth = 0] = text.split('-').map(Number);
  return year < 1971 ? null : dayOf(year, month, dayOfMonth);
}
