import { expect, test } from 'vitest';
import { mulawCodec } from '../../../src/sounds/mulaw-codec.ts';
import { simulateCall } from '../../../src/sim/run/call.ts';
import { syntheticSpeech } from '../../../src/sim/scenario/synthetic-speech.ts';
import { parseWorldScenario } from '../../../src/sim/scenario/world-scenario.ts';

test('the model knows which clip of the caller it hears, and makes of it what its script says', () => {
  const scenario = {
    why: 'Two sounds over the agent, of which one is meant.',
    caller: {
      steps: [
        { waitFor: 'agentSpeaking' },
        { waitFor: 'agentQuiet', ms: 800 },
        { say: 'sentence' },
        ...over('mmHm'),
        { say: 'sentence' },
        ...over('interrupting'),
        { hangUp: true },
      ],
    },
    model: {
      turns: [{ steps: [{ say: 'hello' }] }, { heard: 'A story, please.', steps: [{ say: 'long' }] }],
      repeat: true,
      turnTaking: 'ideal',
      sounds: { mmHm: 'backchannel' },
    },
    // What the model makes of them is looked at, and not what our ear does.
    settings: { bargeIn: 'off' },
  };
  const { broken, modelSessions } = simulateCall(parseWorldScenario(scenario, syntheticSpeech(mulawCodec)), {
    hashes: false,
  });
  expect(broken).toEqual([]);
  expect(modelSessions[0]?.overlaps).toMatchObject([
    { clip: 'mmHm', kind: 'backchannel', fate: 'unheard' },
    { clip: 'interrupting', kind: 'speech', fate: 'stops' },
  ]);
});

/** Says a clip while the agent speaks. */
function over(clip: string): readonly object[] {
  return [{ waitFor: 'agentSpeaking', ms: 400 }, { say: clip }, { waitFor: 'agentQuiet', ms: 800 }];
}
