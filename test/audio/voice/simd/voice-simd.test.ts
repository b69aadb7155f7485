import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readRecordings } from '../../../../dev/voice/material/voices.ts';
import { fractionsOf, note, whiteNoise } from '../../../../dev/voice/sounds/signal.ts';
import { decoded } from '../../../../dev/voice/sounds/talkers.ts';
import { lineNumbers, voiceFrameSamples } from '../../../../src/audio/voice/frame-arithmetic.ts';
import { scalarFrame } from '../../../../src/audio/voice/scalar/scalar-frame.ts';
import { ScalarNetwork } from '../../../../src/audio/voice/scalar/scalar-network.ts';
import { simdFrame } from '../../../../src/audio/voice/simd/simd-frame.ts';
import { simdNetwork } from '../../../../src/audio/voice/simd/simd-network.ts';
import type { NetworkWeights } from '../../../../src/audio/voice/voice-network.ts';
import { propertySettings } from '../../streams.ts';

const frames = 60;
const length = frames * voiceFrameSamples;
const simd = simdFrame();
const recording = readRecordings('tuned').find(({ voice }) => voice === 'it-carlo');

const sounds: Readonly<Record<string, Float64Array>> = {
  voice: decoded(recording?.mulaw ?? new Uint8Array(0)).slice(0, length),
  noise: whiteNoise(length, fractionsOf(1)).map((sample) => 3_000 * sample),
  'soft noise': whiteNoise(length, fractionsOf(2)).map((sample) => 3 * sample),
  tone: note(440, length / 8, [8_000], 1, 1e9),
  pulses: new Float64Array(length).map((_, i) => (i % 333 === 0 ? 32_124 : 0)),
  'full scale': new Float64Array(length).map((_, i) => (i % 37 < 19 ? 32_124 : -32_124)),
  DC: new Float64Array(length).fill(20_000),
  silence: new Float64Array(length),
};

/** The bits of a line's numbers, so that NaN is itself and no zero another. */
function bitsOf(line: Float64Array): BigUint64Array {
  return new BigUint64Array(line.slice().buffer);
}

test.runIf(simd !== null).for(Object.keys(sounds))('%s gives the same bits by both kinds of arithmetic', (name) => {
  const sound = sounds[name] ?? new Float64Array(length);
  expect(sound).toHaveLength(length);
  const [one, other] = [new Float64Array(lineNumbers), new Float64Array(lineNumbers)];
  for (let at = 0; at < length; at += voiceFrameSamples) {
    const frame = sound.subarray(at, at + voiceFrameSamples);
    scalarFrame.measure(frame, one);
    simd?.measure(frame, other);
    expect(bitsOf(other)).toEqual(bitsOf(one));
  }
});

test.runIf(simd !== null)('lines that are heard in turn give what each gives alone', () => {
  const names = Object.keys(sounds);
  const measured = (measure: typeof scalarFrame, inTurn: boolean): Float64Array[] => {
    const lines = names.map(() => new Float64Array(lineNumbers));
    for (let step = 0; step < frames * names.length; step++) {
      const line = inTurn ? step % names.length : Math.floor(step / frames);
      const at = voiceFrameSamples * (inTurn ? Math.floor(step / names.length) : step % frames);
      const frame = sounds[names[line] ?? '']?.subarray(at, at + voiceFrameSamples);
      measure.measure(frame ?? new Float64Array(0), lines[line] ?? new Float64Array(0));
    }
    return lines;
  };
  const alone = measured(scalarFrame, false).map(bitsOf);
  expect(measured(scalarFrame, true).map(bitsOf)).toEqual(alone);
  expect(measured(simd ?? scalarFrame, true).map(bitsOf)).toEqual(alone);
});

test.runIf(simd !== null)('any samples after any frame give the same bits by both kinds of arithmetic', () => {
  const sample = fc.oneof(
    fc.double({ min: -32_768, max: 32_768, noNaN: true }),
    fc.constantFrom(0, 5e-324, 1e-160, -1),
  );
  const frame = fc.array(sample, { minLength: voiceFrameSamples, maxLength: voiceFrameSamples });
  fc.assert(
    fc.property(frame, frame, (first, second) => {
      const [one, other] = [new Float64Array(lineNumbers), new Float64Array(lineNumbers)];
      for (const samples of [first, second]) {
        scalarFrame.measure(Float64Array.from(samples), one);
        simd?.measure(Float64Array.from(samples), other);
        expect(bitsOf(other)).toEqual(bitsOf(one));
      }
    }),
    propertySettings,
  );
});

const anyNetwork = fc
  .record({ units: fc.integer({ min: 1, max: 20 }), inputs: fc.integer({ min: 1, max: 40 }), seed: fc.nat() })
  .map(({ units, inputs, seed }): { weights: NetworkWeights; values: Float64Array } => {
    const draw = fractionsOf(seed);
    const row = (count: number): string => Array.from({ length: count }, () => (2 * draw() - 1).toFixed(3)).join(' ');
    const hidden = Array.from({ length: units }, () => row(1 + inputs));
    return {
      weights: { hidden, output: row(1 + units) },
      values: Float64Array.from({ length: inputs }, () => draw() - 0.5),
    };
  });

test.runIf(simd !== null)('a network of any size gives the same figure by both kinds of arithmetic', () => {
  fc.assert(
    fc.property(anyNetwork, ({ weights, values }) => {
      expect(simdNetwork(weights)?.score(values)).toBe(new ScalarNetwork(weights).score(values));
    }),
    propertySettings,
  );
});

const ones = (count: number): string => Array.from({ length: count }, () => '1').join(' ');

function simpleNetwork(units: number, inputs: number): ReturnType<typeof simdNetwork> {
  return simdNetwork({ hidden: Array.from({ length: units }, () => ones(1 + inputs)), output: ones(1 + units) });
}

test('a network that is too large for the memory, or has nothing hidden, is left to the other kind', () => {
  expect(simpleNetwork(8, 129)).toBe(null);
  expect(simpleNetwork(80, 100)).toBe(null);
  expect(simpleNetwork(0, 1)).toBe(null);
});
