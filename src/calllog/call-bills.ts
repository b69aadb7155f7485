import { type PriceTable, tokenCount, type TokenRates, UsageSum } from '../call/usage.ts';
import { dollars } from '../store/history/cost-words.ts';
import type { RecordedCall } from './read-log.ts';

const kinds: readonly (readonly [rate: keyof TokenRates, words: string])[] = [
  ['textIn', 'of text read'],
  ['audioIn', 'of sound read'],
  ['imageIn', 'of images read'],
  ['textOut', 'written'],
  ['audioOut', 'spoken'],
];

/**
 * What the bills of a call come to (GM-USAGE-1): a name and a text each. A log does not tell which models answered, so every bill is
 * priced as one of the model that the call began with: `usualModel` where the log names none.
 */
export function callBills(
  { header, steps }: RecordedCall,
  prices: PriceTable,
  usualModel: string,
): [name: string, text: string][] {
  const model = header.agent?.model ?? usualModel;
  const sum = new UsageSum();
  for (const { event } of steps) if (event.type === 'model.usage') sum.add(model, event.usage);
  const { bills, tokens, thoughtsTokens, costUsd } = sum.report(prices);
  if (bills === 0) return [['tokens', 'no bill']];
  const total = tokenCount(tokens);
  const parts = kinds.flatMap(([rate, words]) => (tokens[rate] === 0 ? [] : [`${tokens[rate]} ${words}`]));
  const thoughts = thoughtsTokens === 0 ? '' : `, thoughts among them: ${thoughtsTokens}`;
  const dated = `at the prices of ${prices.date}`;
  const cost =
    costUsd === null ? `unknown: no price for ${model}, ${dated}` : `${dollars(costUsd)} with ${model}, ${dated}`;
  return [
    ['tokens', `${total} in ${bills === 1 ? '1 bill' : `${bills} bills`}: ${parts.join(', ')}${thoughts}`],
    ['cost', model === 'simulated' ? 'none: the model is simulated' : cost],
  ];
}
