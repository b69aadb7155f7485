import { expect, test } from 'vitest';
import { BadLine } from '../../../src/sim/faults/bad-line.ts';
import { seededRandom } from '../../../src/sim/seeded-random.ts';
import { mulawCodec } from '../../../src/sounds/mulaw-codec.ts';

test('some frames are lost, the others come in order and not much later', () => {
  const line = new BadLine(mulawCodec, seededRandom(7));
  // Loud steps that the noise cannot blur: 32 levels, told apart by their upper bits.
  const numbered = Array.from({ length: 2000 }, (_, at) => line.pass(new Uint8Array(160).fill(codeOf(at))));
  const arrived = numbered.flatMap((audio, at) => {
    const step = stepOf(audio);
    return step === null ? [] : [{ at, agoFrames: (((at - step) % steps) + steps) % steps }];
  });

  expect(arrived.length).toBeGreaterThan(1500);
  expect(arrived.length).toBeLessThan(1990);
  const spokenAt = arrived.map(({ at, agoFrames }) => at - agoFrames);
  expect(spokenAt).toEqual([...new Set(spokenAt)].toSorted((a, b) => a - b));
  expect(Math.max(...arrived.map(({ agoFrames }) => agoFrames))).toBeLessThanOrEqual(10);
});

test('silence hisses, below what counts as speech', () => {
  const line = new BadLine(mulawCodec, seededRandom(7));
  const hiss = Array.from({ length: 50 }, () => line.pass(new Uint8Array(160).fill(0xff)));
  const samples = hiss.flatMap((audio) => [...audio].map((code) => mulawCodec.decode[code] ?? 0));

  expect(Math.max(...samples.map(Math.abs))).toBeGreaterThan(100);
  expect(Math.max(...samples.map(Math.abs))).toBeLessThanOrEqual(148);
});

const steps = 16;

/** A loud sample for each of 16 frames in turn. */
function codeOf(at: number): number {
  return mulawCodec.encode[8000 + 1500 * (at % steps) + 32_768] ?? 0;
}

function stepOf(audio: Uint8Array): number | null {
  const mean = audio.reduce((sum, code) => sum + (mulawCodec.decode[code] ?? 0), 0) / audio.length;
  return mean < 4000 ? null : Math.round((mean - 8000) / 1500);
}
