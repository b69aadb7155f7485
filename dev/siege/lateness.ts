import { monitorEventLoopDelay } from 'node:perf_hooks';

/** How often is looked, in ms. */
const lookMs = 5;

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
}
