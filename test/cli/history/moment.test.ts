import { expect, test } from 'vitest';
import { parseBound, parseMoment } from '../../../src/cli/history/moment.ts';

/** A Saturday, 10:30 in the morning, in the zone of the machine. */
const nowMs = new Date(2026, 10, 28, 10, 30).getTime();

test.for<[string, Date, number]>([
  ['10:04', new Date(2026, 10, 28, 10, 4), 60_000],
  ['15:04', new Date(2026, 10, 27, 15, 4), 60_000],
  ['9:04:07', new Date(2026, 10, 28, 9, 4, 7), 1_000],
  ['yesterday 15:04', new Date(2026, 10, 27, 15, 4), 60_000],
  ['Today 15:04', new Date(2026, 10, 28, 15, 4), 60_000],
  ['2026-11-01 15:04', new Date(2026, 10, 1, 15, 4), 60_000],
  ['2026-11-01T15:04:05', new Date(2026, 10, 1, 15, 4, 5), 1_000],
  ['yesterday', new Date(2026, 10, 27), 86_400_000],
  ['2026-11-01', new Date(2026, 10, 1), 86_400_000],
])('%s is the time that a person means by it', ([text, from, ms]) => {
  const moment = parseMoment(text, nowMs);
  expect(moment).toEqual({ fromMs: from.getTime(), untilMs: from.getTime() + ms });
});

test.for(['', '25:00', '10:60', '1504', 'tomorrow 10:00', '2026-13-01', 'CA0', '+12025550101', '2026-11-01 x'])(
  '"%s" is no time',
  (text) => expect(parseMoment(text, nowMs)).toBeNull(),
);

test('a bound may also say how long ago', () => {
  expect(parseBound('90m', nowMs)).toBe(nowMs - 90 * 60_000);
  expect(parseBound('7d', nowMs)).toBe(nowMs - 7 * 86_400_000);
  expect(parseBound('yesterday', nowMs)).toBe(new Date(2026, 10, 27).getTime());
  expect(parseBound('7 days', nowMs)).toBeNull();
});
