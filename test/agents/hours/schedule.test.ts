import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseBusinessHours } from '../../../src/agents/hours/business-hours.ts';
import { parseHolidays } from '../../../src/agents/hours/holidays.ts';
import { holidaysInWords, openInWords, weekInWords } from '../../../src/agents/hours/hours-in-words.ts';
import { openState, type Schedule } from '../../../src/agents/hours/schedule.ts';
import { momentOf, wallTimeAt } from '../../../src/agents/hours/wall-clock.ts';

function scheduleOf(hours: string, timeZone: string, days = ''): Schedule {
  const read = parseBusinessHours(hours);
  const holidays = parseHolidays(days);
  if ('problems' in read || 'problems' in holidays) throw new RangeError('A test wants hours that can be read.');
  return { week: read.week, holidays: holidays.holidays, timeZone };
}

/** Unix ms of a time on the wall, as `2026-03-29 3:30`. */
function at(wall: string, timeZone: string): number {
  const [date = '', time = ''] = wall.split(' ');
  const [hour = 0, minute = 0] = time.split(':').map(Number);
  return momentOf(Date.parse(date) / 86_400_000, hour * 60 + minute, timeZone);
}

const vienna = 'Europe/Vienna';
const office = scheduleOf('Mon-Fri 9:00-17:30; Sat 10-14', vienna);
const bar = scheduleOf('Fri-Sat 18:00-02:00', vienna);

describe('a business', () => {
  test.for([
    [office, '2026-11-30 8:59', 'closed until 9:00 today'],
    [office, '2026-11-30 9:00', 'open until 17:30 today'],
    [office, '2026-11-30 17:29', 'open until 17:30 today'],
    [office, '2026-11-30 17:30', 'closed until 9:00 tomorrow, Tuesday 1 December 2026'],
    [office, '2026-12-05 15:00', 'closed until 9:00 on Monday 7 December 2026'],
    [bar, '2026-12-04 23:30', 'open until 2:00 tomorrow, Saturday 5 December 2026'],
    [bar, '2026-12-05 1:59', 'open until 2:00 today'],
    [bar, '2026-12-06 2:00', 'closed until 18:00 on Friday 11 December 2026'],
    [scheduleOf('24/7', vienna), '2026-12-06 2:00', 'open around the clock'],
    [scheduleOf('Mon-Sun closed', vienna), '2026-12-06 2:00', 'closed for the next two months'],
    // Spans that touch at midnight are one.
    [
      scheduleOf('Mon 9-24; Tue 0-12', vienna),
      '2026-11-30 10:00',
      'open until 12:00 tomorrow, Tuesday 1 December 2026',
    ],
    // The night of a day goes on over the beginning of the next.
    [
      scheduleOf('Fri 18-02; Sat 1-3', vienna),
      '2026-12-04 20:00',
      'open until 3:00 tomorrow, Saturday 5 December 2026',
    ],
  ] as const)('case %#', ([schedule, wall, words]) => {
    expect(openInWords(schedule, at(wall, vienna))).toBe(words);
  });

  test('of which nobody said when it is open is neither open nor closed', () => {
    expect(openInWords({ ...office, week: null }, at('2026-11-30 10:00', vienna))).toBeNull();
    expect(openState({ ...office, week: null }, 0)).toBeNull();
  });
});

describe('holidays', () => {
  const schedule = scheduleOf(
    'Mon-Fri 9-17',
    vienna,
    '2026-12-24 closed Christmas Eve; 12-25 closed Christmas Day; 2026-12-31 9-12; 2027-12-25 10-12',
  );

  test.for([
    ['2026-12-23 17:00', 'closed until 9:00 on Monday 28 December 2026'],
    ['2026-12-24 10:00', 'closed until 9:00 on Monday 28 December 2026'],
    ['2026-12-31 10:00', 'open until 12:00 today'],
    // A date of this year counts more than one of every year.
    ['2027-12-25 10:30', 'open until 12:00 today'],
    ['2028-12-25 10:30', 'closed until 9:00 tomorrow, Tuesday 26 December 2028'],
  ] as const)('%s', ([wall, words]) => {
    expect(openInWords(schedule, at(wall, vienna))).toBe(words);
  });

  test('take a day with its night, and leave that of the day before', () => {
    const closedSaturday = scheduleOf('Fri-Sat 18-02', vienna, '2026-12-05');
    expect(openInWords(closedSaturday, at('2026-12-05 1:00', vienna))).toBe('open until 2:00 today');
    expect(openInWords(closedSaturday, at('2026-12-06 1:00', vienna))).toBe(
      'closed until 18:00 on Friday 11 December 2026',
    );
  });

  test('of the next weeks are told, with today', () => {
    expect(holidaysInWords(schedule, at('2026-12-24 8:00', vienna))).toEqual([
      'today, Thursday 24 December 2026 (Christmas Eve): closed',
      'Friday 25 December 2026 (Christmas Day): closed',
      'Thursday 31 December 2026: 9:00 to 12:00',
    ]);
    expect(holidaysInWords(schedule, at('2026-06-24 8:00', vienna))).toEqual([]);
  });
});

describe('where the clock is changed', () => {
  test.for([
    // Spring: the hour from 2 to 3 is left out.
    [bar, '2026-03-29 1:59', true, '2026-03-29T01:00:00.000Z'],
    [scheduleOf('Sun 2:15-2:45', vienna), '2026-03-29 1:00', false, '2026-03-29T01:15:00.000Z'],
    [scheduleOf('Sun 2:45-3:10', vienna), '2026-03-29 1:00', false, '2026-04-05T00:45:00.000Z'],
    [scheduleOf('Sun 1-4', vienna), '2026-03-29 3:30', true, '2026-03-29T02:00:00.000Z'],
    // Autumn: the hour from 2 to 3 comes twice, and what ends in it ends the first time.
    [scheduleOf('Sat 20-2:30', vienna), '2026-10-25 1:59', true, '2026-10-25T00:30:00.000Z'],
    [scheduleOf('Sun 9-17', vienna), '2026-10-24 12:00', false, '2026-10-25T08:00:00.000Z'],
  ] as const)('in Vienna, case %#', ([schedule, wall, isOpen, changes]) => {
    const state = openState(schedule, at(wall, vienna));
    expect(state).toEqual({ isOpen, changesAtMs: Date.parse(changes) });
  });

  test.for([
    // Half an hour in Lord Howe, southern summers, zones of half and quarter hours.
    ['Australia/Lord_Howe', '2026-04-05 1:00', '2026-04-04T22:30:00.000Z'],
    ['Australia/Lord_Howe', '2026-10-04 1:00', '2026-10-03T22:00:00.000Z'],
    ['Australia/Adelaide', '2026-04-05 1:00', '2026-04-04T23:30:00.000Z'],
    ['Australia/Adelaide', '2026-10-04 1:00', '2026-10-03T22:30:00.000Z'],
    ['Pacific/Auckland', '2026-09-27 1:00', '2026-09-26T20:00:00.000Z'],
    ['America/Santiago', '2026-09-06 2:00', '2026-09-06T12:00:00.000Z'],
    ['America/St_Johns', '2026-03-08 1:00', '2026-03-08T11:30:00.000Z'],
    ['Asia/Kolkata', '2026-03-29 1:00', '2026-03-29T03:30:00.000Z'],
    ['Asia/Kathmandu', '2026-03-29 1:00', '2026-03-29T03:15:00.000Z'],
  ] as const)('%s opens at nine by its own clock', ([timeZone, wall, opens]) => {
    const schedule = scheduleOf('daily 9-17', timeZone);
    expect(openState(schedule, at(wall, timeZone))).toEqual({ isOpen: false, changesAtMs: Date.parse(opens) });
  });
});

test('the state at any moment is what the clock says minute by minute, and the next change is the next minute that differs', () => {
  const zones = ['Europe/Vienna', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'Pacific/Auckland'];
  const hours = ['Mon-Fri 9-17:30; Sat 10-14', 'Fri-Sat 18-2', 'daily 0:30-2:15, 22-24', 'Sun 1:45-3:15; Mon 9-12'];
  // Days around the changes of the clock are drawn as often as all others.
  const changes = ['2026-03-08', '2026-03-29', '2026-04-05', '2026-09-27', '2026-10-04', '2026-10-25', '2026-11-01'];
  const start = fc.oneof(
    fc.constantFrom(...changes).map((date) => Date.parse(date) - 86_400_000),
    fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2028, 0, 1) }),
  );
  fc.assert(
    fc.property(
      fc.constantFrom(...zones),
      fc.constantFrom(...hours),
      start,
      fc.integer({ min: 0, max: 2 * 1440 }),
      (timeZone, text, startMs, minutes) => {
        const schedule = scheduleOf(text, timeZone);
        const atMs = startMs - (startMs % 60_000) + minutes * 60_000;
        const state = openState(schedule, atMs);
        const changesAtMs = state?.changesAtMs ?? Number.NaN;
        expect(state?.isOpen).toBe(isOpenByMoments(schedule, atMs));
        expect(changesAtMs).toBeGreaterThan(atMs);
        expect(isOpenByMoments(schedule, changesAtMs)).toBe(!state?.isOpen);
        expect(isOpenByMoments(schedule, changesAtMs - 60_000)).toBe(state?.isOpen);
        for (let step = 1; step < 10; step += 1) {
          const betweenMs = atMs + Math.floor(((changesAtMs - atMs) * step) / 10);
          expect(isOpenByMoments(schedule, betweenMs)).toBe(state?.isOpen);
        }
      },
    ),
    { numRuns: 100 },
  );
});

/** Whether a moment lies in the span of some day, all of which are looked at. */
function isOpenByMoments({ week, timeZone }: Schedule, atMs: number): boolean {
  const today = wallTimeAt(atMs, timeZone).day;
  return [-2, -1, 0, 1].some((ahead) =>
    (week?.[(((today + ahead + 3) % 7) + 7) % 7] ?? []).some(
      ({ fromMinute, toMinute }) =>
        momentOf(today + ahead, fromMinute, timeZone) <= atMs && atMs < momentOf(today + ahead, toMinute, timeZone),
    ),
  );
}

test('the week is told in runs of equal days', () => {
  expect(weekWords('Mon-Fri 9-12,13-17:30; Sat 10-14')).toBe(
    'Monday to Friday 9:00 to 12:00 and 13:00 to 17:30; Saturday 10:00 to 14:00; Sunday closed',
  );
  expect(weekWords('24/7')).toBe('Monday to Sunday all day');
  expect(weekWords('Fri-Sat 18-2; Sun 12-24')).toBe(
    'Monday to Thursday closed; Friday and Saturday 18:00 to 2:00 of the next day; Sunday 12:00 to midnight',
  );
});

function weekWords(text: string): string {
  return weekInWords(scheduleOf(text, vienna).week ?? []);
}
