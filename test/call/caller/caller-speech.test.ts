import { expect, test } from 'vitest';
import type { CallFact } from '../../../src/call/events.ts';
import { levelAudioPath } from '../../../src/sim/world/level-audio-path.ts';
import { shippedComfortSounds } from '../../../src/sounds/comfort-sounds.ts';
import { mulawCodec } from '../../../src/sounds/mulaw-codec.ts';
import { CallScene } from '../call-scene.ts';

const levels = levelAudioPath(mulawCodec, shippedComfortSounds);
const heard: CallFact = { type: 'model.callerTranscript', text: 'Where is my order?' };

test('a caller who says the same words again has said them twice', () => {
  const scene = CallScene.greeted({}, levels).callerAsks().happens(heard).agentReplies(1_000);
  scene.callerAsks().happens(heard).agentReplies(1_000);
  expect(scene.lines.filter((line) => line === 'caller: Where is my order?')).toHaveLength(2);
  expect(scene.notes('transcriptRepeated')).toEqual([]);
});

test('an answer is expected to words that the model heard through a noise without pauses', () => {
  const scene = CallScene.greeted({}, levels).callerSends(9_000, 'noise').forget().happens(heard);
  expect(scene.callerSends(4_100, 'noise').steps).toEqual(['answer: nudge']);
  const unheard = CallScene.greeted({}, levels).callerSends(9_000, 'noise').forget();
  expect(unheard.callerSends(4_100, 'noise').steps).toEqual([]);
});
