import { z } from 'zod';
import type { PriceTable } from '../../call/usage.ts';
import { jsonProblems } from '../model/json-problems.ts';

/** A hundred times the dearest price today: more is a slip, such as a price per token of a thousand dollars. */
const rateMax = 1_000;

const rate = z
  .number({ error: 'wants a number of US dollars' })
  .min(0, { error: 'wants a price that is not negative' })
  .max(rateMax, { error: `wants at most ${rateMax} US dollars` });

const priceTable = z.strictObject({
  date: z.iso.date({ error: 'wants a day such as 2026-09-21' }),
  source: z.string({ error: 'wants the address of the page with the prices' }).min(1),
  perMillionTokens: z.record(
    z.string(),
    z.strictObject({ textIn: rate, audioIn: rate, imageIn: rate, textOut: rate, audioOut: rate }),
  ),
});

/** Reads a price table. Each problem is the rest of a sentence that begins with "which", such as "lacks date". */
export function parsePriceTable(text: string): { readonly prices: PriceTable } | { readonly problems: string[] } {
  const read = jsonProblems(text, priceTable);
  return 'problems' in read ? read : { prices: read.value };
}
