import { expect, test } from 'vitest';
import { PageNames } from '../../dev/browser/page-names.ts';

const [one, other] = [`CA${'0'.repeat(32)}`, `CA${'f'.repeat(32)}`];

test('a page has the same name in whatever order pages are met, and names no call', () => {
  const names = new PageNames();
  expect(['/', '/history', `/#${one}`, `/call/${other}`, `/call/${one}?part=2`].map((path) => names.of(path))).toEqual([
    'home',
    'history',
    'opened-call-1',
    'call-2',
    'call-1-part-2',
  ]);
  expect([`/call/${other}`, `/call/${one}`].map((path) => names.of(path))).toEqual(['call-2', 'call-1']);
});
