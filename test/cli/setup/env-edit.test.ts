import { parseEnv } from 'node:util';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { assignment, withSettings } from '../../../src/cli/setup/env-edit.ts';

test.for<[string, string, string]>([
  ['a plain word', 'abc-123', 'A=abc-123'],
  ['an address', 'https://voice.example.com:8443', 'A=https://voice.example.com:8443'],
  ['spaces and a comment mark', 'Say "yes" # twice', `A='Say "yes" # twice'`],
  ['an apostrophe', "It's open", `A="It's open"`],
  ['both marks', `It's "open"`, 'A=`It\'s "open"`'],
  ['a line break', 'one\ntwo', "A='one\ntwo'"],
  ['a backslash', String.raw`C:\new`, String.raw`A='C:\new'`],
])('%s is written so that it is read as it is', ([, value, written]) => {
  expect(assignment('A', value)).toBe(written);
});

test('a value that no quotes can hold is refused', () => {
  expect(() => assignment('A', '\'"`#')).toThrow('A holds every kind of quotation mark');
});

test('whatever is written is read back the same, and the rest of the file as before', () => {
  const value = fc
    .string({ unit: fc.constantFrom('a', ' ', '#', '=', '"', "'", '`', '\\', 'n', '$', '\n', ':', 'é'), maxLength: 12 })
    .map((text) => text.trim())
    .filter((text) => text !== '');
  const line = fc.constantFrom('# A=old', 'A=old', 'B="one\n# two"', "C='x # y'", 'D=', '', 'E=e', '# A note');
  let written = 0;
  fc.assert(
    fc.property(value, fc.uniqueArray(line), (text, lines) => {
      const before = lines.join('\n');
      const changed = tried(() => withSettings(before, new Map([['A', text]])));
      if (changed === null) return true;
      written += 1;
      expect(parseEnv(changed)).toEqual({ ...parseEnv(before), A: text });
      return true;
    }),
    { numRuns: 1000 },
  );
  expect(written).toBeGreaterThan(900);
});

test('a setting is changed in its place, and a new one stands at the end', () => {
  const before = '# Mine\nA=1\nLONG="one\n a = b"\nB=2\n';
  const settings = new Map([
    ['A', '9'],
    ['C', 'x y'],
  ]);
  expect(withSettings(before, settings)).toBe(`# Mine\nA=9\nLONG="one\n a = b"\nB=2\nC='x y'\n`);
});

/** What cannot be written safely is left to a person. */
function tried(write: () => string): string | null {
  try {
    return write();
  } catch {
    return null;
  }
}
