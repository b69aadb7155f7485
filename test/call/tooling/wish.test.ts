import { expect, test } from 'vitest';
import { wishName, wishOf } from '../../../src/call/tooling/wish.ts';

const book = { name: 'book', args: { at: { day: 3, hour: '5' }, who: ['Anna', null], 'a "b"': true } };

test.for<[string, unknown, boolean]>([
  ['the keys stand in another order', { 'a "b"': true, who: ['Anna', null], at: { hour: '5', day: 3 } }, true],
  ['a number is a text', { ...book.args, at: { day: '3', hour: '5' } }, false],
  ['a text has another space', { ...book.args, who: [' Anna\u00a0\n', null] }, true],
  ['a text has another letter', { ...book.args, who: ['anna', null] }, false],
  ['a list has another order', { ...book.args, who: [null, 'Anna'] }, false],
  ['a member is missing', { at: book.args.at, who: book.args.who }, false],
  ['a member is null and not there', { ...book.args, more: null }, false],
])('two calls of which %s want the same or not', ([, args, isSame]) => {
  const other = { name: 'book', args: Object(args) };
  expect(wishOf(other) === wishOf(book)).toBe(isSame);
  expect(wishName(wishOf(other)) === wishName(wishOf(book))).toBe(isSame);
});

test('two calls whose signs are put together in another way want the same', () => {
  expect(wishOf({ name: 'book', args: { guest: 'Zoe\u0308' } })).toBe(
    wishOf({ name: 'book', args: { guest: 'Zo\u00eb' } }),
  );
});

test('another tool wants something else', () => {
  expect(wishOf({ ...book, name: 'boo' })).not.toBe(wishOf(book));
});

test('the name of a wish is short, the same on every machine, and fits into a header', () => {
  expect(wishName(wishOf({ name: 'book', args: {} }))).toBe('book-416f115c0495a43e');
  expect(wishName(wishOf({ name: 'book', args: { text: 'ü'.repeat(10_000) } }))).toMatch(/^book-[\da-f]{16}$/);
});
