import { type EpochDay, momentOf, monthDayOf, wallTimeAt, weekdayOf } from './wall-clock.ts';

/** When somebody is there, in minutes from midnight. `toMinute` is beyond 1,440 when it is over after midnight. */
export interface OpenSpan {
  readonly fromMinute: number;
  readonly toMinute: number;
}

/** The spans of each weekday, Monday first, in order and apart from each other. */
export type WeekHours = readonly (readonly OpenSpan[])[];

/** Days that differ from the week. A day and its night belong together: what begins on another day goes on after midnight. */
export interface Holiday {
  readonly when:
    | { readonly kind: 'once'; readonly fromDay: EpochDay; readonly toDay: EpochDay }
    | { readonly kind: 'yearly'; readonly month: number; readonly dayOfMonth: number };
  /** Empty: closed. */
  readonly spans: readonly OpenSpan[];
  readonly name: string | null;
}

/** When a business is open. */
export interface Schedule {
  /** Null: nobody said. */
  readonly week: WeekHours | null;
  readonly holidays: readonly Holiday[];
  /** IANA name. */
  readonly timeZone: string;
}

/** Whether a business is open, and when that changes, in Unix ms; null when it does not within two months. */
export interface OpenState {
  readonly isOpen: boolean;
  readonly changesAtMs: number | null;
}

/** Nobody plans a call for later, and to look at a day takes some 30 µs. */
const daysAhead = 62;

/** Whether the business is open at a moment, and when it closes or opens next; null when nobody said. */
export function openState(schedule: Schedule, atMs: number): OpenState | null {
  const { week, timeZone } = schedule;
  if (week === null) return null;
  const today = wallTimeAt(atMs, timeZone).day;
  /** When the present stretch of open hours ends. Spans that touch are one stretch. */
  let closesAtMs: number | null = null;
  for (let day = today - 1; day <= today + daysAhead; day += 1) {
    for (const span of spansOn(schedule, week, day)) {
      const fromMs = momentOf(day, span.fromMinute, timeZone);
      const toMs = momentOf(day, span.toMinute, timeZone);
      // A span may lie in the hour that is left out in spring.
      if (toMs <= fromMs || toMs <= (closesAtMs ?? atMs)) continue;
      if (fromMs > (closesAtMs ?? atMs)) {
        return closesAtMs === null ? { isOpen: false, changesAtMs: fromMs } : { isOpen: true, changesAtMs: closesAtMs };
      }
      closesAtMs = toMs;
    }
  }
  if (closesAtMs === null) return { isOpen: false, changesAtMs: null };
  const endMs = momentOf(today + daysAhead, 0, timeZone);
  return { isOpen: true, changesAtMs: closesAtMs >= endMs ? null : closesAtMs };
}

/** The holiday that a day is; null for a usual one. A date of this year counts more than one of every year. */
export function holidayOn({ holidays }: Pick<Schedule, 'holidays'>, day: EpochDay): Holiday | null {
  const { month, dayOfMonth } = monthDayOf(day);
  const yearly = ({ when }: Holiday): boolean =>
    when.kind === 'yearly' && when.month === month && when.dayOfMonth === dayOfMonth;
  const once = ({ when }: Holiday): boolean => when.kind === 'once' && day >= when.fromDay && day <= when.toDay;
  return holidays.find(once) ?? holidays.find(yearly) ?? null;
}

function spansOn(schedule: Schedule, week: WeekHours, day: EpochDay): readonly OpenSpan[] {
  return holidayOn(schedule, day)?.spans ?? week[weekdayOf(day)] ?? [];
}
