import type { NextRandom } from '../seeded-random.ts';

/** Draws from a seed. Integers only, so that a seed gives the same on every engine. */
export class Draw {
  readonly #next: NextRandom;

  constructor(next: NextRandom) {
    this.#next = next;
  }

  /** A whole number from `min` to `max`, both included. */
  int(min: number, max: number): number {
    return min + (this.#next() % (max - min + 1));
  }

  /** True in `percent` of 100 draws. */
  chance(percent: number): boolean {
    return this.int(1, 100) <= percent;
  }

  oneOf<Item>(items: readonly [Item, ...Item[]]): Item {
    return items[this.int(0, items.length - 1)] ?? items[0];
  }

  /** The item in `percent` of 100 draws, else nothing: to be spread into a list. */
  maybe<Item>(percent: number, make: () => Item): Item[] {
    return this.chance(percent) ? [make()] : [];
  }
}
