import fc from 'fast-check';
import { expect, test } from 'vitest';

import { parseEnvFile } from '../../../src/config/env-file/parse-env.ts';

/** What makes parsers stumble, among letters. */
const text = fc
  .array(
    fc.constantFrom(
      'a',
      'B',
      ' ',
      '  ',
      '#',
      ' #',
      '"',
      "'",
      '`',
      '=',
      '\\',
      '\\n',
      '$',
      '{',
      '“',
      '\u00a0',
      'é',
      'X_Y=',
    ),
    {
      maxLength: 12,
    },
  )
  .map((parts) => parts.join(''));

test('what stands without quotes is read to its last letter, or refused, and so are its neighbours', () => {
  const unquoted = text.map((value) => value.trim()).filter((value) => !/^["'`]/.test(value));
  fc.assert(
    fc.property(unquoted, (value) => {
      const [before, read, after] = read3(`TEXT=${value}`);
      expect([value, 'refused']).toContain(read);
      expect([before, after]).toEqual(['1', '2']);
    }),
    { seed: 1, numRuns: 1_000 },
  );
});

test.each(['"', "'", '`'])('what stands between two %s is read as it is, over all its lines, or refused', (mark) => {
  const lines = fc.array(text, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('\n').replaceAll(mark, ''));
  fc.assert(
    fc.property(lines, (value) => {
      const [before, read, after] = read3(`TEXT=${mark}${value}${mark}`);
      expect([mark === '"' ? value.replaceAll('\\n', '\n') : value, 'refused']).toContain(read);
      expect([before, after]).toEqual(['1', '2']);
    }),
    { seed: 1, numRuns: 500 },
  );
});

test('no bytes make it throw', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      expect(parseEnvFile(bytes, '.env').label).toBe('.env');
    }),
    { seed: 1, numRuns: 1_000 },
  );
});

/** The values of a setting, and of one before and one behind it. */
function read3(setting: string): (string | undefined)[] {
  const { values, unread } = parseEnvFile(Buffer.from(`A=1\n${setting}\nZ=2`), '.env');
  return ['A', 'TEXT', 'Z'].map((name) => (unread.has(name) ? 'refused' : values.get(name)?.value));
}
