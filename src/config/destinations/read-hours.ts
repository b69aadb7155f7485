import { parseBusinessHours } from '../../agents/hours/business-hours.ts';
import { openInWords } from '../../agents/hours/hours-in-words.ts';
import { type Holiday, openState, type Schedule } from '../../agents/hours/schedule.ts';
import type { OpeningHours } from './opening-hours.ts';

/**
 * Reads the hours of a destination as BUSINESS_HOURS is read: `Mon-Fri 9-17; Sat 10-14`. They hold in this time zone, and not on these
 * holidays. The problem is the rest of a sentence.
 */
export function readHours(
  value: unknown,
  { holidays, timeZone }: { readonly holidays: readonly Holiday[]; readonly timeZone: string },
): { readonly hours: OpeningHours } | { readonly problem: string } {
  if (typeof value !== 'string') return { problem: 'wants a text of days and times, such as Mon-Fri 9:00-17:30.' };
  const read = parseBusinessHours(value);
  if ('problems' in read) return { problem: read.problems.join(' ') };
  const schedule: Schedule = { week: read.week, holidays, timeZone };
  return {
    hours: {
      isOpen: (unixMs) => openState(schedule, unixMs)?.isOpen !== false,
      words: (unixMs) => openInWords(schedule, unixMs) ?? 'open around the clock',
    },
  };
}
