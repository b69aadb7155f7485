import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dayInWords, dayOf, momentOf, wallTimeAt, weekdayOf, zoneName } from '../../../src/agents/hours/wall-clock.ts';
import { engineMoment, engineWallTime, hasTemporal } from './temporal.ts';

const zones = [
  'UTC',
  'Europe/Vienna',
  'America/New_York',
  'America/St_Johns',
  'Asia/Kolkata',
  'Asia/Kathmandu',
  'Australia/Adelaide',
  'Australia/Lord_Howe',
  'Pacific/Auckland',
  'Pacific/Chatham',
  'America/Santiago',
  'Africa/Casablanca',
];
const zone = fc.constantFrom(...zones);
const from = Date.UTC(2020, 0, 1);
const until = Date.UTC(2040, 0, 1);

describe.skipIf(!hasTemporal)('calendar and clock of a zone', () => {
  test('are those of the engine at any moment of twenty years', () => {
    fc.assert(
      fc.property(zone, fc.integer({ min: from, max: until }), (timeZone, unixMs) => {
        expect(wallTimeAt(unixMs, timeZone)).toEqual(engineWallTime(unixMs, timeZone));
      }),
      { numRuns: 1000 },
    );
  });

  test('lead back to the moment that the engine finds, also around both changes of the clock', () => {
    fc.assert(
      fc.property(
        zone,
        fc.integer({ min: 18_262, max: 25_567 }),
        fc.integer({ min: 0, max: 2879 }),
        (tz, day, minute) => {
          expect(momentOf(day, minute, tz)).toBe(engineMoment(day, minute, tz));
        },
      ),
      { numRuns: 1000 },
    );
    const changes: readonly (readonly [string, number, number, number])[] = [
      ['Europe/Vienna', 2026, 3, 29],
      ['Europe/Vienna', 2026, 10, 25],
      ['America/New_York', 2026, 3, 8],
      ['America/New_York', 2026, 11, 1],
      ['Australia/Lord_Howe', 2026, 4, 5],
      ['Australia/Lord_Howe', 2026, 10, 4],
      ['Australia/Adelaide', 2026, 4, 5],
      ['Australia/Adelaide', 2026, 10, 4],
      ['America/Santiago', 2026, 9, 6],
    ];
    for (const [timeZone, ...date] of changes) {
      const day = dayOf(...date) ?? Number.NaN;
      for (let minute = 0; minute < 1440; minute += 15) {
        expect(momentOf(day, minute, timeZone), `${timeZone} ${date.join('-')} ${minute}`).toBe(
          engineMoment(day, minute, timeZone),
        );
      }
    }
  });
});

test('a time that is left out in spring is as much later as the clock is moved, and one that comes twice is the first', () => {
  const spring = dayOf(2026, 3, 29) ?? Number.NaN;
  expect(momentOf(spring, 150, 'Europe/Vienna')).toBe(Date.UTC(2026, 2, 29, 1, 30));
  const autumn = dayOf(2026, 10, 25) ?? Number.NaN;
  expect(momentOf(autumn, 150, 'Europe/Vienna')).toBe(Date.UTC(2026, 9, 25, 0, 30));
});

test('a zone is known by its IANA name in any letters, and an offset is none', () => {
  expect(zoneName('europe/vienna')).toBe('Europe/Vienna');
  expect(zoneName('UTC')).toBe('UTC');
  // The engine knows these zones by older names.
  for (const text of ['Asia/Kathmandu', 'Asia/Kolkata', 'Europe/Kyiv']) expect(zoneName(text)).toBe(text);
  for (const text of ['+01:00', 'Europe/Viena', 'Vienna', '', 'CEST!']) expect(zoneName(text)).toBeNull();
});

test('days have their weekday and their words, and a calendar without a date says so', () => {
  const day = dayOf(2026, 12, 24) ?? Number.NaN;
  expect(weekdayOf(day)).toBe(3);
  expect(dayInWords(day)).toBe('Thursday 24 December 2026');
  expect(weekdayOf(-1)).toBe(2);
  expect(dayOf(2026, 2, 29)).toBeNull();
  expect(dayOf(2028, 2, 29)).not.toBeNull();
  expect(dayOf(2026, 13, 1)).toBeNull();
});
