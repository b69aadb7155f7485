import { expect, test } from 'vitest';
import type { ModelUsage } from '../../src/call/events.ts';
import type { PriceTable } from '../../src/call/usage.ts';
import { CallCost } from '../../src/host/call-cost.ts';
import { LogLines } from '../log-lines.ts';

const model = 'gemini-3.8-live';
const prices: PriceTable = {
  date: '2026-11-20',
  source: 'https://example.com/prices',
  perMillionTokens: { [model]: { textIn: 1, audioIn: 2, imageIn: 3, textOut: 4, audioOut: 5 } },
};
const freeOfCharge = { textIn: 0, audioIn: 0, imageIn: 0, textOut: 0, audioOut: 0 };
const usage: ModelUsage = {
  totalTokens: 1_000,
  promptTokens: 1_000,
  responseTokens: 0,
  thoughtsTokens: 0,
  promptByModality: { AUDIO: 1_000 },
  responseByModality: {},
};

test('a call is told with its tokens and what they cost', () => {
  expect(told(prices)).toMatchObject({ bills: 1, audioIn: 1_000, costUsd: 0.002, pricesOf: '2026-11-20' });
});

test('a call with a simulated model has tokens and no price', () => {
  const line = told(null);
  expect(line).toMatchObject({ bills: 1, audioIn: 1_000, simulated: true });
  expect(Object.keys(line ?? {})).not.toContain('costUsd');
  expect(Object.keys(line ?? {})).not.toContain('pricesOf');
});

test('what a session on the fallback model bills is priced as such', () => {
  const fallback = 'gemini-cheap';
  const perMillionTokens = { ...prices.perMillionTokens, [fallback]: { ...freeOfCharge, audioIn: 1 } };
  const log = new LogLines();
  const cost = new CallCost({ ...prices, perMillionTokens }, { first: model, fallback }, log.logger);
  const bill = { type: 'model.usage', usage, atMs: 1_000 } as const;
  for (const isFallback of [true, false, true]) {
    cost.write({ type: 'tick', atMs: 0 }, [{ type: 'model.open', handle: null, recap: null, fallback: isFallback }]);
    cost.write(bill, []);
  }
  cost.close();
  expect(log.named('callCost')).toMatchObject([{ bills: 3, costUsd: 0.004 }]);
});

function told(table: PriceTable | null) {
  const log = new LogLines();
  const cost = new CallCost(table, { first: model, fallback: model }, log.logger);
  cost.write({ type: 'model.usage', usage, atMs: 1_000 }, []);
  cost.close();
  return log.named('callCost')[0];
}
