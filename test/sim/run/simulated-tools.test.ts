import { expect, test } from 'vitest';
import { simulatedTools } from '../../../src/sim/run/simulated-tools.ts';
import { simulatedTerms } from '../../../src/sim/scenario/pretended-tools.ts';
import { termsOf } from '../../../src/tools/tool-terms.ts';

test('a simulated call knows of its tools what they are declared with', () => {
  expect(termsOf(simulatedTools)).toEqual(simulatedTerms);
});
