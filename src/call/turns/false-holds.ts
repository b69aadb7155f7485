/** More than these count as these. */
const holdsMax = 20;

/** When the agent stepped back for a caller who did not interrupt it. */
export class FalseHolds {
  readonly #withinMs: number;
  #atMs: number[] = [];

  /** `withinMs`: for how long each counts. */
  constructor(withinMs: number) {
    this.#withinMs = withinMs;
  }

  add(nowMs: number): void {
    this.#atMs = [...this.#atMs, nowMs].slice(-holdsMax);
  }

  /** How many there were lately. */
  count(nowMs: number): number {
    return this.#atMs.filter((atMs) => nowMs - atMs < this.#withinMs).length;
  }
}
