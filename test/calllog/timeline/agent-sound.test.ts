import { expect, test } from 'vitest';
import { AgentSound } from '../../../src/calllog/timeline/agent-sound.ts';
import { readLog } from '../../../src/calllog/read-log.ts';
import { shippedComfortSounds } from '../../../src/sounds/comfort-sounds.ts';
import { mulawCodec } from '../../../src/sounds/mulaw-codec.ts';
import { keptCall, keptCallNames } from './kept-calls.ts';

test('of every second kept call, what was sent to the caller is made again to the sample', () => {
  const tallies = keptCallNames.filter((_, at) => at % 2 === 1).map((name) => ({ name, ...tallyOf(name) }));
  expect(tallies.filter(({ unlike }) => unlike > 0)).toEqual([]);
  expect(tallies.reduce((sum, { chunks }) => sum + chunks, 0)).toBeGreaterThan(500);
});

// The agent went on with what it had when the model stopped for a "mm-hm", and the page of the call played silence there.
test('what came before the model stopped by mistake is heard to its end', () => {
  expect(tallyOf('model-stops-for-hum').unlike).toBe(0);
});

test('what the log claims and the model never sent is silence of that length', () => {
  const sound = new AgentSound(mulawCodec, shippedComfortSounds, 'abcdef01');
  const [chunk, phrase, odd] = sound.take({ type: 'tick', atMs: 0 }, [
    sent({ bytes: 160, fingerprint: '00000000' }),
    sent({ bytes: 80, fingerprint: 'abcdef01' }),
    sent({ bytes: -5 }),
  ]);
  expect(chunk).toEqual({ audio: new Uint8Array(160).fill(0xff), isReply: true });
  expect(phrase).toEqual({ audio: new Uint8Array(80).fill(0xff), isReply: false });
  expect(odd?.audio).toHaveLength(0);
});

function tallyOf(name: string): AgentSound['tally'] {
  const sound = new AgentSound(mulawCodec, shippedComfortSounds, null);
  const { text, audio } = keptCall(name);
  for (const { event, effects } of readLog(text, audio).steps) sound.take(event, effects);
  return sound.tally;
}

function sent(audio: object) {
  return { type: 'stream.media', audio };
}
