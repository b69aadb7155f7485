import { expect, test, type TestContext } from 'vitest';
import { readFileSync } from 'node:fs';
import { builtInPrices } from '../../src/config/prices.ts';
import { callBills } from '../../src/calllog/call-bills.ts';
import { readLog } from '../../src/calllog/read-log.ts';
import { recordCall } from './recorded-call.ts';

/** As the service wrote it in the field (GM-USAGE-1). */
const usage = {
  promptTokens: 522,
  responseTokens: 42,
  thoughtsTokens: 136,
  totalTokens: 564,
  promptByModality: { TEXT: 332, AUDIO: 165 },
  responseByModality: { AUDIO: 42 },
};

test('every bill of a call is added up, by what it is for, and priced', async (context) => {
  expect(callBills(await billed(context, 2), builtInPrices, 'gemini-3.8-live')).toEqual([
    ['tokens', '1400 in 2 bills: 664 of text read, 380 of sound read, 356 spoken, thoughts among them: 272'],
    ['cost', '$0.0059 with gemini-3.8-live, at the prices of 2026-09-21'],
  ]);
});

test('a call without a bill has no cost, and a model without a price has an unknown one', async (context) => {
  expect(callBills(await billed(context, 0), builtInPrices, 'gemini-3.8-live')).toEqual([['tokens', 'no bill']]);
  expect(callBills(await billed(context, 1), builtInPrices, 'newer')).toContainEqual([
    'cost',
    'unknown: no price for newer, at the prices of 2026-09-21',
  ]);
});

test('a log that names its model is priced by it, and a simulated model costs nothing', async (context) => {
  const record = await billed(context, 1);
  const header = { ...record.header, agent: { name: 'sales', model: 'simulated' } };
  expect(callBills({ ...record, header }, builtInPrices, 'gemini-3.8-live')).toContainEqual([
    'cost',
    'none: the model is simulated',
  ]);
});

async function billed(context: TestContext, bills: number) {
  const path = await recordCall(context, (call) => {
    call.happens({ type: 'call.received' }, { type: 'stream.started', streamSid: 'MZ1' }, { type: 'model.opened' });
    for (let count = 0; count < bills; count += 1) call.happens({ type: 'model.usage', usage });
  });
  return readLog(readFileSync(path, 'utf8'), readFileSync(path.replace('.jsonl', '.audio')));
}
