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

  test('is asked for three times at most, and again when words of the caller were understood', () => {
    expect(voices(waits(), 5).notes('answerAskedFor')).toHaveLength(1);
    const scene = voices(waits(), 11);
    expect(scene.notes('answerAskedFor')).toHaveLength(3);
    scene.agentSpeaks(200).happens({ type: 'model.generationCompleted' });
    scene.happens({ type: 'model.turnCompleted', reason: null });
    expect(voices(scene, 40).notes('answerAskedFor')).toHaveLength(3);
    scene.forget().happens({ type: 'model.callerTranscript', text: 'Are you still there?' });
    expect(voices(scene, 2).notes('answerAskedFor')).toHaveLength(1);
    expect(scene.notes('escalated')).toEqual([]);
  });

  test('gets another session when nothing comes of that', () => {
    const scene = voices(waits(), 20);
    expect(scene.notes('answerAskedFor')).toHaveLength(3);
    expect(scene.steps.slice(0, 2)).toEqual(['answer: nudge', 'answer: resume']);
  });

  test('is asked for no more often when each question is answered, but nobody speaks to the agent', () => {
    const scene = waits();
    for (let second = 0; second < 40; second++) {
      const before = scene.notes('answerAskedFor').length;
      voices(scene, 1);
      if (scene.notes('answerAskedFor').length === before) continue;
      scene.agentSpeaks(200).happens({ type: 'model.generationCompleted' });
      scene.happens({ type: 'model.turnCompleted', reason: null });
    }
    expect(scene.notes('answerAskedFor')).toHaveLength(3);
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

  test('speaks with pauses to a model that has not noticed, where the line is quiet, and is left alone', () => {
    const scene = CallScene.greeted({}, levels).agentSpeaks(8_000).passes(500);
    scene.happens({ type: 'model.generationCompleted' }).forget().callerSends(1_200, 'speech');
    for (let times = 0; times < 4; times++) scene.callerSends(440, 'silence').callerSends(2_500, 'speech');
    expect(scene.texts).toEqual([]);
  });

  test('dictates beside a noise, with pauses that end no turn, and is left alone', () => {
    const scene = CallScene.greeted({}, levels).callerSends(2_000, 'noise').callerSends(1_200, 'speech');
    scene.callerSends(endMs + 40, 'noise').forget();
    for (let times = 0; times < 4; times++) scene.callerSends(2_500, 'speech').callerSends(500, 'noise');
    expect(scene.texts).toEqual([]);
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
