import { expect, test } from 'vitest';
import { placed, rowsOf } from '../../../../web/call/tracks/placed.ts';

const view = { fromMs: 1_000, spanMs: 1_000 };

test('only what is seen is placed, in pixels', () => {
  const spans = [
    { fromMs: 0, toMs: 900 },
    { fromMs: 900, toMs: 1_100 },
    { fromMs: 1_500, toMs: 1_600 },
    { fromMs: 2_100, toMs: 2_200 },
  ];
  expect(placed(spans, view, 500)).toEqual([
    { item: spans[1], leftPx: -1, widthPx: 51, more: 0 },
    { item: spans[2], leftPx: 250, widthPx: 50, more: 0 },
  ]);
});

test('what is too close to be told apart is one, which counts the others: a row never holds more than its width', () => {
  const moments = Array.from({ length: 100_000 }, (_, at) => ({ fromMs: 1_000 + at / 100, toMs: 1_000 + at / 100 }));
  const seen = placed(moments, view, 500);
  expect(seen.length).toBeLessThanOrEqual(170);
  expect(seen.reduce((sum, { more }) => sum + 1 + more, 0)).toBe(100_000);
});

test('what overlaps stands in different rows, and there are not more rows than wanted', () => {
  const spans = [1, 2, 3, 4].map((at) => ({ fromMs: at, toMs: at + 2.5 }));
  expect(rowsOf(spans, 4)).toEqual([[spans[0], spans[3]], [spans[1]], [spans[2]]]);
  expect(rowsOf(spans, 2)).toEqual([
    [spans[0], spans[3]],
    [spans[1], spans[2]],
  ]);
  expect(rowsOf([], 2)).toEqual([]);
});
