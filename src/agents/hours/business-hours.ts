import { type Read, readSpans, spansPattern } from './read-spans.ts';
import type { OpenSpan, WeekHours } from './schedule.ts';

const wanted = 'it wants days and times, such as Mon-Fri 9:00-17:30; Sat 10-14; Sun closed';

/** Each name may be cut after its second letter, as people do. */
const dayNames = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];

const groups: ReadonlyMap<string, readonly number[]> = new Map([
  ['daily', [0, 1, 2, 3, 4, 5, 6]],
  ['every day', [0, 1, 2, 3, 4, 5, 6]],
  ['weekdays', [0, 1, 2, 3, 4]],
  ['weekends', [5, 6]],
]);

/**
 * Reads hours as people write them: `Mon-Fri 9:00-17:30; Sat 10-14; Sun closed`, `24/7`. A day that is not named is closed. Each problem is
 * the rest of a sentence that begins with where the text stands; all are told at once.
 */
export function parseBusinessHours(text: string): { readonly week: WeekHours } | { readonly problems: string[] } {
  if (/^\s*24\s*\/\s*7\s*$/.test(text)) return parseBusinessHours('daily 0-24');
  const week: (readonly OpenSpan[] | null)[] = dayNames.map(() => null);
  const problems: string[] = [];
  const entries = text.split(/[;\n]/).map((entry) => entry.trim());
  for (const [index, entry] of entries.entries()) {
    // A semicolon at the end is no entry.
    if (entry === '' && entries.length > 1) continue;
    const read = readEntry(entry);
    if ('problem' in read) {
      problems.push(`has a wrong entry ${index + 1}: it ${read.problem}; ${wanted}.`);
      continue;
    }
    const { days, spans } = read.value;
    const twice = days.filter((day) => week[day] !== null).map((day) => dayName(day));
    if (twice.length > 0) {
      const example = 'Fri 9-12,13-17';
      problems.push(
        `names ${twice.join(', ')} twice, again in entry ${index + 1}; put all times of a day into one entry, such as ${example}.`,
      );
    }
    for (const day of days) week[day] = spans;
  }
  return problems.length > 0 ? { problems } : { week: week.map((spans) => spans ?? []) };
}

/** The name of a weekday in English; Monday is 0. */
export function dayName(weekday: number): string {
  const name = dayNames[weekday] ?? '';
  return name.charAt(0).toUpperCase() + name.slice(1);
}

function readEntry(entry: string): Read<{ readonly days: readonly number[]; readonly spans: readonly OpenSpan[] }> {
  const lower = entry.toLowerCase().replaceAll(/\s+/g, ' ');
  const start = lower.search(/\d|\bclosed\b/);
  if (start < 0) return { problem: `has no times ("${shown(entry)}")` };
  const days = readDays(lower.slice(0, start).replace(/[\s:,]+$/, ''));
  if ('problem' in days) return days;
  const written = lower.slice(start);
  const [times] = spansPattern.exec(written) ?? [];
  if (times !== written) return { problem: `has "${shown(written)}", which is no time of day` };
  const spans = readSpans(times);
  return 'problem' in spans ? spans : { value: { days: days.value, spans: spans.value } };
}

function readDays(text: string): Read<readonly number[]> {
  if (text === '') return { problem: 'names no day' };
  const days: number[] = [];
  for (const part of text.split(/\s*(?:,|&|\band\b)\s*/)) {
    const group = groups.get(part);
    if (group !== undefined) {
      for (const day of group) days.push(day);
      continue;
    }
    const [first = '', last = first, ...more] = part.split(/\s*(?:-|–|—|\bto\b)\s*/);
    const [from, to] = [dayNumber(first), dayNumber(last)];
    if (from === null || to === null || more.length > 0) {
      const wrong = from === null ? first : to === null ? last : part;
      return { problem: `has "${shown(wrong)}", which is no day` };
    }
    // From Saturday to Monday goes over the end of the week.
    for (let step = 0; step <= (to - from + 7) % 7; step += 1) days.push((from + step) % 7);
  }
  return { value: days };
}

function dayNumber(text: string): number | null {
  const name = text.replace(/\.$/, '');
  const number = dayNames.findIndex((whole) => name.length >= 2 && (whole.startsWith(name) || `${whole}s` === name));
  return number < 0 ? null : number;
}

/** Problems stay one line. */
function shown(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
