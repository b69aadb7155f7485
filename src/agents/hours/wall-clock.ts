/** A day of the calendar, counted from 1 January 1970. */
export type EpochDay = number;

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

/** To make one takes longer than to use it a thousand times. A service knows a few zones. */
const formats = new Map<string, Intl.DateTimeFormat>();

/**
 * The IANA name of a zone in its usual letters, such as `Europe/Vienna` for `europe/vienna`; null for anything else. Of a zone with two
 * names, the one that was written stays. An offset such as `+01:00` is none, because it knows no summer.
 */
export function zoneName(text: string): string | null {
  if (!/^[A-Za-z]/.test(text)) return null;
  try {
    const { timeZone } = new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions();
    return timeZone.toLowerCase() === text.toLowerCase() ? timeZone : text;
  } catch {
    return null;
  }
}

/** What calendar and clock on the wall show at a moment. `minute` counts from midnight. */
export function wallTimeAt(unixMs: number, timeZone: string): { readonly day: EpochDay; readonly minute: number } {
  const localMs = unixMs + offsetMs(unixMs, timeZone);
  const day = Math.floor(localMs / dayMs);
  return { day, minute: Math.floor((localMs - day * dayMs) / minuteMs) };
}

/**
 * The moment at which calendar and clock show this, in Unix ms. `minute` may go beyond the day. A time that comes twice, as in autumn, is
 * the first of the two; one that is left out, as in spring, is as much later as the clock is moved.
 */
export function momentOf(day: EpochDay, minute: number, timeZone: string): number {
  const localMs = day * dayMs + minute * minuteMs;
  const before = offsetMs(localMs - dayMs, timeZone);
  const after = offsetMs(localMs + dayMs, timeZone);
  const earlier = Math.max(before, after);
  const later = Math.min(before, after);
  for (const offset of [earlier, later]) {
    if (offsetMs(localMs - offset, timeZone) === offset) return localMs - offset;
  }
  return localMs - before;
}

/** The day of a date; null when the calendar has no such date. Months count from 1. */
export function dayOf(year: number, month: number, dayOfMonth: number): EpochDay | null {
  const date = new Date(Date.UTC(year, month - 1, dayOfMonth));
  const isReal = date.getUTCMonth() === month - 1 && date.getUTCDate() === dayOfMonth;
  return isReal ? date.getTime() / dayMs : null;
}

/** Month and day of a day; months count from 1. */
export function monthDayOf(day: EpochDay): { readonly month: number; readonly dayOfMonth: number } {
  const date = new Date(day * dayMs);
  return { month: date.getUTCMonth() + 1, dayOfMonth: date.getUTCDate() };
}

/** Monday is 0. The first day of 1970 was a Thursday. */
export function weekdayOf(day: EpochDay): number {
  return (((day + 3) % 7) + 7) % 7;
}

/** A day in words, as in "Thursday 24 December 2026". */
export function dayInWords(day: EpochDay): string {
  return longDate.format(day * dayMs).replace(',', '');
}

const longDate = new Intl.DateTimeFormat('en-GB', { dateStyle: 'full', timeZone: 'UTC' });

/** How far the clock on the wall is ahead of UTC. */
function offsetMs(unixMs: number, timeZone: string): number {
  const wholeMs = Math.floor(unixMs / 1000) * 1000;
  const parts = new Map(
    formatOf(timeZone)
      .formatToParts(wholeMs)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const part = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
  const localMs = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
  return localMs - wholeMs;
}

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  const numeric = { year: 'numeric', month: 'numeric', day: 'numeric' } as const;
  const clock = { hour: 'numeric', minute: 'numeric', second: 'numeric', hourCycle: 'h23' } as const;
  const format = new Intl.DateTimeFormat('en', { timeZone, calendar: 'gregory', ...numeric, ...clock });
  formats.set(timeZone, format);
  return format;
}
