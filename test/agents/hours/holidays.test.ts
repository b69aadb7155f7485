import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseHolidays } from '../../../src/agents/hours/holidays.ts';
import { dayOf } from '../../../src/agents/hours/wall-clock.ts';

function day(...date: Parameters<typeof dayOf>): number {
  return dayOf(...date) ?? Number.NaN;
}

test('dates, dates of every year and ranges are read with their times and names', () => {
  const text = `# Closed days
2026-12-24 closed Christmas Eve
2026-12-31: 9-12, 14-16 New Year's Eve; 12-25 Christmas Day
2026-08-03 to 2026-08-14 closed (summer break)
01-01`;
  expect(parseHolidays(text)).toEqual({
    holidays: [
      {
        when: { kind: 'once', fromDay: day(2026, 12, 24), toDay: day(2026, 12, 24) },
        spans: [],
        name: 'Christmas Eve',
      },
      {
        when: { kind: 'once', fromDay: day(2026, 12, 31), toDay: day(2026, 12, 31) },
        spans: [
          { fromMinute: 540, toMinute: 720 },
          { fromMinute: 840, toMinute: 960 },
        ],
        name: "New Year's Eve",
      },
      { when: { kind: 'yearly', month: 12, dayOfMonth: 25 }, spans: [], name: 'Christmas Day' },
      { when: { kind: 'once', fromDay: day(2026, 8, 3), toDay: day(2026, 8, 14) }, spans: [], name: '(summer break)' },
      { when: { kind: 'yearly', month: 1, dayOfMonth: 1 }, spans: [], name: null },
    ],
  });
});

describe('days that cannot be meant are named with what is wanted', () => {
  test.for([
    [
      '24.12.2026 closed',
      'has a wrong entry 1: it begins with no date ("24.12.2026 closed"); a date is written 2026-12-24;',
    ],
    ['2026-02-30 closed', 'it has 2026-02-30, which no calendar has;'],
    ['13-01', 'it has 13-01, which no calendar has;'],
    ['2026-12-31 9-1x', 'it has "9-1x", which is no time;'],
    ['2026-12-31 9-5', 'which would last 20 hours;'],
    ['2026-12-24 closed; 2026-12-24 9-12', 'names a date twice, again in entry 2;'],
    ['2026-12-24\n2026-12-32', 'has a wrong line 2: it has 2026-12-32'],
    ['2026-08-14 to 2026-08-03', 'it ends before it begins;'],
    ['2026-01-01 to 2026-12-31', 'it lasts more than 92 days;'],
    ['12-24 to 2026-12-26', 'it begins with a date of every year and ends with one of a single year;'],
    [`2026-12-24 closed ${'x'.repeat(61)}`, 'it has a name of more than 60 characters'],
  ] as const)('%s', ([text, problem]) => {
    const read = parseHolidays(text);
    expect('problems' in read ? read.problems.join('\n') : '').toContain(problem);
  });
});

test('no text makes the reader throw', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'2026-12-24 closed;\n#:to9'.split('')) }), (text) => {
      const read = parseHolidays(text);
      expect('holidays' in read || read.problems.length > 0).toBe(true);
    }),
  );
});
