import { expect, test } from 'vitest';

import { spokenKey, spokenWords } from '../../src/tools/spoken-key.ts';

test.each([
  ['A1042', 'a1042'],
  ['a-10.42', 'a1042'],
  ['A one zero four two', 'a1042'],
  ['A, one, oh, four, two.', 'a1042'],
  ['a ten forty-two', 'a1042'],
  ['A ten FORTY TWO', 'a1042'],
  ['double five', '55'],
  ['triple oh seven', '0007'],
  ['Lindqvist with double s', 'lindqvistwithss'],
  ['twenty twenty six', '2026'],
  ['thirty nineteen', '3019'],
  ['seventy', '70'],
  ['double room', 'doubleroom'],
  ['Zoë Müller', 'zoemuller'],
  ["O'Hara", 'ohara'],
  ['Stone', 'stone'],
  ['東京 12', '東京12'],
  ['?!', ''],
])('"%s" becomes "%s"', (said, key) => {
  expect(spokenKey(said)).toBe(key);
});

test('a key is its own key', () => {
  for (const text of ['A ten forty-two', 'double five', 'Zoë Müller'])
    expect(spokenKey(spokenKey(text))).toBe(spokenKey(text));
});

test('words come without case, accents and punctuation', () => {
  expect(spokenWords('Zoë, order A-1042!')).toEqual(['zoe', 'order', 'a', '1042']);
});
