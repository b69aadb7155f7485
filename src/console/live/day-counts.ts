import type { LiveOutcome } from './picture/live-call.ts';

/** What has happened today: since midnight where the service runs, or since it started. */
export interface DayCounts {
  readonly sinceMs: number;
  readonly calls: number;
  readonly byOutcome: Readonly<Partial<Record<LiveOutcome, number>>>;
  /** What was turned away, by the reason. */
  readonly refused: Readonly<Record<string, number>>;
}

/** Counts the calls of a day, and begins anew at midnight. */
export class DayCounter {
  readonly #unixMs: () => number;
  readonly #refused: () => ReadonlyMap<string, number>;
  #sinceMs: number;
  #dayEndsMs: number;
  #calls = 0;
  #byOutcome: Partial<Record<LiveOutcome, number>> = {};
  /** What had been turned away when the day began. */
  #refusedBefore: ReadonlyMap<string, number> = new Map();

  /** `refused`: what was turned away since the service started, by the reason. */
  constructor(unixMs: () => number, refused: () => ReadonlyMap<string, number>) {
    this.#unixMs = unixMs;
    this.#refused = refused;
    this.#sinceMs = unixMs();
    this.#dayEndsMs = nextMidnightMs(this.#sinceMs);
  }

  began(): void {
    this.#turnDay();
    this.#calls += 1;
  }

  ended(outcome: LiveOutcome): void {
    this.#turnDay();
    this.#byOutcome = { ...this.#byOutcome, [outcome]: (this.#byOutcome[outcome] ?? 0) + 1 };
  }

  get counts(): DayCounts {
    this.#turnDay();
    const refused = [...this.#refused()].flatMap(([why, count]) => {
      const today = count - (this.#refusedBefore.get(why) ?? 0);
      return today === 0 ? [] : [[why, today] as const];
    });
    return {
      sinceMs: this.#sinceMs,
      calls: this.#calls,
      byOutcome: this.#byOutcome,
      refused: Object.fromEntries(refused),
    };
  }

  #turnDay(): void {
    if (this.#unixMs() < this.#dayEndsMs) return;
    this.#sinceMs = this.#dayEndsMs;
    this.#dayEndsMs = nextMidnightMs(this.#unixMs());
    this.#calls = 0;
    this.#byOutcome = {};
    this.#refusedBefore = new Map(this.#refused());
  }
}

/** A day that has an hour more or less ends at its own midnight. */
function nextMidnightMs(unixMs: number): number {
  const day = new Date(unixMs);
  return new Date(day.getFullYear(), day.getMonth(), day.getDate() + 1).getTime();
}
