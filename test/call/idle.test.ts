import { describe, expect, test } from 'vitest';
import { usualPatience } from '../../src/call/call-settings.ts';
import { CallScene, modelClosed } from './call-scene.ts';

/** With a little more than the resampler holds back of the last word. */
const idleMs = usualPatience.idleMs + 10;
/** Shorter than what a tool or a session may take. */
const quick = 5_000;

const question = expect.stringContaining('Ask in a few words whether the caller is still there');

describe('a silence of both sides', () => {
  test('is ended by the agent, which asks whether the caller is there', () => {
    const scene = greeted().passes(idleMs - 1_000);
    expect(scene.texts).toEqual([]);
    scene.passes(1_000);
    expect(scene.texts).toEqual([question]);
    expect(scene.notes('callerAsked')).toEqual([{ times: 1 }]);
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

  test('is none while a tool runs, even one for which nobody waits', () => {
    const scene = greeted(quick).toolCalled('t1', 'look').happens({ type: 'model.waitingForInput' }).passes(7_000);
    expect(scene.texts).toEqual([]);
    scene.toolFinished('t1').happens({ type: 'model.waitingForInput' }).passes(quick);
    expect(scene.texts).toEqual([question]);
  });

  test('is none while the model thinks, while no session is there, and on a line that is not there', () => {
    const thinking = greeted()
      .passes(idleMs - 1_000)
      .happens({ type: 'model.interaction', status: 'working' });
    const lost = greeted(quick).happens(modelClosed(1006, '')).passes(quick);
    const away = greeted(quick).happens({ type: 'stream.closed', code: 1006 }).passes(quick);
    expect([thinking.passes(idleMs - 1_000), lost, away].flatMap(({ texts }) => texts)).toEqual([]);
  });

  test('is none once the exit is decided, even in the same moment', () => {
    const scene = CallScene.greeted({ patience: usualPatience, callMsMax: idleMs }).jumps(2 * idleMs);
    expect(scene.texts).toEqual([expect.stringContaining('goodbye')]);
  });

  test('whose question the model does not ask climbs the ladder', () => {
    const scene = greeted().passes(idleMs + 4_000);
    expect(scene.steps).toEqual(['question: nudge']);
    expect(scene.texts).toEqual([question, question]);
  });
});

function greeted(ms = usualPatience.idleMs): CallScene {
  return CallScene.greeted({ patience: { ...usualPatience, idleMs: ms } });
}
