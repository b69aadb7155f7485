import type { TimeSpan } from '../../../src/calllog/timeline/recorded-timeline.ts';
import type { View } from './view.ts';

/** Something that is drawn in a row, in pixels from its left side. */
export interface Placed<Item> {
  readonly item: Item;
  readonly leftPx: number;
  readonly widthPx: number;
  /** How many more are at this place, too close to be told apart. */
  readonly more: number;
}

/** Two things closer than this are one to whoever points at them. */
const apartPxMin = 3;

/** What of a row is seen, and where. Whatever is too close to what is before it is counted there, so that a row never holds too much. */
export function placed<Item extends TimeSpan>(
  items: readonly Item[],
  { fromMs, spanMs }: View,
  widthPx: number,
): Placed<Item>[] {
  const perMs = widthPx / spanMs;
  const seen: { item: Item; leftPx: number; widthPx: number; more: number }[] = [];
  for (const item of items) {
    if (item.toMs < fromMs || item.fromMs > fromMs + spanMs) continue;
    const left = Math.max(-1, (item.fromMs - fromMs) * perMs);
    const right = Math.min(widthPx + 1, (item.toMs - fromMs) * perMs);
    const last = seen.at(-1);
    if (last !== undefined && last.leftPx + last.widthPx < left + apartPxMin && left - last.leftPx < apartPxMin) {
      last.more += 1;
      last.widthPx = Math.max(last.widthPx, right - last.leftPx);
    } else seen.push({ item, leftPx: left, widthPx: Math.max(0, right - left), more: 0 });
  }
  return seen;
}

/** Spreads what overlaps over so many rows at most: what begins before the last one of a row has ended goes to the next. */
export function rowsOf<Item extends TimeSpan>(items: readonly Item[], rowsMax: number): Item[][] {
  const rows: Item[][] = [];
  for (const item of items.toSorted((a, b) => a.fromMs - b.fromMs)) {
    const free = rows.find((row) => (row.at(-1)?.toMs ?? 0) <= item.fromMs);
    if (free !== undefined) free.push(item);
    else if (rows.length < rowsMax) rows.push([item]);
    else rows.at(-1)?.push(item);
  }
  return rows;
}
