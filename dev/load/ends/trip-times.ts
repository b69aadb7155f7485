import type { Trips } from '../load-orders.ts';
import { quantilesOf } from '../../figures/quantiles.ts';

/** How long numbered messages of one direction were on their way. */
export class TripTimes {
  readonly #sentMs: Float64Array;
  #tripsMs: number[] = [];

  /** `numbers`: how many there are, before the first is used again. */
  constructor(numbers: number) {
    this.#sentMs = new Float64Array(numbers).fill(Number.NaN);
  }

  get tripsMs(): readonly number[] {
    return this.#tripsMs;
  }

  sent(number: number, atMs: number): void {
    this.#sentMs[number % this.#sentMs.length] = atMs;
  }

  /** A message came. The same number counts once for each time that it was sent. */
  came(number: number, atMs: number): void {
    const sentMs = this.#sentMs[number] ?? Number.NaN;
    if (Number.isNaN(sentMs)) return;
    this.#sentMs[number] = Number.NaN;
    this.#tripsMs.push(atMs - sentMs);
  }

  startOver(): void {
    this.#tripsMs = [];
  }
}

/** The figures of all these trips. */
export function tripsOf(all: readonly (readonly number[])[]): Trips {
  const trips = all.flat();
  const at = quantilesOf(trips);
  return { p50Ms: at(0.5), p99Ms: at(0.99), maxMs: at(1), count: trips.length };
}
