import { expect, test } from 'vitest';
import { costText, dateAndTime, timeOfDay, usableLocale, waitTime, wholeCount } from '../../../web/shared/formats.ts';

const at = Date.UTC(2026, 10, 28, 15, 4, 9);

test('times are told in the zone of whoever looks', () => {
  expect(timeOfDay(at, 'Europe/Berlin')).toMatch(/4:04:09|16:04:09/);
  expect(timeOfDay(at, 'America/New_York')).toMatch(/10:04:09/);
  expect(dateAndTime(at, 'Asia/Tokyo')).toMatch(/29/);
});

test('a browser whose language is no tag reads English', () => {
  expect(['de-AT', 'en-us', 'en-US@posix', ''].map(usableLocale)).toEqual(['de-AT', 'en-US', 'en', 'en']);
});

test('waits, sums and counts read as people write them', () => {
  expect([850.4, 2_440, 200_000].map(waitTime)).toEqual(['850 ms', '2.4 s', '3:20']);
  expect(costText({ costUsd: null, tokens: 809 })).toBe('809 tokens');
  expect(costText({ costUsd: 0.004, tokens: 809 })).toBe('$0.0040');
  // Of a call that was turned away, the pages said "$0.00" or "0 tokens", and its own page "none".
  expect([0, null].map((costUsd) => costText({ costUsd, tokens: 0 }))).toEqual(['none', 'none']);
  expect(wholeCount(12_345)).toMatch(/12.345/);
});
