import { monitorEventLoopDelay } from 'node:perf_hooks';

/** How often is looked, in ms. */
const lookMs = 5;

/** How late timers were, in ms: the 99th percentile and the worst. */
export interface LatenessFigures {
  readonly p99Ms: number;
  readonly maxMs: number;
}

/** How late the timers of this process are: what is measured here must not be blamed on others. */
export class Lateness {
  readonly #histogram = monitorEventLoopDelay({ resolution: lookMs });

  constructor() {
    this.#histogram.enable();
  }

  startOver(): void {
    this.#histogram.reset();
  }

  /** The 99th percentile since `startOver`, in ms. */
  get p99Ms(): number {
    return Math.max(0, this.#histogram.percentile(99) / 1e6 - lookMs);
  }

  /** Both figures since `startOver`. */
  get figures(): LatenessFigures {
    return { p99Ms: this.p99Ms, maxMs: Math.max(0, this.#histogram.max / 1e6 - lookMs) };
  }
}
