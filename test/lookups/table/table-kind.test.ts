import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, afterEach, describe, expect, test } from 'vitest';

import { openTable, tableKind } from '../../../src/lookups/table/table-kind.ts';
import type { OpenLookup } from '../../../src/lookups/lookup-kind.ts';
import { systemClock } from '../../../src/system/clock.ts';
import { toolContext } from '../../tools/tool-context.ts';
import { until } from '../../until.ts';
import { lookupOptions } from '../lookup-options.ts';

const folder = mkdtempSync(join(tmpdir(), 'parley-table-'));
afterAll(() => rmSync(folder, { recursive: true }));

const opened: OpenLookup[] = [];
afterEach(async () => {
  for (const lookup of opened.splice(0)) await lookup.close();
});

/** A test has less time than an admin. */
const pace = { clock: systemClock, lookMs: 5, stillMs: 10 };

describe('a table', () => {
  test('is opened as the tools file names it, relative to its folder', async () => {
    file('orders.csv', 'order,status\nA1042,shipped\n');
    const lookup = await open(tableKind.fields.parse({ file: 'orders.csv' }));
    expect(lookup.tools.map(({ name, effect }) => [name, effect])).toEqual([['look_up', 'read']]);
    expect(lookup.tools[0]?.description).toMatch(/^Looks it up\. A record holds order, status\./);
    expect(await look(lookup, 'a ten forty-two')).toEqual({
      status: 'found',
      result: 'The order is A1042. The status is shipped.',
    });
  });

  test('of several files is searched as one, whatever their formats and columns', async () => {
    file('one.csv', 'order,status\nA1,shipped\nA100,packed\n');
    file('two.tsv', 'order\tdriver\nB2\tKim "K" Lee\nB3\t\n');
    file('three.json', '[{"order":"C3","paid":true}]');
    const lookup = await open(tableKind.fields.parse({ files: ['one.csv', 'two.tsv', 'three.json'] }));
    expect((await look(lookup, 'A1'))?.['result']).toBe('The order is A1. The status is shipped.');
    expect((await look(lookup, 'B2'))?.['result']).toBe('The order is B2. The driver is Kim "K" Lee.');
    expect((await look(lookup, 'B3'))?.['result']).toBe('The order is B3.');
    expect((await look(lookup, 'C3'))?.['result']).toBe('The order is C3. The paid is true.');
    expect(lookup.tools[0]?.parameters).toMatchObject({
      properties: { field: { enum: ['order', 'status', 'driver', 'paid'] } },
    });
  });

  test('finds one of thousands of records', async () => {
    const lines = Array.from({ length: 3_000 }, (_, index) => `N${10_000 + index},place ${index}\n`);
    file('many.csv', `number,place\n${lines.join('')}`);
    const lookup = await open({ file: 'many.csv' });
    expect((await look(lookup, 'N12999'))?.['result']).toBe('The number is N12999. The place is place 2999.');
  });
});

describe('a table that cannot be used', () => {
  test.each([{}, { file: 'a.csv', files: ['b.csv'] }, { files: [] }, { file: '' }, { file: 'a.csv', sheet: 1 }])(
    'is refused by its fields: %j',
    (fields) => {
      expect(tableKind.fields.safeParse(fields).success).toBe(false);
    },
  );

  test('names all its files at once, with their lines', async () => {
    file('short.csv', 'order,status\nA1\n');
    file('broken.json', '[\n {"order" "A2"}\n]');
    await expect(open({ files: ['short.csv', 'broken.json', 'none.csv'] })).rejects.toMatchObject({
      code: 'tools.fileInvalid',
      message: [
        `The lookup file ${join(folder, 'short.csv')} cannot be used: line 2: it has 1 values, and the header has 2.`,
        `The lookup file ${join(folder, 'broken.json')} cannot be used: line 2: it is not valid JSON.`,
        `The lookup file ${join(folder, 'none.csv')} cannot be read: it does not exist.`,
      ].join('\n'),
    });
  });

  test('has too many columns only together', async () => {
    file('wide-a.csv', `${thirty('a')}\n${thirty('x')}\n`);
    file('wide-b.csv', `${thirty('b')}\n${thirty('y')}\n`);
    await expect(open({ files: ['wide-a.csv', 'wide-b.csv'] })).rejects.toThrow('it has more than 40 columns');
  });
});

describe('a file that changes', () => {
  test('is read again, also when another file takes its place', async () => {
    const path = file('live.csv', 'order,status\nA1,packed\n');
    const { lookup, lines } = await watched(path);
    writeFileSync(path, 'order,status\nA1,shipped\nA2,packed\n');
    await until('the new table', () => lines.find(({ event }) => event === 'tableReadAgain'));
    expect((await look(lookup, 'A1'))?.['result']).toBe('The order is A1. The status is shipped.');
    expect(lines).toEqual([{ event: 'tableReadAgain', fields: { tool: 'look_up', records: 2 } }]);

    renameSync(file('live.new', 'order,status\nA1,delivered\n'), path);
    await until('the newer table', () => lines.length === 2);
    expect((await look(lookup, 'A1'))?.['result']).toBe('The order is A1. The status is delivered.');
  });

  test('and is wrong keeps the table, says why with file and line, and says it once', async () => {
    const path = file('kept.csv', 'order,status\nA1,packed\n');
    const { lookup, lines } = await watched(path);
    writeFileSync(path, 'order,status\nA1\n');
    await until('the refusal', () => lines.length > 0);
    expect(lines).toEqual([
      {
        event: 'tableKept',
        fields: {
          tool: 'look_up',
          problem: `The lookup file ${path} cannot be used: line 2: it has 1 values, and the header has 2.`,
        },
      },
    ]);
    expect((await look(lookup, 'A1'))?.['result']).toBe('The order is A1. The status is packed.');

    rmSync(path);
    await until('the second refusal', () => lines.length === 2);
    expect(lines[1]?.fields).toMatchObject({ problem: expect.stringContaining('cannot be read: it does not exist') });
    writeFileSync(path, 'order,status\nA1,shipped\n');
    await until('the table that is right', () => lines.length === 3);
    expect((await look(lookup, 'A1'))?.['result']).toBe('The order is A1. The status is shipped.');
  });

  test('is not read while it is being written', async () => {
    const path = file('growing.csv', 'order,status\nA0,packed\n');
    const { lookup, lines } = await watched(path);
    // Each piece alone is a broken file, and between two looks there is a new piece.
    let text = 'order,status\n';
    const untilMs = performance.now() + 20 * pace.stillMs;
    for (let number = 1; performance.now() < untilMs; number += 1) {
      text += `A${number},"ship`;
      writeFileSync(path, text);
      await new Promise((resolve) => setImmediate(resolve));
      text += 'ped"\n';
    }
    writeFileSync(path, text);
    await until('the whole table', () => lines.length > 0);
    expect(lines.map(({ event }) => event)).toEqual(['tableReadAgain']);
    expect((await look(lookup, 'A1'))?.['result']).toBe('The order is A1. The status is shipped.');
  });

  test('its columns are searched at once, and the log says that the model does not know them yet', async () => {
    const path = file('columns.csv', 'order,status\nA1,packed\n');
    const { lookup, lines } = await watched(path);
    writeFileSync(path, 'order,carrier\nA1,Northline\n');
    await until('the hint', () => lines.length === 2);
    expect(lines.map(({ event }) => event)).toEqual(['tableReadAgain', 'tableColumnsChanged']);
    expect((await look(lookup, 'Northline'))?.['result']).toBe('The order is A1. The carrier is Northline.');
    expect((await look(lookup, 'A1', 'status'))?.['result']).toBe('The order is A1. The carrier is Northline.');
  });
});

function thirty(prefix: string): string {
  return Array.from({ length: 30 }, (_, index) => `${prefix}${index}`).join(',');
}

function means(lines: { event: string; fields?: unknown }[] = []) {
  return {
    offer: () => {},
    path: (named: string) => join(folder, named),
    log: (event: string, fields?: unknown) => void lines.push({ event, fields }),
  };
}

async function open(fields: Parameters<typeof tableKind.open>[1]): Promise<OpenLookup> {
  const lookup = await tableKind.open(lookupOptions(), fields, means());
  opened.push(lookup);
  return lookup;
}

async function watched(path: string) {
  const lines: { event: string; fields?: unknown }[] = [];
  const lookup = await openTable(lookupOptions(), [path], means(lines).log, pace);
  opened.push(lookup);
  expect(lines.splice(0)).toMatchObject([{ event: 'tableRead', fields: { tool: 'look_up', records: 1, columns: 2 } }]);
  return { lookup, lines };
}

async function look(lookup: OpenLookup, query: string, field?: string) {
  return (await lookup.tools[0]?.run({ query, field }, toolContext()))?.response;
}

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}
