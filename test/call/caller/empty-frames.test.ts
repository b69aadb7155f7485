import { expect, test } from 'vitest';
import { CallScene, modelClosed } from '../call-scene.ts';

// Frames without sound have no length, and each bound on what is kept is one of lengths: they were kept without end.
test('a frame without sound is none, so that nothing of it is kept for the next session', () => {
  const scene = CallScene.greeted().happens(modelClosed(1006, '')).callerSends(400, 'speech');
  for (let sequence = 100; sequence < 1_100; sequence++) {
    scene.happens({ type: 'stream.media', sequence, timestampMs: scene.nowMs, audio: new Uint8Array() });
  }
  const sent = scene.forget().happens({ type: 'model.opened' }).all('model.sendAudio');
  expect(sent.map(({ pcm }) => pcm.length)).not.toContain(0);
  expect(scene.sentToModelMs).toBeGreaterThanOrEqual(400);
});
