import type { ModelUsage } from '../../call/events.ts';
import { type PriceTable, UsageSum } from '../../call/usage.ts';
import { ProbeFailure } from './failure.ts';

/** What the admin allows a whole probe. */
export interface Allowance {
  readonly minutes: number;
  readonly sessions: number;
  readonly dollars: number;
}

/** What all questions of a probe use together. Whoever asks for more than is allowed gets a ProbeFailure. */
export class Budget {
  readonly #allowance: Allowance;
  readonly #prices: PriceTable;
  readonly #usage = new UsageSum();
  readonly #untilMs: number;
  #sessions = 0;

  constructor(allowance: Allowance, prices: PriceTable) {
    this.#allowance = allowance;
    this.#prices = prices;
    this.#untilMs = performance.now() + allowance.minutes * 60_000;
  }

  get leftMs(): number {
    return Math.max(0, this.#untilMs - performance.now());
  }

  get sessionsUsed(): number {
    return this.#sessions;
  }

  get sessionsLeft(): number {
    return this.#allowance.sessions - this.#sessions;
  }

  /** What the service has billed so far, in US dollars; null where a model has no price. */
  get dollarsUsed(): number | null {
    return this.#usage.report(this.#prices).costUsd;
  }

  bill(model: string, usage: ModelUsage): void {
    this.#usage.add(model, usage);
  }

  /** Why no further session may be opened, in a sentence; null when one may. */
  exhausted(): string | null {
    const { sessions, dollars } = this.#allowance;
    if (this.leftMs === 0) return 'The time is up.';
    if (this.sessionsLeft <= 0) return `All ${sessions} sessions are used.`;
    if ((this.dollarsUsed ?? 0) >= dollars) return `The service has billed $${dollars}, and more is not allowed.`;
    return null;
  }

  takeSession(): void {
    const why = this.exhausted();
    if (why !== null) throw new ProbeFailure(why);
    this.#sessions += 1;
  }
}
