import { expect, test } from 'vitest';
import { withoutAddresses } from '../../src/gemini/without-addresses.ts';

test.each([
  ['No access to WSS://gemini.example/ws?key=secret today.', 'No access to [address] today.'],
  ['See https://a.example, or ws://b.example:1/?key=secret', 'See [address] or [address]'],
  ['Internal error encountered.', 'Internal error encountered.'],
  ['x'.repeat(10_000), `${'x'.repeat(399)}…`],
])('%s', (text, kept) => {
  expect(withoutAddresses(text)).toBe(kept);
});
