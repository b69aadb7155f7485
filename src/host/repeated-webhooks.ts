import type { Clock } from '../system/clock.ts';
import type { Logger } from '../system/logger.ts';

/** How many webhooks are remembered. A call has some seven, so these are the latest 1,400 calls; the oldest one then counts as new. */
const rememberedMax = 10_000;

/** How often repeated webhooks are summed up. */
const intervalMs = 60_000;

/**
 * Counts webhooks that come again. Twilio repeats one whose answer it has not got (TW-HOOK-4), and so does whoever has recorded one. What
 * comes again gets the answer of the first and changes nothing.
 */
export class RepeatedWebhooks {
  readonly #clock: Clock;
  readonly #log: Logger;
  /** What came, the oldest first, and its answer where that is kept. */
  readonly #seen = new Map<string, string | null>();
  #count = 0;

  constructor(clock: Clock, log: Logger) {
    this.#clock = clock;
    this.#log = log;
  }

  /** Notes a webhook by what tells it from all others. Returns whether it came before. */
  note(event: string): boolean {
    if (this.#seen.has(event)) {
      if (this.#count === 0) this.#clock.lazily(intervalMs, () => this.#sumUp());
      this.#count += 1;
      return true;
    }
    this.#seen.set(event, null);
    const [oldest] = this.#seen.keys();
    if (this.#seen.size > rememberedMax && oldest !== undefined) this.#seen.delete(oldest);
    return false;
  }

  /** The answer to an event that was noted: it is asked for once. */
  answerOnce(event: string, ask: () => string): string {
    const answer = this.#seen.get(event) ?? ask();
    if (this.#seen.has(event)) this.#seen.set(event, answer);
    return answer;
  }

  #sumUp(): void {
    this.#log.info({ count: this.#count }, 'webhooksRepeated');
    this.#count = 0;
  }
}
