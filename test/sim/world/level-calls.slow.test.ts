import { expect, test } from 'vitest';
import { simulateCall } from '../../../src/sim/run/call.ts';
import { scenarioOfSeed } from '../../../src/sim/run/seed.ts';
import { shippedComfortSounds } from '../../../src/sounds/comfort-sounds.ts';
import { mulawCodec } from '../../../src/sounds/mulaw-codec.ts';
import { levelAudioPath } from '../../../src/sim/world/level-audio-path.ts';

const levels = levelAudioPath(mulawCodec, shippedComfortSounds);

test('calls of levels pass every check, and take as long as calls with filters', () => {
  const ms = { levels: 0, filtered: 0 };
  for (let seed = 0; seed < 40; seed += 1) {
    const scenario = scenarioOfSeed(seed);
    const { broken, callMs } = simulateCall(scenario, { audioPath: levels });
    expect({ seed, broken }).toEqual({ seed, broken: [] });
    ms.levels += callMs;
    ms.filtered += simulateCall(scenario).callMs;
  }
  // The filters' delay moves the end of a caller's turn by a frame, and so may a later turn.
  expect(Math.abs(ms.levels / ms.filtered - 1)).toBeLessThan(0.02);
});
