import type { PriceTable, TokenRates } from '../call/usage.ts';

/** Both models of the 3.8 family cost the same. */
const live38: TokenRates = { textIn: 0.75, audioIn: 3, imageIn: 1, textOut: 4.5, audioOut: 12 };

/** The price table that holds unless PRICE_TABLE_FILE names another: paid tier of the Gemini API. */
export const builtInPrices: PriceTable = {
  date: '2026-09-21',
  source: 'https://ai.google.dev/gemini-api/docs/pricing',
  perMillionTokens: {
    'gemini-3.8-live': live38,
    'gemini-3.8-live-extended-thinking': live38,
  },
};
