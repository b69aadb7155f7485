/** What is due at a time, in order of time and then of arrival. */
export class Agenda<Item> {
  #entries: { readonly atMs: number; readonly item: Item }[] = [];

  add(atMs: number, item: Item): void {
    const later = this.#entries.findIndex((entry) => entry.atMs > atMs);
    this.#entries.splice(later === -1 ? this.#entries.length : later, 0, { atMs, item });
  }

  nextDeadline(): number | null {
    return this.#entries[0]?.atMs ?? null;
  }

  /** The next item that is due; null when there is none. */
  dueAt(atMs: number): Item | null {
    const [first] = this.#entries;
    return first === undefined || first.atMs > atMs ? null : first.item;
  }

  /** Takes out the next item that is due, or gives null. */
  takeDue(atMs: number): Item | null {
    const item = this.dueAt(atMs);
    if (item !== null) this.#entries.shift();
    return item;
  }
}

/** The earlier of two deadlines, where null is none. */
export function earlier(first: number | null, second: number | null): number | null {
  if (first === null || second === null) return first ?? second;
  return Math.min(first, second);
}
