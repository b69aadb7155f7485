import { describe, expect, test } from 'vitest';
import type { ModelUsage } from '../../src/call/events.ts';
import { type PriceTable, UsageSum } from '../../src/call/usage.ts';

const model = 'gemini-3.8-live';
const prices: PriceTable = {
  date: '2026-09-21',
  source: 'https://example.com/prices',
  perMillionTokens: {
    [model]: { textIn: 0.75, audioIn: 3, imageIn: 1, textOut: 4.5, audioOut: 12 },
    dearer: { textIn: 10, audioIn: 10, imageIn: 10, textOut: 10, audioOut: 10 },
  },
};

/** A bill as the service wrote it in the field: 25 tokens belong to no modality, and the thoughts stand outside the total. */
const realBill: ModelUsage = {
  promptTokens: 522,
  responseTokens: 42,
  thoughtsTokens: 136,
  totalTokens: 564,
  promptByModality: { TEXT: 332, AUDIO: 165 },
  responseByModality: { AUDIO: 42 },
};
const emptyBill: ModelUsage = {
  promptTokens: 0,
  responseTokens: 0,
  thoughtsTokens: 0,
  totalTokens: 0,
  promptByModality: {},
  responseByModality: {},
};

describe('the usage of a call', () => {
  test('is nothing and costs nothing before the first bill', () => {
    expect(new UsageSum().report(prices)).toEqual({
      bills: 0,
      tokens: { textIn: 0, audioIn: 0, imageIn: 0, textOut: 0, audioOut: 0 },
      thoughtsTokens: 0,
      costUsd: 0,
    });
  });

  test('counts unexplained prompt tokens as audio and thoughts as speech', () => {
    // 332 × 0.75 + (165 + 25) × 3 + (42 + 136) × 12 = 2955 millionths of a dollar.
    expect(sumOf([realBill]).report(prices)).toEqual({
      bills: 1,
      tokens: { textIn: 332, audioIn: 190, imageIn: 0, textOut: 0, audioOut: 178 },
      thoughtsTokens: 136,
      costUsd: 0.002955,
    });
  });

  test('adds up every bill, since each is for the whole context', () => {
    const { bills, costUsd } = sumOf([realBill, realBill, realBill]).report(prices);
    expect([bills, costUsd]).toEqual([3, 0.008865]);
  });

  test.each([
    ['text in', { promptTokens: 1000, promptByModality: { TEXT: 1000 } }, 0.00075],
    ['audio in', { promptTokens: 1000, promptByModality: { AUDIO: 1000 } }, 0.003],
    ['images in', { promptTokens: 1000, promptByModality: { IMAGE: 1000 } }, 0.001],
    ['video in', { promptTokens: 1000, promptByModality: { VIDEO: 1000 } }, 0.001],
    ['a kind that nobody knows', { promptTokens: 1000, promptByModality: { SCENT: 1000 } }, 0.003],
    ['a prompt without kinds', { promptTokens: 1000 }, 0.003],
    ['a prompt whose kinds exceed it', { promptTokens: 500, promptByModality: { TEXT: 1000 } }, 0.00075],
    ['text out', { responseTokens: 1000, responseByModality: { TEXT: 1000 } }, 0.0045],
    ['speech', { responseTokens: 1000, responseByModality: { AUDIO: 1000 } }, 0.012],
    ['an answer without kinds', { responseTokens: 1000 }, 0.012],
    ['thoughts', { thoughtsTokens: 1000 }, 0.012],
    ['thoughts inside the total', { thoughtsTokens: 1000, totalTokens: 1000 }, 0.012],
    ['tokens that only the total knows', { totalTokens: 1000 }, 0.003],
  ])('bills %s at its rate', (_what, part, costUsd) => {
    expect(sumOf([{ ...emptyBill, ...part }]).report(prices).costUsd).toBe(costUsd);
  });

  test('prices each model of a call by its own rates', () => {
    const sum = sumOf([realBill]);
    sum.add('dearer', { ...emptyBill, promptTokens: 1000 });
    expect(sum.report(prices).costUsd).toBe(0.012955);
    expect(sum.report(prices).tokens.audioIn).toBe(1190);
  });

  test('has no cost when one of its models has no price, and counts all the same', () => {
    const sum = new UsageSum();
    sum.add('unpriced', realBill);
    sum.add(model, realBill);
    expect(sum.report(prices)).toMatchObject({ bills: 2, tokens: { textIn: 664 }, costUsd: null });
  });

  test('rounds to the millionth of a dollar', () => {
    expect(sumOf([{ ...emptyBill, promptTokens: 1, promptByModality: { TEXT: 1 } }]).report(prices).costUsd).toBe(1e-6);
  });
});

function sumOf(bills: readonly ModelUsage[]): UsageSum {
  const sum = new UsageSum();
  for (const bill of bills) sum.add(model, bill);
  return sum;
}
