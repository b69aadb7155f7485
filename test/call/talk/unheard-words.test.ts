import { describe, expect, test } from 'vitest';
import { CallScene } from '../call-scene.ts';

const heard = 'When your reply was cut off, the caller had heard only: "Your order is" of it.';

/** The agent has said half of a sentence when the model hears the caller. */
function cutScene(): CallScene {
  return cutAgain(CallScene.greeted());
}

function cutAgain(scene: CallScene): CallScene {
  scene.happens({ type: 'model.agentTranscript', text: 'Your order is here today.' }).agentSpeaks(4_000);
  return scene
    .happens({ type: 'model.generationCompleted' })
    .callerHears(2_400)
    .forget()
    .happens({ type: 'model.interrupted' });
}

function toldBy(scene: CallScene): unknown[] {
  return scene.notes('heardTold').map(({ by }) => by);
}

function firstAnswer(scene: CallScene): unknown {
  return scene.all('model.answerTools')[0]?.answers[0]?.response;
}

describe('the model learns what the caller did not hear', () => {
  test('beside the next answer of a tool, once', () => {
    const scene = cutScene().toolCalled('1', 'lookup_record').toolFinished('1');
    expect(firstAnswer(scene)).toEqual({ result: 'done', callerHeard: expect.stringContaining(heard) });
    expect(toldBy(scene)).toEqual(['tool']);
    scene.forget().toolCalled('2', 'lookup_record').toolFinished('2');
    expect(firstAnswer(scene)).toEqual({ result: 'done' });
  });

  test('not beside an answer that it does not wait for', () => {
    const scene = CallScene.greeted().toolCalled('1', 'lookup_record');
    cutAgain(scene).happens({ type: 'model.toolCancelled', ids: ['1'] });
    expect(firstAnswer(scene)).not.toHaveProperty('callerHeard');
    scene.forget().toolCalled('2', 'lookup_record').toolFinished('2');
    expect(firstAnswer(scene)).toHaveProperty('callerHeard');
  });

  test('in front of the next text, once', () => {
    const scene = cutScene().callerAsks().passes(8_000);
    expect(scene.all('model.sendText')[0]?.prompts).toEqual(['heardOnly', 'answerNow']);
    expect(scene.texts[0]).toContain(heard);
    expect(toldBy(scene)).toEqual(['text']);
    expect(scene.texts.slice(1).join()).not.toContain(heard);
  });

  test('by the recap of a session that knows nothing', () => {
    const scene = cutScene().modelReturns(100);
    expect(scene.all('model.open')[0]?.recap).toContain('You: Your order is (the caller heard no more of this)');
    expect(scene.all('model.open')[0]?.recap).not.toContain(heard);
    expect(toldBy(scene)).toEqual(['session']);
  });

  test('by the instruction of a session whose handle is newer than the cut', () => {
    const scene = cutScene().happens({ type: 'model.resumptionUpdated', handle: 'h1', resumable: true });
    scene.passes(1_000).modelReturns(100);
    expect(scene.all('model.open')[0]).toMatchObject({ handle: 'h1', recap: expect.stringContaining(heard) });
    expect(toldBy(scene)).toEqual(['session']);
    expect(scene.all('model.sendText').flatMap(({ prompts }) => prompts)).not.toContain('heardOnly');
  });

  test('not before the session is there', () => {
    const scene = cutScene().happens({
      type: 'model.closed',
      code: 1006,
      reason: '',
      remedy: 'none',
      jitter: 0,
    });
    expect(toldBy(scene)).toEqual([]);
  });
});

describe('what cannot be told', () => {
  test('is counted when the agent goes on without it', () => {
    const scene = cutScene().passes(2_000).agentReplies(1_000, 'Yes.');
    expect(scene.notes('heardUntold')).toEqual([]);
    scene.callerAsks().agentReplies(1_000, 'Certainly.');
    expect(scene.notes('heardUntold')).toEqual([{}]);
    scene.toolCalled('1', 'lookup_record').toolFinished('1').happens({ type: 'call.completed' });
    expect(firstAnswer(scene)).toEqual({ result: 'done' });
    expect(scene.notes('callEnded')).toMatchObject([{ heardTold: 0, heardUntold: 1 }]);
  });

  test('can still be told while the agent says its next reply', () => {
    const scene = cutScene()
      .passes(2_000)
      .agentReplies(1_000, 'One moment.')
      .toolCalled('1', 'lookup_record')
      .toolFinished('1');
    expect(firstAnswer(scene)).toHaveProperty('callerHeard');
  });

  test('is counted when the call ends after the next reply, and not before it', () => {
    const ended = { type: 'call.completed' } as const;
    expect(cutScene().happens(ended).notes('callEnded')).toMatchObject([{ heardUntold: 0 }]);
    const scene = cutScene().passes(2_000).agentReplies(1_000, 'Yes.').happens(ended);
    expect(scene.notes('callEnded')).toMatchObject([{ heardUntold: 1 }]);
  });

  test('is counted when another reply is cut', () => {
    const scene = cutScene().passes(2_000);
    const again = cutAgain(scene).passes(2_000);
    again.happens({ type: 'call.completed' });
    expect(again.notes('callEnded')).toMatchObject([{ heardUntold: 1 }]);
  });
});

test('a reply without a transcript was heard to an unknown word', () => {
  const scene = CallScene.greeted().agentSpeaks(4_000).callerHears(2_000).happens({ type: 'model.interrupted' });
  scene.toolCalled('1', 'lookup_record').toolFinished('1');
  expect(firstAnswer(scene)).toMatchObject({ callerHeard: expect.stringContaining('only the beginning') });
});

test('of a reply that was heard but for its last breath nothing is told', () => {
  const scene = CallScene.greeted().happens({ type: 'model.agentTranscript', text: 'Yes.' }).agentSpeaks(2_000);
  scene.callerHears(1_950).happens({ type: 'model.interrupted' }).toolCalled('1', 'lookup_record').toolFinished('1');
  expect(firstAnswer(scene)).toEqual({ result: 'done' });
});
