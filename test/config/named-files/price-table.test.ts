import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { loadConfig } from '../../../src/config/load/load-config.ts';
import { parsePriceTable } from '../../../src/config/named-files/price-table.ts';
import { builtInPrices } from '../../../src/config/prices.ts';
import { modelIds } from '../../../src/gemini/models.ts';
import { settingPath } from '../../../src/config/package-folder.ts';
import { problemsOf } from '../problems.ts';

const rates = { textIn: 1, audioIn: 2, imageIn: 1, textOut: 3, audioOut: 4 };
const table = {
  date: '2026-11-01',
  source: 'https://example.com/prices',
  perMillionTokens: { 'gemini-3.8-live': rates },
};

describe('the built-in price table', () => {
  test('has the form of a file', () => {
    expect(parsePriceTable(JSON.stringify(builtInPrices))).toEqual({ prices: builtInPrices });
  });

  test('has a price for every model of the Gemini API', () => {
    expect(Object.keys(builtInPrices.perMillionTokens)).toEqual(modelIds('geminiApi'));
  });

  test('is what docs/models.md shows as an example', () => {
    const page = readFileSync(new URL('../../../docs/models.md', import.meta.url), 'utf8');
    const [, example = ''] = /```json\n([^]*?)```/.exec(page) ?? [];
    expect(parsePriceTable(example)).toEqual({ prices: builtInPrices });
  });
});

describe('a price table file', () => {
  test('takes the place of the built-in one', () => {
    expect(loadConfig({ PRICE_TABLE_FILE: 'prices.json' }, () => JSON.stringify(table)).prices).toEqual(table);
  });

  test('without the model of the calls is taken with a warning', () => {
    const env = { PRICE_TABLE_FILE: 'prices.json', GEMINI_MODEL: 'gemini-3.8-live-extended-thinking' };
    expect(loadConfig(env, () => JSON.stringify(table)).warnings).toEqual([
      'There is no price for gemini-3.8-live-extended-thinking: its calls are reported without a cost. PRICE_TABLE_FILE can bring one.',
    ]);
  });

  test.each<[string, string, ...string[]]>([
    ['no JSON', 'x', 'is not JSON'],
    ['an array', '[]', 'is not a JSON object'],
    ['no fields', '{}', 'lacks date', 'lacks source', 'lacks perMillionTokens'],
    [
      'a day that does not exist',
      changed({ date: '2026-02-30' }),
      'has a wrong date: it wants a day such as 2026-09-21',
    ],
    ['an unknown field', changed({ currency: 'EUR' }), 'holds currency, which is unknown'],
    ['a missing rate', priced({ audioOut: undefined }), 'lacks perMillionTokens.gemini-3.8-live.audioOut'],
    ['an unknown rate', priced({ videoIn: 1 }), 'holds perMillionTokens.gemini-3.8-live.videoIn, which is unknown'],
    [
      'a negative rate',
      priced({ textIn: -1 }),
      'has a wrong perMillionTokens.gemini-3.8-live.textIn: it wants a price that is not negative',
    ],
    [
      'a rate that is text',
      priced({ textIn: '1' }),
      'has a wrong perMillionTokens.gemini-3.8-live.textIn: it wants a number of US dollars',
    ],
    [
      'a rate beyond reason',
      priced({ textIn: 1001 }),
      'has a wrong perMillionTokens.gemini-3.8-live.textIn: it wants at most 1000 US dollars',
    ],
  ])('with %s is refused, and each fault is named', (_what, text, ...wrong) => {
    expect(problemsOf({ PRICE_TABLE_FILE: 'prices.json' }, () => text)).toEqual(
      wrong.map((what) => `PRICE_TABLE_FILE names ${settingPath('prices.json')}, which ${what}.`),
    );
  });

  test('that cannot be read is refused by its path', () => {
    expect(problemsOf({ PRICE_TABLE_FILE: 'nowhere/prices.json' })).toEqual([
      `PRICE_TABLE_FILE names ${settingPath('nowhere/prices.json')}, which cannot be read: it does not exist.`,
    ]);
  });

  test('with very many faults is refused with the first ten', () => {
    const models = Object.fromEntries(
      Array.from({ length: 30 }, (_, index) => [`m${index}`, { ...rates, textIn: -1 }]),
    );
    expect(problemsOf({ PRICE_TABLE_FILE: 'prices.json' }, () => changed({ perMillionTokens: models }))).toHaveLength(
      10,
    );
  });
});

function changed(part: object): string {
  return JSON.stringify({ ...table, ...part });
}

function priced(part: object): string {
  return changed({ perMillionTokens: { 'gemini-3.8-live': { ...rates, ...part } } });
}
