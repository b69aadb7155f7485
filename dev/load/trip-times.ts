import type { Trips } from './load-orders.ts';
import { marks } from './marked-sound.ts';

/** How long marked messages of one direction were on their way. */
export class TripTimes {
  readonly #sentMs = new Float64Array(marks).fill(Number.NaN);
  tripsMs: number[] = [];

  sent(mark: number, atMs: number): void {
    this.#sentMs[mark % marks] = atMs;
  }

  /** A message came. The same mark counts once for each time that it was sent. */
  came(mark: number, atMs: number): void {
    const sentMs = this.#sentMs[mark] ?? Number.NaN;
    if (Number.isNaN(sentMs)) return;
    this.#sentMs[mark] = Number.NaN;
    this.tripsMs.push(atMs - sentMs);
  }

  startOver(): void {
    this.tripsMs = [];
  }
}

/** The figures of all these trips. */
export function tripsOf(all: readonly (readonly number[])[]): Trips {
  const sorted = all.flat().toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN;
  return { p50Ms: at(0.5), p99Ms: at(0.99), maxMs: at(1), count: sorted.length };
}
