import { describe, expect, test } from 'vitest';
import type { OperatorOrder } from '../../../src/call/events.ts';
import { CallScene, modelClosed } from '../call-scene.ts';

const note: OperatorOrder = { type: 'operator.noted', text: 'He is a regular.' };
const sentence: OperatorOrder = { type: 'operator.said', text: 'One moment, please.' };
const noted = expect.stringContaining('"He is a regular."');
const toBeSaid = expect.stringContaining('exactly these words, and nothing else: "One moment, please."');

describe('a note or a sentence for the agent', () => {
  test('is told at once when nobody speaks', () => {
    const scene = CallScene.greeted().happens(sentence);
    expect(scene.types).toEqual(['request.answer', 'model.sendText']);
    expect(scene.texts).toEqual([toBeSaid]);
  });

  test('waits until the agent has been heard', () => {
    const scene = CallScene.greeted().agentSpeaks(2_000).happens(note, { type: 'model.generationCompleted' });
    scene.passes(2_000);
    expect(scene.texts).toEqual([]);
    scene.marksReturn();
    expect(scene.texts).toEqual([noted]);
  });

  test('waits until the caller has got an answer', () => {
    const scene = CallScene.greeted().callerAsks().happens(note);
    expect(scene.texts).toEqual([]);
    scene.agentReplies(500);
    expect(scene.texts).toEqual([noted]);
  });

  test('waits five seconds at most, and then the agent is cut off', () => {
    const scene = CallScene.greeted().agentSpeaks(20_000).happens(sentence).forget().passes(4_999);
    expect(scene.texts).toEqual([]);
    scene.passes(1);
    expect(scene.types.slice(-2)).toEqual(['stream.clear', 'model.sendText']);
    expect(scene.notes('agentCut')).toMatchObject([{ cause: 'operator' }]);
  });

  test('waits as long when another one was told before', () => {
    const scene = CallScene.greeted()
      .agentSpeaks(20_000)
      .happens(sentence, { ...sentence, text: 'Thank you.' });
    scene.passes(5_000).forget().passes(500).agentSpeaks(20_000).passes(4_499);
    expect(scene.texts).toEqual([]);
    scene.passes(1);
    expect(scene.texts).toEqual([expect.stringContaining('"Thank you."')]);
  });

  test('never cancels a tool for which the model waits', () => {
    const scene = CallScene.greeted().callerAsks().toolCalled('t1', 'look').happens(note).passes(6_000);
    expect(scene.texts).not.toContainEqual(noted);
    scene.toolFinished('t1');
    expect(scene.texts).toContainEqual(noted);
  });

  test('waits for the greeting, whatever that takes', () => {
    const scene = CallScene.answered().happens(note).passes(6_000);
    expect(scene.texts).not.toContainEqual(noted);
    scene.agentReplies(1_000);
    expect(scene.texts).toContainEqual(noted);
  });

  test('waits for a stream', () => {
    const scene = CallScene.greeted().happens({ type: 'stream.closed', code: 1006 }, note).passes(6_000);
    expect(scene.texts).toEqual([]);
    scene.happens({ type: 'connect.ended', stream: 1, callOver: false }, { type: 'stream.started', streamSid: 'MZ2' });
    scene.agentReplies(500);
    expect(scene.texts).toContainEqual(noted);
  });

  test('waits for a session', () => {
    const lost = CallScene.greeted().happens(modelClosed(1006, ''), sentence).passes(1_000);
    expect(lost.texts).toEqual([]);
    expect(lost.happens({ type: 'model.opened' }).texts).toEqual([toBeSaid]);
  });

  test('comes with the other notes, and each sentence after the one before was said', () => {
    const scene = CallScene.greeted()
      .agentSpeaks(1_000)
      .happens(note, sentence, { ...sentence, text: 'Thank you.' });
    scene.happens({ type: 'model.generationCompleted' }).passes(1_000).marksReturn();
    expect(scene.all('model.sendText').map(({ prompts }) => prompts)).toEqual([['operatorNote', 'operatorSentence']]);
    expect(scene.texts).not.toContainEqual(expect.stringContaining('Thank you.'));
    scene.happens({ type: 'model.turnCompleted', reason: null }).forget().agentReplies(800);
    expect(scene.texts).toEqual([expect.stringContaining('"Thank you."')]);
  });
});

test('a sentence that the model does not say is asked for again, and a note calls for no words', () => {
  const asked = CallScene.greeted().happens(sentence).passes(4_500);
  expect([asked.steps, asked.texts]).toEqual([['sentence: nudge'], [toBeSaid, toBeSaid]]);
  const scene = CallScene.greeted().happens(note, { type: 'model.turnCompleted', reason: null }).passes(10_000);
  expect(scene.steps).toEqual([]);
});

test('a sentence that a lost session did not say is asked of the next one', () => {
  const scene = CallScene.greeted().happens(sentence).forget().modelReturns(1_000);
  expect(scene.texts).toEqual([toBeSaid]);
});

test('a note is told to each session that was not there', () => {
  const scene = CallScene.greeted().happens(note, { type: 'model.turnCompleted', reason: null });
  scene.happens(modelClosed(1011, '', 'fresh')).passes(1_000);
  expect(scene.all('model.open')).toMatchObject([{ recap: expect.stringContaining('He is a regular.') }]);
});

test.for<[why: string, OperatorOrder]>([
  ['nothingSaid', { ...note, text: ' \n' }],
  ['nothingSaid', { ...sentence, text: '' }],
  ['tooLong', { ...note, text: 'n'.repeat(2_001) }],
  ['tooLong', { ...sentence, text: 's'.repeat(501) }],
])('a text is refused: %s', ([why, order]) => {
  const scene = CallScene.greeted().happens(order);
  expect(scene.ordered).toEqual([{ type: 'request.answer', refusal: why }]);
});

test('so many characters of notes are taken in one call, and so many sentences wait', () => {
  const long = { ...note, text: 'n'.repeat(2_000) };
  expect(refused(CallScene.greeted().happens(long, long, long, long, note))).toEqual([
    null,
    null,
    null,
    null,
    'tooMuch',
  ]);
  const busy = CallScene.greeted()
    .agentSpeaks(20_000)
    .happens(sentence, sentence, sentence, sentence, sentence, sentence);
  expect(refused(busy)).toEqual([...Array<null>(5).fill(null), 'tooMuch']);
});

function refused(scene: CallScene): (string | null)[] {
  return scene.all('request.answer').map(({ refusal }) => refusal);
}
