import { expect, test } from 'vitest';
import { note } from '../../../../dev/voice/sounds/signal.ts';
import { splitBands } from '../../../../src/audio/voice/scalar/band-split.ts';
import { bandPowersAt, lineNumbers, voiceBands } from '../../../../src/audio/voice/frame-arithmetic.ts';

test.for([
  [400, 0],
  [750, 1],
  [1_500, 2],
  [2_500, 3],
  [3_400, 4],
] as const)('of a tone of %i Hz band %i has nearly all', ([hz, at]) => {
  const line = new Float64Array(lineNumbers);
  const tone = note(hz, 400, [1_000], 1, 1e9);
  for (let from = 0; from + 160 <= 3_000; from += 160) splitBands(tone.subarray(from, from + 160), line);
  const powers = line.subarray(bandPowersAt);
  expect(powers).toHaveLength(voiceBands);
  // Of a tone of amplitude 1000 the mean power is half a million.
  expect((powers[at] ?? 0) / 500_000).toBeCloseTo(1, 1);
  const others = [...powers].toSpliced(at, 1);
  expect(Math.max(...others)).toBeLessThan(0.06 * (powers[at] ?? 0));
});
