import { describe, expect, test } from 'vitest';
import {
  fitsBehind,
  scrolled,
  showing,
  ticksOf,
  timeText,
  wholeView,
  zoomed,
} from '../../../../web/call/tracks/view.ts';

const hourMs = 3_600_000;

describe('what is seen of a call', () => {
  test('is all of it at first, and never more', () => {
    expect(wholeView(hourMs)).toEqual({ fromMs: 0, spanMs: hourMs });
    expect(zoomed(wholeView(hourMs), 2, 5_000, hourMs)).toEqual(wholeView(hourMs));
    expect(scrolled(wholeView(hourMs), 5_000, hourMs)).toEqual(wholeView(hourMs));
  });

  test('keeps the moment under the pointer where it is when it comes closer', () => {
    const closer = zoomed({ fromMs: 10_000, spanMs: 20_000 }, 0.5, 15_000, hourMs);
    expect(closer).toEqual({ fromMs: 12_500, spanMs: 10_000 });
    expect((15_000 - closer.fromMs) / closer.spanMs).toBe(0.25);
  });

  test('is a tenth of a second at least, and stays within the call', () => {
    expect(zoomed({ fromMs: 0, spanMs: 200 }, 1e-9, 100, hourMs).spanMs).toBe(100);
    expect(scrolled({ fromMs: 0, spanMs: 1_000 }, -500, hourMs).fromMs).toBe(0);
    expect(scrolled({ fromMs: 0, spanMs: 1_000 }, 2 * hourMs, hourMs).fromMs).toBe(hourMs - 1_000);
    expect(wholeView(0)).toEqual({ fromMs: 0, spanMs: 100 });
  });

  test('moves to a moment only when that is out of sight', () => {
    const view = { fromMs: 1_000, spanMs: 1_000 };
    expect(showing(view, 1_500, hourMs)).toBe(view);
    expect(showing(view, 5_000, hourMs)).toEqual({ fromMs: 4_900, spanMs: 1_000 });
  });
});

test('the time axis has marks that a person counts in, not too many', () => {
  expect(ticksOf({ fromMs: 0, spanMs: hourMs }, 1_000)).toMatchObject({ stepMs: 300_000 });
  expect(ticksOf({ fromMs: 1_234, spanMs: 1_000 }, 800)).toEqual({
    stepMs: 100,
    ticks: [1_300, 1_400, 1_500, 1_600, 1_700, 1_800, 1_900, 2_000, 2_100, 2_200],
  });
  expect(ticksOf({ fromMs: 0, spanMs: 100 * hourMs }, 0).ticks.length).toBeLessThan(102);
});

test('a time that would be cut off at the end of the axis stands before its mark', () => {
  expect(fitsBehind('0:30', 40)).toBe(true);
  expect(fitsBehind('0:30', 18)).toBe(false);
  expect(fitsBehind('1:01:30.25', 40)).toBe(false);
});

test('times and lengths are written as people read them', () => {
  expect([timeText(0, 1_000), timeText(62_345, 1_000), timeText(62_345, 100), timeText(62_345, 10)]).toEqual([
    '0:00',
    '1:02',
    '1:02.3',
    '1:02.35',
  ]);
  expect(timeText(hourMs + 59_999, 100)).toBe('1:01:00.0');
});
