import type { Clock } from './clock.ts';
import type { Logger } from './logger.ts';

/** Enough to see what a wrong setting does to each kind of request. */
const linesMax = 5;

/** How often the others are summed up. */
const intervalMs = 60_000;

/** What strangers can do as often as they like, by the name of its line in the log. */
export type Refusal =
  | 'webhookRefused'
  | 'upgradeRefused'
  | 'streamRefused'
  | 'requestRefused'
  | 'connectionRefused'
  | 'viewerRefused'
  | 'socketError';

/** How often something was refused since the start. */
export interface RefusalTotal {
  readonly refusal: Refusal;
  /** The error code, or null where there is none. */
  readonly fault: string | null;
  readonly count: number;
}

/** What a refusal's line says. What a stranger has sent does not belong in it, or only as bounded as its kinds. */
export interface RefusalFields {
  /** The error code, by which refusals are told apart as well. */
  readonly fault?: string;
  readonly [name: string]: unknown;
}

/**
 * Tells the log what was refused to strangers. In each minute the first refusals of a kind have a line each; the others are counted, and
 * one line tells the counts at the minute's end.
 */
export class Refusals {
  readonly #clock: Clock;
  readonly #log: Logger;
  /** How many of each kind there were in this minute. */
  readonly #counts = new Map<string, number>();
  readonly #totals = new Map<string, RefusalTotal>();

  constructor(clock: Clock, log: Logger) {
    this.#clock = clock;
    this.#log = log;
  }

  /** What was refused since the start, one entry for each kind. */
  get totals(): readonly RefusalTotal[] {
    return [...this.#totals.values()];
  }

  /** Notes a refusal. `findOut`: what takes work to say, and is asked for only if the refusal gets a line. */
  add(refusal: Refusal, fields: RefusalFields, findOut: () => object = () => ({})): void {
    if (this.#counts.size === 0) this.#clock.lazily(intervalMs, () => this.sumUp());
    const kind = fields.fault === undefined ? refusal : `${refusal} ${fields.fault}`;
    const count = (this.#counts.get(kind) ?? 0) + 1;
    this.#counts.set(kind, count);
    this.#totals.set(kind, { refusal, fault: fields.fault ?? null, count: (this.#totals.get(kind)?.count ?? 0) + 1 });
    if (count <= linesMax) this.#log.warn({ ...fields, ...findOut() }, refusal);
  }

  /** Tells of what had no line so far. To be called at the end, too. */
  sumUp(): void {
    const untold = [...this.#counts].filter(([, count]) => count > linesMax);
    this.#counts.clear();
    if (untold.length === 0) return;
    const counts = Object.fromEntries(untold.map(([kind, count]) => [kind, count - linesMax]));
    this.#log.warn({ counts }, 'moreRefused');
  }
}
