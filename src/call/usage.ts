import type { ModelUsage } from './events.ts';

/** What a model costs, in US dollars per million tokens. Images and video cost the same. */
export interface TokenRates {
  readonly textIn: number;
  readonly audioIn: number;
  readonly imageIn: number;
  readonly textOut: number;
  readonly audioOut: number;
}

/** Prices by model id, with the day on which they were read and the page where they stand. */
export interface PriceTable {
  readonly date: string;
  readonly source: string;
  readonly perMillionTokens: Readonly<Record<string, TokenRates>>;
}

/** What the model sessions of a call used: tokens by the rate at which they are billed. */
export interface UsageReport {
  /** How many bills came; each one counts (GM-USAGE-1). */
  readonly bills: number;
  readonly tokens: Readonly<Record<keyof TokenRates, number>>;
  /** How many of the tokens that are billed as speech were thoughts. */
  readonly thoughtsTokens: number;
  /** US dollars, to the millionth; null if the price table lacks a model that was used. */
  readonly costUsd: number | null;
}

type Tokens = Record<keyof TokenRates, number>;

const rateOfPrompt: Readonly<Record<string, keyof TokenRates>> = {
  TEXT: 'textIn',
  AUDIO: 'audioIn',
  IMAGE: 'imageIn',
  VIDEO: 'imageIn',
};
const rateOfResponse: Readonly<Record<string, keyof TokenRates>> = { TEXT: 'textOut', AUDIO: 'audioOut' };

/**
 * Adds up every bill of a call (GM-USAGE-1). What the bills leave open is counted at the higher price, so the cost is an upper
 * bound: tokens of no modality are audio, and thoughts cost as much as speech.
 */
export class UsageSum {
  readonly #tokensByModel = new Map<string, Tokens>();
  #bills = 0;
  #thoughtsTokens = 0;

  /** Takes one bill of a session with this model. */
  add(model: string, usage: ModelUsage): void {
    const tokens = this.#tokensByModel.get(model) ?? noTokens();
    this.#tokensByModel.set(model, tokens);
    this.#bills += 1;
    this.#thoughtsTokens += usage.thoughtsTokens;
    spread(tokens, usage.promptTokens, usage.promptByModality, rateOfPrompt, 'audioIn');
    spread(tokens, usage.responseTokens, usage.responseByModality, rateOfResponse, 'audioOut');
    tokens.audioOut += usage.thoughtsTokens;
    // What a search brought in has a count that is not told apart; it stands in the total alone.
    const explained = usage.promptTokens + usage.responseTokens + usage.thoughtsTokens;
    tokens.audioIn += Math.max(0, usage.totalTokens - explained);
  }

  /** All that was used so far, at these prices. */
  report(prices: PriceTable): UsageReport {
    const tokens = noTokens();
    let microdollars: number | null = 0;
    for (const [model, used] of this.#tokensByModel) {
      const rates = prices.perMillionTokens[model];
      for (const rate of rateNames) {
        tokens[rate] += used[rate];
        if (rates === undefined) microdollars = null;
        else if (microdollars !== null) microdollars += used[rate] * rates[rate];
      }
    }
    return {
      bills: this.#bills,
      tokens,
      thoughtsTokens: this.#thoughtsTokens,
      costUsd: microdollars === null ? null : Math.round(microdollars) / 1_000_000,
    };
  }
}

/** How many tokens these are, whatever they cost. */
export function tokenCount(tokens: UsageReport['tokens']): number {
  return Object.values(tokens).reduce((sum, count) => sum + count, 0);
}

const rateNames = ['textIn', 'audioIn', 'imageIn', 'textOut', 'audioOut'] as const;

function noTokens(): Tokens {
  return { textIn: 0, audioIn: 0, imageIn: 0, textOut: 0, audioOut: 0 };
}

/** Counts by modality need not add up to the total: the larger of the two is counted. */
function spread(
  tokens: Tokens,
  total: number,
  byModality: Readonly<Record<string, number>>,
  rateOf: Readonly<Record<string, keyof TokenRates>>,
  unexplained: keyof TokenRates,
): void {
  let explained = 0;
  for (const [modality, count] of Object.entries(byModality)) {
    tokens[rateOf[modality] ?? unexplained] += count;
    explained += count;
  }
  tokens[unexplained] += Math.max(0, total - explained);
}
