import type { CallEffect } from '../call/effects.ts';
import type { CallEvent } from '../call/events.ts';
import { type PriceTable, tokenCount, type UsageReport, UsageSum } from '../call/usage.ts';
import type { CallObserver } from '../call/call-observer.ts';
import type { Logger } from '../system/logger.ts';

/** For a model without prices: tokens are counted all the same. */
const unpriced: PriceTable = { date: '', source: '', perMillionTokens: {} };

/** Adds up what the model sessions of a call bill, and logs at its end what the call cost. */
export class CallCost implements CallObserver {
  readonly #prices: PriceTable | null;
  readonly #models: { readonly first: string; readonly fallback: string };
  readonly #log: Logger;
  readonly #usage = new UsageSum();
  #model: string;

  /** `prices` is null for a simulated model, which costs nothing. */
  constructor(prices: PriceTable | null, models: { readonly first: string; readonly fallback: string }, log: Logger) {
    this.#prices = prices;
    this.#models = models;
    this.#log = log;
    this.#model = models.first;
  }

  /** What the call has used so far. The cost of a simulated model is null. */
  get report(): UsageReport {
    const report = this.#usage.report(this.#prices ?? unpriced);
    return this.#prices === null ? { ...report, costUsd: null } : report;
  }

  /** The same in two figures. */
  get sum(): { readonly costUsd: number | null; readonly tokens: number } {
    const { costUsd, tokens } = this.report;
    return { costUsd, tokens: tokenCount(tokens) };
  }

  write(event: CallEvent, effects: readonly CallEffect[]): void {
    if (event.type === 'model.usage') this.#usage.add(this.#model, event.usage);
    for (const effect of effects) {
      if (effect.type === 'model.open') this.#model = effect.fallback ? this.#models.fallback : this.#models.first;
    }
  }

  close(): void {
    const { bills, tokens, thoughtsTokens, costUsd } = this.report;
    const price = this.#prices === null ? { simulated: true } : { costUsd, pricesOf: this.#prices.date };
    this.#log.info({ bills, ...tokens, thoughtsTokens, ...price }, 'callCost');
  }
}
