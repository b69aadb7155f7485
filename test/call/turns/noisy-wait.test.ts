import { describe, expect, test } from 'vitest';
import { levelAudioPath } from '../../../src/sim/world/level-audio-path.ts';
import { shippedComfortSounds } from '../../../src/sounds/comfort-sounds.ts';
import { mulawCodec } from '../../../src/sounds/mulaw-codec.ts';
import { CallScene } from '../call-scene.ts';
import { hearsMoving } from '../hears-moving.ts';

const levels = { ...levelAudioPath(mulawCodec, shippedComfortSounds), voiceDetector: () => hearsMoving(1) };

/** The pause that ends speech. */
const endMs = 600;

/** A caller beside a noise has asked something, and waits for the answer. */
function waits(line: 'noise' | 'silence' = 'noise'): CallScene {
  const scene = CallScene.greeted({}, levels).callerSends(2_000, line).callerSends(800, 'speech');
  return scene.callerSends(endMs + 40, line).forget();
}

/** Voices come and go, one a second, for so many seconds. */
function voices(scene: CallScene, seconds: number, line: 'noise' | 'silence' = 'noise'): CallScene {
  for (let second = 0; second < seconds; second++) scene.callerSends(300, 'speech').callerSends(700, line);
  return scene;
}

// A television ran beside a caller who waited. Each of its voices might have been the caller, so each excused the model anew, whose answer it
// had broken off. Nobody asked for that, for as long as the television ran.
describe('a caller who waits for an answer beside voices that come and go', () => {
  test('is answered because the model is asked to, in a pause', () => {
    const scene = voices(waits().callerSends(500, 'noise'), 2);
    scene.callerSends(300, 'speech').callerSends(560, 'noise');
    expect(scene.texts).toEqual([]);
    scene.callerSends(60, 'noise');
    expect(scene.texts).toEqual([expect.stringContaining('waits. Answer now.')]);
    expect(scene.notes('answerAskedFor')).toHaveLength(1);
    expect(scene.notes('escalated')).toEqual([]);
  });

  test('is asked for three times at most', () => {
    expect(voices(waits(), 5).notes('answerAskedFor')).toHaveLength(1);
    expect(voices(waits(), 40).notes('answerAskedFor')).toHaveLength(3);
  });

  test('waits for no longer than the end of a voice, after a while', () => {
    const scene = waits().callerSends(6_000, 'speech').callerSends(280, 'noise');
    expect(scene.texts).toEqual([]);
    expect(scene.callerSends(60, 'noise').texts).toHaveLength(1);
  });

  test('waits anew once words of the agent were heard', () => {
    const scene = voices(waits(), 2).agentSpeaks(200).happens({ type: 'model.generationCompleted' });
    expect(voices(scene, 2).notes('answerAskedFor')).toEqual([]);
  });

  test('is not asked for while a tool works on it', () => {
    const scene = voices(waits(), 1).toolCalled('1', 'look_up');
    expect(voices(scene, 5).texts).toEqual([]);
  });

  test('is not asked for when the model has chosen to say nothing', () => {
    const scene = waits().happens({ type: 'model.waitingForInput' });
    scene.callerSends(2_400, 'noise').callerSends(300, 'speech').callerSends(620, 'noise');
    expect(scene.texts).toEqual([]);
  });

  test('speaks with pauses, where the line is quiet, and is left alone', () => {
    expect(voices(waits('silence'), 6, 'silence').texts).toEqual([]);
  });
});

// A caller had waited for seconds, and the answer that was asked for came just behind the beginning of a television's next sentence. It was taken
// for a caller who goes on, so the answer was dropped, and all began anew.
test('an answer that was asked for is heard when a voice is over that began shortly before it', () => {
  const scene = voices(waits(), 3).callerSends(700, 'noise');
  expect(scene.notes('answerAskedFor')).toHaveLength(1);
  scene.callerSends(400, 'speech').forget().agentSpeaks(4_000).callerSends(800, 'speech');
  expect(scene.types).not.toContain('stream.media');
  scene.callerSends(400, 'noise');
  expect(scene.notes('bargeIn')).toEqual([]);
  expect(scene.types).toContain('stream.media');
});
