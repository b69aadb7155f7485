import { describe, expect, test } from 'vitest';
import { usualPatience } from '../../src/core/call-settings.ts';
import { CallScene } from './call-scene.ts';

/** With a little more than the resampler holds back of the last word. */
const idleMs = usualPatience.idleMs + 10;
const question = expect.stringContaining('Ask in a few words whether the caller is still there');

describe('a silence of both sides', () => {
  test('is ended by the agent, which asks whether the caller is there', () => {
    const scene = greeted().passes(idleMs - 1_000);
    expect(scene.texts).toEqual([]);
    scene.passes(1_000);
    expect(scene.texts).toEqual([question]);
    expect(scene.notes('callerPrompted')).toEqual([{ times: 1 }]);
  });

  test('that follows the question is ended once more, and then no more', () => {
    const scene = greeted()
      .passes(idleMs)
      .agentReplies(1_000)
      .passes(idleMs)
      .agentReplies(1_000)
      .passes(10 * idleMs);
    expect(scene.texts).toEqual([question, question]);
    scene.callerAsks().agentReplies(1_000).passes(idleMs);
    expect(scene.texts).toHaveLength(3);
  });

  test('begins when the caller has heard the last word, and when the caller has stopped speaking', () => {
    const scene = greeted().agentSpeaks(8_000).happens({ type: 'model.generationCompleted' });
    scene
      .passes(8_000)
      .marksReturn()
      .passes(idleMs - 1_000);
    expect(scene.texts).toEqual([]);
    scene
      .callerAsks()
      .happens({ type: 'model.waitingForInput' })
      .passes(idleMs - 20);
    expect(scene.texts).toEqual([]);
    scene.passes(20);
    expect(scene.texts).toEqual([question]);
  });

  test('is none while a tool runs, and none on a line that is not there', () => {
    const busy = greeted().toolCalled('t1', 'lookup').passes(7_000).toolFinished('t1').agentReplies(500);
    busy.passes(idleMs - 20);
    expect(busy.texts).toEqual([]);
    const away = greeted().happens({ type: 'stream.closed', code: 1006 }).passes(9_000);
    away.happens({ type: 'connect.ended', stream: 1, callOver: false }).passes(9_000);
    expect(away.texts).toEqual([]);
  });

  test('whose question the model does not ask climbs the ladder', () => {
    const scene = greeted().passes(idleMs + 4_000);
    expect(scene.steps).toEqual(['answer: nudge']);
  });
});

function greeted(): CallScene {
  return CallScene.greeted({ patience: usualPatience });
}
