import { expect, test } from 'vitest';
import { readLog } from '../../../src/calllog/read-log.ts';
import { recordScenario } from '../../../src/sim/run/record.ts';
import { sounds } from '../../../src/sim/run/seed.ts';
import { parseWorldScenario } from '../../../src/sim/scenario/world-scenario.ts';

test('sound is stored once, also what is a piece of another', () => {
  const scenario = parseWorldScenario(
    {
      why: 'Caller and agent say the same syllables again and again.',
      caller: { steps: [{ waitFor: 'agentSpeaking' }, { waitFor: 'agentQuiet', ms: 300 }, { say: 'sentence' }] },
      model: { turns: [{ steps: [{ say: 'hello' }] }, { steps: [{ say: 'long' }] }] },
      settings: { callMsMax: 12_000 },
    },
    sounds,
  );
  const { lines, audio } = recordScenario(scenario);
  const { steps } = readLog(lines, audio);
  const heard = steps.flatMap(({ event }) => (event.type === 'model.audio' ? [event.pcm] : []));
  expect(heard.length).toBeGreaterThan(10);
  // Its first message is 200 ms, and each of the others is one syllable of 240 ms or the beginning of it.
  const said = sounds.agent.get('long')?.pcm ?? new Uint8Array(0);
  expect(Buffer.concat(heard.slice(-14)).equals(said)).toBe(true);
  const agentBytes = 440 * 48;
  const callerBytes = (480 / 20 + 1) * 160;
  expect(audio.length).toBe(agentBytes + callerBytes);
});
