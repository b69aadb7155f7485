import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { timerNames } from '../../src/call/timers.ts';

/** A row of a table whose last column names constants, such as "`startMsMax`, `markMs` in `src/call/phone/goodbye.ts`". */
interface Row {
  readonly name: string;
  /** What the row says, without the name in front and the constants behind. */
  readonly said: string;
  readonly constants: string;
}

const root = fileURLToPath(new URL('../../', import.meta.url));
const deadlines = rowsOf(sectionOf(read('docs/flows.md'), 'Deadlines'));
const bounds = ['At a glance', 'What a model may send'].flatMap((section) =>
  rowsOf(sectionOf(read('docs/owns-what.md'), section)),
);

describe('the page of flows', () => {
  test('has a row for each deadline of a call, and no other', () => {
    expect(deadlines.map(({ name }) => name).toSorted()).toEqual(timerNames.map((name) => `\`${name}\``).toSorted());
  });

  test.each(deadlines)('says of $name what the constants say', ({ said, constants }) => {
    expect(figuresIn(said)).toEqual(valuesOf(constants));
    expect(constants).not.toBe('');
  });
});

describe('the page of owners', () => {
  test.each(bounds)('says of the $name what the constants say', ({ said, constants }) => {
    expect(figuresIn(said)).toEqual(valuesOf(constants));
  });

  test('names constants at all', () => {
    expect(bounds.filter(({ constants }) => constants !== '').length).toBeGreaterThan(9);
  });
});

describe('a figure is read', () => {
  test.each([
    ['10 s; then 300 ms', [10_000, 300]],
    ['1.5 s (`COMFORT_TONE_MS`)', [1_500]],
    ['4 h 5 min', [14_700_000]],
    ['5 s, 5 frames, one at a time', [5_000, 5]],
    ['16 MB, 64 kB', [16 * 1024 * 1024, 64 * 1024]],
    ['1,000,000 at once, 2,000 in all', [1_000_000, 2_000]],
    ['see [flows](flows-2.md#deadlines)', []],
  ])('from %j', (said, figures) => {
    expect(figuresIn(said)).toEqual(figures);
  });

  test.each([
    ['const a = 1_500;', 'a', [1_500]],
    ['export const a = 4 * 60 + 5;', 'a', [245]],
    ['const a = [0, 1_000];', 'a', [0, 1_000]],
    ['const a = { b: 2 * 3, c: 4 };', 'a.c', [4]],
    ['const a: Patience = {\n  /** One; two. */\n  b: 7,\n} as const;', 'a.b', [7]],
  ])('from %j', (text, name, values) => {
    expect(constantIn(text, name)).toEqual(values);
  });

  test('from no constant that is not there', () => {
    expect(() => constantIn('const ab = 1;', 'a')).toThrow('no constant a');
    expect(() => constantIn('const a = b;', 'a')).toThrow('a is not a number');
  });
});

function sectionOf(page: string, heading: string): string {
  const section = page.split(/^## /m).find((text) => text.startsWith(`${heading}\n`));
  if (section === undefined) throw new RangeError(`no section ${heading}`);
  return section;
}

/** The rows below the head of the only table of a section. */
function rowsOf(section: string): Row[] {
  const lines = section.split('\n').filter((line) => line.startsWith('|'));
  return lines.slice(2).map((line) => {
    const [name = '', ...cells] = line.split('|').slice(1, -1);
    return { name: name.trim(), said: cells.slice(0, -1).join('|'), constants: cells.at(-1)?.trim() ?? '' };
  });
}

const units: ReadonlyMap<string, number> = new Map([
  ['ms', 1],
  ['s', 1_000],
  ['min', 60_000],
  ['h', 3_600_000],
  ['kB', 1024],
  ['MB', 1024 * 1024],
]);

/** All figures of a text in their order: times in ms, sizes in bytes, and counts. Code spans and links are passed over. */
function figuresIn(text: string): number[] {
  const prose = text.replaceAll(/`[^`]*`|\]\([^)]*\)/g, '');
  const figures = prose.matchAll(/(\d+(?:,\d{3})*(?:\.\d+)?)(?: (ms|s|min|h|kB|MB)\b)?(?: (\d+) min\b)?/g);
  return [...figures].map(([, count = '', unit = '', minutes = 0]) => {
    return Number(count.replaceAll(',', '')) * (units.get(unit) ?? 1) + Number(minutes) * 60_000;
  });
}

/** The values of the constants that a cell names, in its order. */
function valuesOf(cell: string): number[] {
  const values: number[] = [];
  let names: string[] = [];
  for (const [, span = ''] of cell.matchAll(/`([^`]+)`/g)) {
    if (!span.includes('/')) names.push(span);
    else {
      values.push(...names.flatMap((name) => constantIn(read(span), name)));
      names = [];
    }
  }
  if (names.length > 0) throw new RangeError(`no file for ${names.join(', ')}`);
  return values;
}

/** What a source declares: `name` is that of a constant, or of a member of one. */
function constantIn(text: string, name: string): number[] {
  const [constant = '', member] = name.split('.');
  const [, declared] = new RegExp(`^(?:export )?const ${constant}(?:: \\w+)? = ([^;]+);`, 'm').exec(codeOf(text)) ?? [];
  const value =
    member === undefined ? declared : new RegExp(`\\b${member}: ([^,}]+?)\\s*[,}]`).exec(declared ?? '')?.[1];
  if (value === undefined) throw new RangeError(`no constant ${name}`);
  const terms = value.replaceAll(/^\[|\]$| as const$/g, '').split(',');
  return terms.filter((term) => term.trim() !== '').map((term) => amountOf(term, name));
}

/** Sums of products are all that the constants are made of. */
function amountOf(expression: string, name: string): number {
  let amount = 0;
  for (const product of expression.split('+')) {
    amount += product.split('*').reduce((value, factor) => value * Number(factor.replaceAll('_', '')), 1);
  }
  if (Number.isNaN(amount)) throw new RangeError(`${name} is not a number`);
  return amount;
}

function codeOf(text: string): string {
  return text.replaceAll(/\/\*[^]*?\*\//g, '');
}

function read(file: string): string {
  return readFileSync(`${root}${file}`, 'utf8');
}
