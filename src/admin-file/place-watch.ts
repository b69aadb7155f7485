import type { Clock, Timer } from '../system/clock.ts';

/** A file, several files or a folder that somebody may change at any time. */
export interface WatchedPlace {
  /** What tells one state of the place from another. Never rejects. */
  readonly print: () => Promise<string>;
  /** The place is in another state than the one that is known, and stands still. Whoever has read it says so by `know`. */
  readonly changed: (print: string) => Promise<void>;
  /** Told of what `changed` threw. The place is looked at again. */
  readonly broke: (error: unknown) => void;
}

/** How a place is looked at. */
export interface WatchPace {
  readonly clock: Clock;
  readonly lookMs: number;
  /** Two looks that see the same, this far apart, see a place that nobody is writing to. */
  readonly stillMs: number;
}

/** Looks at a place again and again, and tells when it has changed and stands still. */
export class PlaceWatch {
  readonly #place: WatchedPlace;
  readonly #pace: WatchPace;
  #known: string | null = null;
  #seen: string | null = null;
  #timer: Timer | null = null;
  #isLooking = false;
  #isClosed = false;

  constructor(place: WatchedPlace, pace: WatchPace) {
    this.#place = place;
    this.#pace = pace;
  }

  /** This state was read, or tried. Null: none counts as read. */
  know(print: string | null): void {
    this.#known = print;
  }

  /** Begins to look. */
  start(): void {
    this.#schedule(this.#pace.lookMs);
  }

  /** Something may have happened: the next look comes soon. */
  hint(): void {
    this.#schedule(this.#pace.stillMs);
  }

  close(): void {
    this.#isClosed = true;
    this.#timer?.cancel();
  }

  /** The next look comes so soon. What happens during a look is seen by that look, or by the one after it. */
  #schedule(ms: number): void {
    if (this.#isClosed || this.#isLooking) return;
    this.#timer?.cancel();
    this.#timer = this.#pace.clock.lazily(ms, () => void this.#lookSafely());
  }

  async #lookSafely(): Promise<void> {
    this.#isLooking = true;
    let nextMs = this.#pace.lookMs;
    try {
      nextMs = await this.#look();
    } catch (error) {
      this.#place.broke(error);
    }
    this.#isLooking = false;
    this.#schedule(nextMs);
  }

  /** Returns when to look again. */
  async #look(): Promise<number> {
    const { lookMs, stillMs } = this.#pace;
    const print = await this.#place.print();
    const isStill = print === this.#seen;
    this.#seen = print;
    if (print === this.#known || this.#isClosed) return lookMs;
    if (!isStill) return stillMs;
    await this.#place.changed(print);
    return lookMs;
  }
}
