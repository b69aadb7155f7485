import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseBusinessHours } from '../../../src/agents/hours/business-hours.ts';
import type { OpenSpan, WeekHours } from '../../../src/agents/hours/schedule.ts';

function weekOf(text: string): WeekHours {
  const read = parseBusinessHours(text);
  if ('problems' in read) throw new RangeError(read.problems.join('\n'));
  return read.week;
}

function problemsOf(text: string): readonly string[] {
  const read = parseBusinessHours(text);
  return 'problems' in read ? read.problems : [];
}

const span = (fromHour: number, toHour: number): OpenSpan => ({ fromMinute: fromHour * 60, toMinute: toHour * 60 });
const nine = [span(9, 17.5)];
const none: OpenSpan[] = [];

describe('hours as people write them', () => {
  test.for([
    ['Mon-Fri 9:00-17:30; Sat 10-14', [nine, nine, nine, nine, nine, [span(10, 14)], none]],
    ['mon – fri: 09.00 – 17h30', [nine, nine, nine, nine, nine, none, none]],
    ['Monday to Friday 9am to 5:30pm', [nine, nine, nine, nine, nine, none, none]],
    ['weekdays 9 a.m. - 5:30 p.m.\nSaturdays closed', [nine, nine, nine, nine, nine, none, none]],
    ['Mon, Wed & Fri 9-17:30;', [nine, none, nine, none, nine, none, none]],
    ['Tu 13-17, 9-12', [none, [span(9, 12), span(13, 17)], none, none, none, none, none]],
    ['Fri 18:00-02:00', [none, none, none, none, [span(18, 26)], none, none]],
    ['Sat-Mon 12pm-12am', [[span(12, 24)], none, none, none, none, [span(12, 24)], [span(12, 24)]]],
    ['24/7', Array.from({ length: 7 }, () => [span(0, 24)])],
    ['daily 24 hours', Array.from({ length: 7 }, () => [span(0, 24)])],
    ['every day 0-24', Array.from({ length: 7 }, () => [span(0, 24)])],
    [
      'weekends 10-12 and 14-16',
      [none, none, none, none, none, [span(10, 12), span(14, 16)], [span(10, 12), span(14, 16)]],
    ],
  ] as const)('%s', ([text, week]) => {
    expect(weekOf(text)).toEqual(week);
  });

  test('come back from every week that can be written down', () => {
    const dayNames = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
    const minute = fc.integer({ min: 0, max: 1439 });
    const spans = fc
      .uniqueArray(minute, { minLength: 0, maxLength: 8 })
      .map((minutes) => minutes.toSorted((one, other) => one - other))
      .map((minutes) =>
        minutes.flatMap((fromMinute, index) => {
          const toMinute = minutes[index + 1];
          return index % 2 === 1 || toMinute === undefined ? [] : [{ fromMinute, toMinute }];
        }),
      );
    fc.assert(
      fc.property(fc.tuple(spans, spans, spans, spans, spans, spans, spans), (week) => {
        const text = week.map((ofDay, day) => {
          const times = ofDay.map(({ fromMinute, toMinute }) => `${clock(fromMinute)}-${clock(toMinute)}`);
          return `${dayNames[day]} ${times.join(', ') || 'closed'}`;
        });
        expect(weekOf(text.join('; '))).toEqual(week);
      }),
      { numRuns: 200 },
    );
  });
});

describe('hours that cannot be meant', () => {
  test.for([
    ['Mon-Fry 9-17', 'has a wrong entry 1: it has "fry", which is no day;'],
    ['Mon-Fri 9-17; Sta 10-14', 'has a wrong entry 2: it has "sta", which is no day;'],
    ['Mon-Fri 9-5', 'it has "9-5", which would last 20 hours; write 9-17 or 9am-5pm;'],
    ['Mon 9-25', 'it has "9-25", which is no time of day;'],
    ['Mon 9:60-10', 'it has "9:60-10", which is no time of day;'],
    ['Mon 13pm-14', 'it has "13pm-14", which is no time of day;'],
    ['Mon 9-9', 'it has "9-9", which begins when it ends; for a whole day write 0-24;'],
    ['Mon 9-12, 11-14', 'it has times that overlap ("9-12, 11-14");'],
    ['Mon', 'it has no times ("Mon");'],
    ['9-17', 'it names no day;'],
    ['Mon 9', 'it has "9", which is no time of day;'],
    ['Mon 9-17 or so', 'it has "9-17 or so", which is no time of day;'],
    ['', 'it has no times ("");'],
    ['Mon-Fri 9-17; Fri 9-15', 'names Friday twice, again in entry 2; put all times of a day into one entry'],
  ] as const)('%s', ([text, problem]) => {
    expect(problemsOf(text).join('\n')).toContain(problem);
  });

  test('are all named at once, each with what is wanted', () => {
    const problems = problemsOf('Mno 9-17; Tue 9-12; Wed 25-26');
    expect(problems).toHaveLength(2);
    for (const problem of problems) expect(problem).toMatch(/such as Mon-Fri 9:00-17:30; Sat 10-14; Sun closed\.$/);
  });

  test('never throw, whatever the text', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(...'Mon-Fri 0123456789:,;apm'.split('')) })),
        (text) => {
          const read = parseBusinessHours(text);
          expect('week' in read ? read.week.length : read.problems.length).toBeGreaterThan(0);
        },
      ),
    );
  });
});

function clock(minute: number): string {
  return `${Math.floor(minute / 60)}:${String(minute % 60).padStart(2, '0')}`;
}
