import { expect, test } from 'vitest';
import { dollars } from '../../../src/store/history/cost-words.ts';

test('sums read as people write them', () => {
  expect([0, 0.01234, 12.3].map(dollars)).toEqual(['$0.00', '$0.0123', '$12.30']);
});
