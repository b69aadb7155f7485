import { expect, test } from 'vitest';
import { cut, endOfEndless } from './excess.ts';

test.for(cut)('a model of which every session sends %o is left for the fallback after three', (step) => {
  expect(endOfEndless(step)).toEqual([[], 'apologised', 3]);
});
