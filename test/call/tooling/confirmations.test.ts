import { describe, expect, test } from 'vitest';
import type { CallFact } from '../../../src/call/events.ts';
import { Confirmations } from '../../../src/call/tooling/confirmations.ts';
import { levelAudioPath } from '../../../src/sim/world/level-audio-path.ts';
import { shippedComfortSounds } from '../../../src/sounds/comfort-sounds.ts';
import { mulawCodec } from '../../../src/sounds/mulaw-codec.ts';
import { CallScene, modelClosed } from '../call-scene.ts';
import { hearsMoving } from '../hears-moving.ts';

const tools = {
  book: { effect: 'write', timeoutMs: 5_000, confirm: true },
  cancel: { effect: 'write', timeoutMs: 5_000, confirm: true },
} as const;
const five = { party_size: 2, at: '5' };
const handle: CallFact = { type: 'model.resumptionUpdated', handle: 'h2', resumable: true };

const words = { ...levelAudioPath(mulawCodec, shippedComfortSounds), voiceDetector: () => hearsMoving(1) };

describe('a tool that wants a yes', () => {
  test('is not run at first: the model is told what to read back, and that is expected of it', () => {
    const scene = asked();
    expect(scene.all('tool.run')).toEqual([]);
    expect(scene.all('model.answerTools').flatMap(({ answers }) => answers)).toEqual([
      {
        id: 't1',
        name: 'book',
        response: {
          result:
            'Nothing was done yet. Read this back to the caller: party size: 2, at: 5. Ask whether that is right, and wait for the answer. ' +
            'If the caller says yes, call again with exactly the same arguments; if not, do not.',
        },
        scheduling: 'whenIdle',
      },
    ]);
    expect(scene.passes(4_000).steps).toEqual(['toolResult: nudge']);
  });

  test('is run when the agent has asked and the caller has spoken since', () => {
    const scene = asked()
      .agentReplies(1_500)
      .callerSends(300, 'speech')
      .toolCalled('t2', 'book', { at: '5', party_size: 2 });
    expect(scene.all('tool.run').map(({ call }) => call.id)).toEqual(['t2']);
  });

  test('takes a yes into the middle of the question', () => {
    const scene = asked().agentSpeaks(1_500).callerSends(300, 'speech').toolCalled('t2', 'book', five);
    expect(scene.all('tool.run')).toHaveLength(1);
  });

  test.for<[string, (scene: CallScene) => CallScene]>([
    ['nobody has said anything', (scene) => scene],
    ['only the agent has spoken', (scene) => scene.agentReplies(1_500).passes(2_000)],
    ['only the caller has spoken', (scene) => scene.callerAsks()],
    [
      'the caller began to speak before the question',
      (scene) => scene.callerSends(120, 'speech').agentSpeaks(1_500).callerSends(200, 'speech'),
    ],
    ['the caller made no more than a click', (scene) => scene.agentReplies(1_500).callerSends(100, 'speech')],
    [
      'the model says that it was interrupted',
      (scene) => scene.agentReplies(1_500).happens({ type: 'model.interrupted' }),
    ],
    ['words of the caller come in, and no sound', (scene) => said(scene.agentReplies(1_500))],
  ])('is not run a second time either when %s', ([, between]) => {
    const scene = between(asked()).toolCalled('t2', 'book', five).toolCalled('t3', 'book', five);
    expect(scene.all('tool.run')).toEqual([]);
    expect(scene.all('model.answerTools')).toHaveLength(3);
  });

  // A question that came while the caller spoke waited, and the agent yielded before any of it was sent. It counted as asked, because its
  // sound had come. The caller's next words, whatever they were about, then ran the tool.
  test('is not run when the question was dropped before any of it was heard', () => {
    const scene = CallScene.greeted({ tools }, words).toolCalled('t1', 'book', five);
    scene.callerSends(400, 'speech').forget().agentSpeaks(1_500).happens({ type: 'model.generationCompleted' });
    scene.callerSends(300, 'speech').callerSends(700, 'silence');
    expect(scene.types).not.toContain('stream.media');
    scene.callerSends(500, 'speech').callerSends(200, 'silence').toolCalled('t2', 'book', five);
    expect(scene.all('tool.run')).toEqual([]);
    scene.agentReplies(1_500).callerAsks().toolCalled('t3', 'book', five);
    expect(scene.all('tool.run')).toHaveLength(1);
  });

  test('is run when the question has waited for the caller, was heard, and the caller has spoken since', () => {
    const scene = CallScene.greeted({ tools }, words).toolCalled('t1', 'book', five);
    scene.callerSends(400, 'speech').forget().agentSpeaks(1_500).happens({ type: 'model.generationCompleted' });
    scene.callerSends(1_000, 'silence').callerSends(300, 'speech').toolCalled('t2', 'book', five);
    expect(scene.all('tool.run')).toHaveLength(1);
  });

  test('is not run when the caller spoke before the question only, which stood behind other words', () => {
    const scene = CallScene.greeted({ tools }, words).agentSpeaks(4_000).toolCalled('t1', 'book', five);
    scene.agentSpeaks(1_500).passes(500).callerSends(400, 'speech').callerSends(200, 'silence');
    scene.toolCalled('t2', 'book', five);
    expect(scene.all('tool.run')).toEqual([]);
  });

  test('is not asked about by the end of the words before, which the filters held back', () => {
    const confirmations = new Confirmations();
    confirmations.ask('book', 'five');
    confirmations.agentSpoke({ saidBytes: 16_000, begunBytes: 16_000 }, 0);
    confirmations.agentSpoke({ saidBytes: 16_029, begunBytes: 16_029 }, 100);
    confirmations.callerSpoke(200);
    expect(confirmations.isGiven('book', 'five')).toBe(false);
    confirmations.agentSpoke({ saidBytes: 17_629, begunBytes: 17_600 }, 300);
    confirmations.callerSpoke(400);
    expect(confirmations.isGiven('book', 'five')).toBe(true);
  });

  test('is not run when it is called twice in one message', () => {
    const scene = CallScene.greeted({ tools });
    scene.happens({ type: 'model.toolCalled', calls: ['a', 'b'].map((id) => ({ id, name: 'book', args: five })) });
    expect(scene.all('tool.run')).toEqual([]);
  });

  test('is asked about anew with other arguments, and then with the first ones again', () => {
    const scene = asked()
      .agentReplies(1_500)
      .callerAsks()
      .toolCalled('t2', 'book', { ...five, at: '6' });
    scene.toolCalled('t3', 'book', five);
    expect(scene.all('tool.run')).toEqual([]);
    scene.agentReplies(1_500).callerAsks().toolCalled('t4', 'book', five);
    expect(scene.all('tool.run')).toHaveLength(1);
  });

  test('is asked about beside another one', () => {
    const scene = asked().toolCalled('c1', 'cancel', five).agentReplies(1_500).callerAsks();
    scene.toolCalled('t2', 'book', five).toolCalled('c2', 'cancel', five);
    expect(scene.all('tool.run').map(({ call }) => call.name)).toEqual(['book', 'cancel']);
  });

  test('is asked about again for the next wish, and not for a repetition of this one', () => {
    const scene = asked().agentReplies(1_500).callerAsks().toolCalled('t2', 'book', five).toolFinished('t2');
    scene.toolCalled('t3', 'book', five).happens(handle).toolCalled('t4', 'book', five);
    expect(scene.all('tool.run')).toHaveLength(1);
    const answers = scene.all('model.answerTools').flatMap((effect) => effect.answers.map(({ response }) => response));
    expect(answers.map((response) => String(response['result']).slice(0, 12))).toEqual([
      'Nothing was ',
      'done',
      'done',
      'Nothing was ',
    ]);
  });

  test('hears through noise that never pauses, by what is written down', () => {
    const scene = CallScene.greeted({ tools }).callerSends(8_000, 'speech').toolCalled('t1', 'book', five);
    scene.agentSpeaks(1_000).happens({ type: 'model.generationCompleted' }).callerSends(1_200, 'speech').marksReturn();
    scene.toolCalled('t2', 'book', five);
    expect(scene.all('tool.run')).toEqual([]);
    said(scene).toolCalled('t3', 'book', five);
    expect(scene.all('tool.run')).toHaveLength(1);
  });

  test('reads no more back than anybody could say yes to', () => {
    const scene = CallScene.greeted({ tools }).toolCalled('t1', 'book', {
      note: 'x'.repeat(9_000),
      list: [1, { a: 2 }],
    });
    expect(JSON.stringify(scene.all('model.answerTools')).length).toBeLessThan(1_500);
    expect(
      JSON.stringify(CallScene.greeted({ tools }).toolCalled('t1', 'book', {}).all('model.answerTools')),
    ).toContain('Say what you are about to do.');
  });
});

describe('a session that is lost after the question', () => {
  test('is asked for it again when the next one cannot know of it', () => {
    const scene = asked().agentReplies(1_500).callerAsks().modelReturns(300).toolCalled('u1', 'book', five);
    expect(scene.all('tool.run')).toEqual([]);
    scene.agentReplies(1_500).callerAsks().toolCalled('u2', 'book', five);
    expect(scene.all('tool.run')).toHaveLength(1);
  });

  test('need not ask again when the handle knows of it, but needs the answer once more', () => {
    const scene = asked().agentReplies(1_500).happens(handle).callerAsks().modelReturns(300);
    scene.toolCalled('u1', 'book', five);
    expect(scene.all('tool.run')).toEqual([]);
    scene.callerAsks().toolCalled('u2', 'book', five);
    expect(scene.all('tool.run')).toHaveLength(1);
  });

  // The handle knew of the question and the session could not be resumed. The fresh one did not know that it had to ask: whatever the caller
  // said next was taken for the answer, and its first call was run.
  test('is asked for it again by a fresh one, whatever the handle knew', () => {
    const scene = asked().agentReplies(1_500).happens(handle);
    scene.modelReturns(300, modelClosed(1008, 'Session not found.', 'fresh')).callerAsks();
    expect(scene.toolCalled('u1', 'book', five).all('tool.run')).toEqual([]);
    scene.agentReplies(1_500).callerAsks().toolCalled('u2', 'book', five);
    expect(scene.all('tool.run')).toHaveLength(1);
  });
});

/** A greeted call whose model has called the tool for the first time. */
function asked(): CallScene {
  return CallScene.greeted({ tools }).callerAsks().toolCalled('t1', 'book', five);
}

function said(scene: CallScene): CallScene {
  return scene.happens({ type: 'model.callerTranscript', text: 'Yes.' });
}
