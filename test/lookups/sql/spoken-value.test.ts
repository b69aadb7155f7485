import { expect, test } from 'vitest';

import { spokenPgValue } from '../../../src/lookups/sql/postgres/postgres-values.ts';
import { spokenBytes, spokenMoment } from '../../../src/lookups/sql/spoken-value.ts';

test.each([
  ['2026-03-04', 'Wednesday, 4 March 2026'],
  ['2024-02-29', 'Thursday, 29 February 2024'],
  ['0099-12-31', 'Thursday, 31 December 99'],
  ['2026-03-04 14:30:00', 'Wednesday, 4 March 2026, 14:30'],
  ['2026-03-04T14:30:05.123Z', 'Wednesday, 4 March 2026, 14:30:05'],
  ['2026-03-04 00:00:00+05:30', 'Wednesday, 4 March 2026, 00:00'],
  ['14:30:00', '14:30'],
  ['09:05', '09:05'],
  ['14:00:30+01', '14:00:30'],
  ['', ''],
  ['2026-13-45', '2026-13-45'],
  ['infinity', 'infinity'],
  ['0044-03-15 BC', '0044-03-15 BC'],
  ['next Monday', 'next Monday'],
])('"%s" is said as "%s"', (text, spoken) => {
  expect(spokenMoment(text)).toBe(spoken);
});

test('bytes are counted, not spelled', () => {
  expect([spokenBytes(0), spokenBytes(1), spokenBytes(12)]).toEqual([
    '0 bytes of data',
    '1 byte of data',
    '12 bytes of data',
  ]);
});

test.each([
  [1009, String.raw`{a,"b c","d \"e\"",NULL,"NULL"}`, 'a, b c, d "e", NULL'],
  [1007, '{{1,2},{3,4}}', '1, 2, 3, 4'],
  [1182, '{2026-03-04}', 'Wednesday, 4 March 2026'],
  [1000, '{t,f}', 'yes, no'],
  [1009, '{}', ''],
])('an array of type %i, written %s, is said as a list', (type, text, spoken) => {
  expect(spokenPgValue(type, text)).toBe(spoken);
});
