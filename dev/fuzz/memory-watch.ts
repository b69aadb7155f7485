/** What may be added from the first quarter to the last: compiled code and caches grow a little for long. */
const growthBytesMax = 8 * 1024 * 1024;

const quarters = 4;

/** Looks at the heap at each quarter of a run, after the garbage was collected (`--expose-gc`). */
export class MemoryWatch {
  readonly #total: number;
  readonly #heapBytes: () => number;
  readonly #usedBytes: number[] = [];

  constructor(total: number, heapBytes = heapBytesInUse) {
    this.#total = total;
    this.#heapBytes = heapBytes;
  }

  /** So many of the total are done. */
  look(done: number): void {
    while (this.#usedBytes.length < quarters && done >= (this.#total * (this.#usedBytes.length + 1)) / quarters) {
      this.#usedBytes.push(this.#heapBytes());
    }
  }

  get isFlat(): boolean {
    const [first = 0] = this.#usedBytes;
    return (this.#usedBytes.at(-1) ?? 0) - first <= growthBytesMax;
  }

  /** In words. */
  get text(): string {
    return `heap at quarters ${this.#usedBytes.map((bytes) => (bytes / 1024 / 1024).toFixed(1)).join(', ')} MB`;
  }
}

function heapBytesInUse(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}
