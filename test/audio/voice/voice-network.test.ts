import { expect, test } from 'vitest';
import { networkOf } from '../../../src/audio/voice/voice-arithmetic.ts';
import { ScalarNetwork } from '../../../src/audio/voice/scalar/scalar-network.ts';
import { voiceInputs } from '../../../src/audio/voice/voice-inputs.ts';
import { voiceWeights } from '../../../src/audio/voice/voice-weights.ts';

const weights = { hidden: ['-1 2 0', '0.5 0 -1'], output: '10 3 -4' };

test.each([networkOf(weights), new ScalarNetwork(weights)])(
  'a unit counts only while it is positive (%#)',
  (network) => {
    // Units of 1 and 0.5, then of -1 and 0.25, then of 3 and -2.5.
    expect(network.score(Float64Array.of(1, 0))).toBe(10 + 3 - 2);
    expect(network.score(Float64Array.of(0, 0.25))).toBe(10 - 1);
    expect(network.score(Float64Array.of(2, 3))).toBe(10 + 9);
  },
);

test('the weights are whole: a bias and one for each input, all of them numbers', () => {
  const rows = [...voiceWeights.hidden, voiceWeights.output].map((text) => text.split(' ').map(Number));
  expect(rows.flat().filter((weight) => !Number.isFinite(weight))).toEqual([]);
  expect(new Set(rows.slice(0, -1).map(({ length }) => length))).toEqual(new Set([voiceInputs + 1]));
  expect(rows.at(-1)).toHaveLength(voiceWeights.hidden.length + 1);
});
