import { expect, test } from 'vitest';
import { readUtf8 } from '../../src/encoding/utf8.ts';

test('a text in UTF-8 is read without its mark', () => {
  expect(readUtf8(Buffer.from('\uFEFFGrüße\nund €'))).toEqual({ text: 'Grüße\nund €' });
  expect(readUtf8(new Uint8Array())).toEqual({ text: '' });
});

test.each([
  ['Latin-1', Buffer.from('a\nGrüße\nb', 'latin1'), 2],
  ['UTF-16', Buffer.from('a\nb', 'utf16le'), 1],
  ['a zero in the third line', Buffer.from('a\nb\nc\0'), 3],
  ['a character that is cut off at the end', Buffer.from('a\n€').subarray(0, 4), 2],
])('of a text with %s, the first wrong line is known', (_name, bytes, badLine) => {
  expect(readUtf8(bytes)).toEqual({ badLine });
});
