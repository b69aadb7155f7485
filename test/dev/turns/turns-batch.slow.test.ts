import { expect, test } from 'vitest';
import { turnRows } from '../../../dev/turns/material/turn-rows.ts';
import { runTurns } from '../../../dev/turns/turns-batch.ts';

test.each(turnRows)('in $name everything happens that should', (row) => {
  const results = [1, 2, 3].map((seed) =>
    runTurns({
      row: row.name,
      half: 'tuned',
      seed,
      profile: 'ideal',
      turnDetection: 'automatic',
      rule: {},
      eventsMax: 1,
    }),
  );
  // A caller may find nothing to interrupt.
  expect(results.flatMap(({ events }) => events).length).toBeGreaterThanOrEqual(2);
  expect(results.flatMap(({ broken }) => broken)).toEqual([]);
  expect(results.reduce((sum, { greetingRestarts }) => sum + greetingRestarts, 0)).toBe(0);
});
