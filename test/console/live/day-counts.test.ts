import { expect, test } from 'vitest';
import { DayCounter } from '../../../src/console/live/day-counts.ts';

test('a day begins anew at midnight of the place where the service runs', () => {
  let nowMs = new Date(2026, 10, 20, 23, 59).getTime();
  const refused = new Map([['webhook.signatureInvalid', 3]]);
  const day = new DayCounter(
    () => nowMs,
    () => refused,
  );
  day.began();
  day.began();
  day.ended('callerHungUp');
  expect(day.counts).toEqual({
    sinceMs: nowMs,
    calls: 2,
    byOutcome: { callerHungUp: 1 },
    refused: { 'webhook.signatureInvalid': 3 },
  });
  nowMs += 60_000;
  expect(day.counts).toEqual({ sinceMs: nowMs, calls: 0, byOutcome: {}, refused: {} });
  refused.set('webhook.signatureInvalid', 5);
  day.ended('apologised');
  expect(day.counts).toMatchObject({ byOutcome: { apologised: 1 }, refused: { 'webhook.signatureInvalid': 2 } });
});
