import { expect, test } from 'vitest';
import { turnRows } from '../../../dev/turns/material/turn-rows.ts';
import { runTurns, type TurnsOrder } from '../../../dev/turns/turns-batch.ts';
import { sweepTable } from '../../../dev/turns/sweep-table.ts';
import { turnsTables } from '../../../dev/turns/turns-table.ts';

const order: TurnsOrder = {
  row: 'turns, quiet line',
  half: 'tuned',
  seed: 1,
  profile: 'ideal',
  turnDetection: 'automatic',
  rule: {},
  eventsMax: 1,
};

const rows = ['interruptions, quiet line', 'music', 'turns, quiet line'].map((name) => {
  const row = turnRows.find((one) => one.name === name);
  if (row === undefined) throw new Error(`There is no row ${name}.`);
  return { row, results: [runTurns({ ...order, row: name })] };
});

test('a call gives the same scores on every run', () => {
  const first = rows.find(({ row }) => row.name === order.row)?.results[0];
  expect(first?.events).toHaveLength(1);
  expect(runTurns(order)).toEqual(first);
});

test('the tables have a line for each row', () => {
  const lines = turnsTables(rows).split('\n');
  expect(lines.filter((line) => line.startsWith('| interruptions, quiet line | 1 |'))).toHaveLength(1);
  expect(lines.filter((line) => line.startsWith('| music | 1 |'))).toHaveLength(1);
  expect(lines.filter((line) => line.startsWith('| turns, quiet line | 1 | 100.0 %'))).toHaveLength(1);
  expect(lines).toContain('Greeting begun anew: 0 times in 3 calls.');
});

test('a sweep has a line for each value, with what came of each row', () => {
  const [first] = rows;
  const yieldMs = first?.results[0]?.events[0]?.yieldMs;
  const text = sweepTable('yieldMs', [{ value: 200, rows }]);
  expect(text.split('\n').at(-1)).toBe(`| 200 | 100.0 %, ${yieldMs} ms | 100.0, 100.0 % | 0.0 % begun over |`);
});
