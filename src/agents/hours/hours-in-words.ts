import { dayName } from './business-hours.ts';
import { holidayOn, openState, type OpenSpan, type Schedule, type WeekHours } from './schedule.ts';
import { dayInWords, type EpochDay, wallTimeAt } from './wall-clock.ts';

/** Whoever calls asks about the next weeks. */
const holidayDaysAhead = 30;
const holidaysToldMax = 10;

const dayMinutes = 24 * 60;

/** The week for a model that speaks: "Monday to Friday 9:00 to 17:30; Saturday 10:00 to 14:00; Sunday closed". */
export function weekInWords(week: WeekHours): string {
  const runs: { readonly first: number; last: number; readonly words: string }[] = [];
  for (const [weekday, spans] of week.entries()) {
    const words = spansInWords(spans);
    const run = runs.at(-1);
    if (run?.words === words) run.last = weekday;
    else runs.push({ first: weekday, last: weekday, words });
  }
  return runs.map(({ first, last, words }) => `${daysInWords(first, last)} ${words}`).join('; ');
}

/** "open until 17:30 today", "closed until 9:00 on Monday 30 November 2026"; null when nobody said when it is open. */
export function openInWords(schedule: Schedule, atMs: number): string | null {
  const state = openState(schedule, atMs);
  if (state === null) return null;
  const { isOpen, changesAtMs } = state;
  const word = isOpen ? 'open' : 'closed';
  if (changesAtMs === null) return isOpen ? 'open around the clock' : 'closed for the next two months';
  const { day, minute } = wallTimeAt(changesAtMs, schedule.timeZone);
  return `${word} until ${clockInWords(minute)} ${relativeDay(day, wallTimeAt(atMs, schedule.timeZone).day)}`;
}

/** The holidays of the next weeks, one sentence part each: "Thursday 24 December 2026 (Christmas Eve): closed". */
export function holidaysInWords(schedule: Schedule, atMs: number): string[] {
  const today = wallTimeAt(atMs, schedule.timeZone).day;
  const told: string[] = [];
  for (let day = today; day <= today + holidayDaysAhead && told.length < holidaysToldMax; day += 1) {
    const holiday = holidayOn(schedule, day);
    if (holiday === null) continue;
    const name = holiday.name === null ? '' : ` (${holiday.name})`;
    told.push(`${day === today ? 'today, ' : ''}${dayInWords(day)}${name}: ${spansInWords(holiday.spans)}`);
  }
  return told;
}

/** A time of day as the clock shows it: "9:05". */
export function clockInWords(minute: number): string {
  const ofDay = minute % dayMinutes;
  return `${Math.floor(ofDay / 60)}:${String(ofDay % 60).padStart(2, '0')}`;
}

function spansInWords(spans: readonly OpenSpan[]): string {
  if (spans.length === 0) return 'closed';
  return spans.map((span) => spanInWords(span)).join(' and ');
}

function spanInWords({ fromMinute, toMinute }: OpenSpan): string {
  if (fromMinute === 0 && toMinute === dayMinutes) return 'all day';
  const end = toMinute === dayMinutes ? 'midnight' : clockInWords(toMinute);
  return `${clockInWords(fromMinute)} to ${end}${toMinute > dayMinutes ? ' of the next day' : ''}`;
}

function daysInWords(first: number, last: number): string {
  if (first === last) return dayName(first);
  return `${dayName(first)} ${last === first + 1 ? 'and' : 'to'} ${dayName(last)}`;
}

function relativeDay(day: EpochDay, today: EpochDay): string {
  if (day === today) return 'today';
  return day === today + 1 ? `tomorrow, ${dayInWords(day)}` : `on ${dayInWords(day)}`;
}
