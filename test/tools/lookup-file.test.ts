import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { ParleyError } from '../../src/errors.ts';
import { parseLookupTable, readLookupTable } from '../../src/tools/lookup-file.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'parley-lookup-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

test('CSV: quotes, blank lines, spaces and line ends of every kind', () => {
  expect(parseLookupTable('order, item\r\n\r\nA1,"tent, green"\r\n A2 , stove\n', 'orders.CSV')).toEqual({
    columns: ['order', 'item'],
    records: [
      ['A1', 'tent, green'],
      ['A2', 'stove'],
    ],
  });
});

test('CSV: semicolons separate if the header holds no comma', () => {
  expect(parseLookupTable('order;price\nA1;12,50\n', 'orders.csv').records).toEqual([['A1', '12,50']]);
});

test('JSON: columns are all keys, and values become text', () => {
  const text = '[{"order":"A1","count":2},{"order":"A2","paid":true,"toString":null}]';
  expect(parseLookupTable(text, 'orders.json')).toEqual({
    columns: ['order', 'count', 'paid', 'toString'],
    records: [
      ['A1', '2', '', ''],
      ['A2', '', 'true', ''],
    ],
  });
});

test.each([
  ['', 'it is empty'],
  [' \n', 'it is empty'],
  ['order,item\n', 'it holds no records'],
  ['order,item,order\nA1,tent,A1\n', 'line 1: two columns are named "order"'],
  ['order,,item\nA1,tent,A1\n', 'line 1: column 2 has no name'],
  ['order,item\nA1,tent\n\nA2\n', 'line 4: it has 1 values, and the header has 2'],
  ['order,item\nA1,"tent\ngreen"\nA2,stove,3\n', 'line 4: it has 3 values, and the header has 2'],
  ['order,item\nA1,"tent\n', 'line 2: a quotation mark is out of place'],
  ['order,item\nA1,tent\nA2,"sto"ve\n', 'line 3: a quotation mark is out of place'],
  [`${ownNames(41).join(',')}\n${'1,'.repeat(40)}1\n`, 'it has more than 40 columns'],
  [`order\n${'A1\n'.repeat(50_001)}`, 'it holds more than 50000 records'],
])('wrong CSV is refused by line (case %#)', (text, problem) => {
  expect(problemOf(() => parseLookupTable(text, 'orders.csv'))).toBe(
    `The lookup file orders.csv cannot be used: ${problem}.`,
  );
});

// Lines that lost their ends make one header of a whole file, and records that share no key a column of each. To compare and to fill in
// all of these took half an hour, or more memory than there is, before anybody asked how many they are.
test.each([
  ['orders.csv', `${ownNames(300_000).join(',')}\n1\n`],
  [
    'orders.json',
    JSON.stringify(
      Array.from({ length: 2_000 }, (_, record) =>
        Object.fromEntries(ownNames(200).map((name) => [`${record}${name}`, 1])),
      ),
    ),
  ],
])('columns without end are refused at once: %s', (path, text) => {
  expect(problemOf(() => parseLookupTable(text, path))).toBe(
    `The lookup file ${path} cannot be used: it has more than 40 columns.`,
  );
});

test.each([
  ['', 'it is empty'],
  ['[]', 'it holds no records'],
  ['{"order":"A1"}', 'it is not an array of objects'],
  ['[{"order":"A1"},"A2"]', 'record 2 is not an object'],
  ['[{"order":"A1"},{"order":["A2"]}]', 'record 2: "order" is neither text, number, boolean nor null'],
  ['[\n {"order":"A1"},\n {"order" "A2"},\n {"order":"A3"}\n]', 'line 3: it is not valid JSON'],
  ['[\n {"order":"A1"}\n {"order":"A2"}\n]', 'line 3: it is not valid JSON'],
  ['[\n {"order":"A1"},\n {"order": },\n {"order":"A3"}\n]\n', 'line 3: it is not valid JSON'],
  ['[\n {"order":"A1"},\n {"order": tru\n},\n {"order":"A3"}\n]\n', 'line 3: it is not valid JSON'],
  ['[\n {"order":"A1},\n {"order":"A3"}\n]\n', 'line 2: it is not valid JSON'],
  ['[\n {"order":"A1"},\n {"order":"A2"},\n]\n', 'line 4: it is not valid JSON'],
  ['[\n {"order":"A1"},\n {"order":"A2"}\n\n', 'line 3: it is not valid JSON'],
  ['order,item\nA1,tent\n', 'line 1: it is not valid JSON'],
])('wrong JSON is refused by line or record (case %#)', (text, problem) => {
  expect(problemOf(() => parseLookupTable(text, 'orders.json'))).toBe(
    `The lookup file orders.json cannot be used: ${problem}.`,
  );
});

test('a file of another kind is refused', () => {
  expect(problemOf(() => parseLookupTable('x', 'orders.xlsx'))).toContain(
    'its name ends neither in .csv, .tsv nor .json',
  );
});

test('a file is read with or without a byte order mark', () => {
  const path = file('bom.csv', '\uFEFForder\nA1\n');
  expect(readLookupTable(path).columns).toEqual(['order']);
});

test('a missing file is named', () => {
  const path = join(folder, 'none.csv');
  expect(problemOf(() => readLookupTable(path))).toBe(`The lookup file ${path} cannot be read: it does not exist.`);
});

test('a file that is not UTF-8 or too large is refused', () => {
  const latin1 = file('latin1.csv', new Uint8Array([0x61, 0x0a, 0xe9, 0x0a]));
  expect(problemOf(() => readLookupTable(latin1))).toContain('it is not UTF-8');
  const large = file('large.csv', new Uint8Array(10_000_001));
  expect(problemOf(() => readLookupTable(large))).toContain('holds 10000001 bytes; it wants at most 10000000');
});

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

function problemOf(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    if (error instanceof ParleyError && error.code === 'lookup.fileInvalid') return error.message;
    throw error;
  }
  return 'no problem';
}

function ownNames(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `c${index}`);
}
