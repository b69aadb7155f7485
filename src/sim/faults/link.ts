import type { NextRandom } from '../seeded-random.ts';

/** How messages travel in one direction. During a stall nothing arrives; what was held back comes at once when it ends. */
export interface LinkSettings {
  readonly latencyMs: number;
  readonly jitterMs: number;
  readonly stalls: readonly { readonly atMs: number; readonly forMs: number }[];
}

/** One direction of a connection: messages are late, but never overtake each other. */
export class Link {
  readonly #settings: LinkSettings;
  readonly #nextRandom: NextRandom;
  #lastMs = 0;

  constructor(settings: LinkSettings, nextRandom: NextRandom) {
    this.#settings = settings;
    this.#nextRandom = nextRandom;
  }

  /** When a message that is sent at `atMs` arrives. */
  arrivalMs(atMs: number): number {
    const { latencyMs, jitterMs, stalls } = this.#settings;
    const jitter = jitterMs === 0 ? 0 : this.#nextRandom() % (jitterMs + 1);
    let arrivesMs = Math.max(this.#lastMs, atMs + latencyMs + jitter);
    for (const stall of stalls) {
      const endMs = stall.atMs + stall.forMs;
      if (arrivesMs >= stall.atMs && arrivesMs < endMs) arrivesMs = endMs;
    }
    this.#lastMs = arrivesMs;
    return arrivesMs;
  }
}
