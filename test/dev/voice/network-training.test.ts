import { expect, test } from 'vitest';
import { trainNetwork } from '../../../dev/voice/training/network-training.ts';
import { networkOf } from '../../../src/audio/voice/voice-arithmetic.ts';
import { fractionsOf } from '../../../dev/voice/sounds/signal.ts';

const isSame = (first: number, second: number): boolean => first > 0 === second > 0;

test('a network learns what no sum of its inputs tells: whether both have the same sign', () => {
  const draw = fractionsOf(9);
  const frames = 60_000;
  const inputs = Float32Array.from({ length: 2 * frames }, () => 2 * draw() - 1);
  const isVoice = Uint8Array.from({ length: frames }, (_, frame) =>
    Number(isSame(inputs[2 * frame] ?? 0, inputs[2 * frame + 1] ?? 0)),
  );
  const weights = trainNetwork({ frames, inputs, isVoice, weights: new Float32Array(frames).fill(1) }, 8);
  const network = networkOf(weights);
  const grid = [-0.9, -0.5, -0.2, 0.2, 0.5, 0.9];
  const wrong = grid.flatMap((first) =>
    grid.filter((second) => network.score(Float64Array.of(first, second)) > 0 !== isSame(first, second)),
  );
  expect(wrong).toEqual([]);
});
