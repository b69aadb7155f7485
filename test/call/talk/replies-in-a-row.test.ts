import { describe, expect, test } from 'vitest';
import type { CallFact } from '../../../src/call/events.ts';
import { CallScene, doNotGreet, modelClosed } from '../call-scene.ts';

// A turn that was complete on the wire still played when the next one came. Both counted as one reply: the cut fell at 14.8 of 28 s, the line
// held the words of both, and what the model was told that the caller had heard was measured in the words of the wrong turn.

const slow = 'One. Two. Three. Four.';
const fast = 'Your parcel was sent yesterday, so you can expect it at noon today.';

const generated: CallFact = { type: 'model.generationCompleted' };
const turnOver: CallFact = { type: 'model.turnCompleted', reason: null };
const interrupted: CallFact = { type: 'model.interrupted' };

const says = (text: string): CallFact => ({ type: 'model.agentTranscript', text });
const callerSays = (text: string): CallFact => ({ type: 'model.callerTranscript', text });

/** A turn of the model, all of which is on the wire at once. */
function brings(scene: CallScene, text: string, ms = 4_000): CallScene {
  return scene.happens(says(text)).agentSpeaks(ms).happens(generated, turnOver);
}

/** The agent says something slow that takes 4 s, and something fast that takes 4 s: both are on the wire before a word is heard. */
const twoReplies = (): CallScene => brings(brings(CallScene.greeted(), slow), fast);

/** What the model is told of the cut when it is asked for an answer. */
function toldOf(scene: CallScene): string | undefined {
  return scene.callerAsks().passes(8_000).texts[0];
}

describe('two replies, of which the second comes while the first plays,', () => {
  test('are two lines, each written when the caller has heard it', () => {
    const scene = twoReplies().callerHears(4_200);
    expect(scene.lines).toEqual([`agent: ${slow}`]);
    expect(scene.callerHears(4_000).lines).toEqual([`agent: ${slow}`, `agent: ${fast}`]);
  });

  test('are cut in the first by the words of the first', () => {
    const scene = twoReplies().callerHears(2_200).happens(interrupted);
    const [note] = scene.notes('bargeIn');
    expect(note?.sentMs).toBeCloseTo(4_000, -1);
    expect(Math.abs(Number(note?.heardMs) - 2_200)).toBeLessThanOrEqual(20);
    expect(scene.lines).toEqual(['agent: One. Two. —']);
    expect(toldOf(scene)).toContain('the caller had heard only: "One. Two." of it.');
  });

  test('are cut in the second by the words of the second', () => {
    const scene = twoReplies().callerHears(6_200).happens(interrupted);
    const [note] = scene.notes('bargeIn');
    expect(note?.sentMs).toBeCloseTo(4_000, -1);
    expect(Math.abs(Number(note?.heardMs) - 2_200)).toBeLessThanOrEqual(20);
    expect(scene.lines).toEqual([`agent: ${slow}`, 'agent: Your parcel was sent yesterday, so —']);
    expect(toldOf(scene)).toContain('the caller had heard only: "Your parcel was sent yesterday, so" of it.');
  });

  test('are cut exactly between them: of the second nothing was heard', () => {
    const scene = twoReplies().callerHears(4_008).happens(interrupted);
    expect(scene.notes('bargeIn')[0]?.heardMs).toBeLessThan(10);
    expect(scene.lines).toEqual([`agent: ${slow}`]);
    expect(toldOf(scene)).toContain('the caller had heard nothing of it.');
  });

  test('are known to a session whose handle came when both were there', () => {
    const scene = twoReplies().passes(100).happens({ type: 'model.resumptionUpdated', handle: 'h1', resumable: true });
    scene.callerHears(8_200).forget();
    scene.happens(modelClosed(1006, '')).passes(0);
    expect(scene.all('model.open')).toMatchObject([{ handle: 'h1', recap: doNotGreet }]);
  });

  test('are missed where the model repeats the second while the first plays', () => {
    const scene = brings(twoReplies().callerHears(1_000), fast);
    expect(scene.notes('agentCut')).toMatchObject([{ cause: 'repeated' }]);
    expect(toldOf(scene)).toContain('the caller had heard');
  });

  test('are cut in the last word of the first: the model is told that it was the last', () => {
    const scene = twoReplies().callerHears(3_900).happens(interrupted);
    expect(scene.lines).toEqual(['agent: One. Two. Three. —']);
    expect(toldOf(scene)).toContain('the caller had heard only: "One. Two. Three." of it.');
  });

  test('have what the caller says over them written between them', () => {
    const scene = brings(CallScene.greeted(), slow).callerHears(1_000).happens(callerSays('Yes.'));
    expect(brings(scene, fast).callerHears(7_100).lines).toEqual([`agent: ${slow}`, 'caller: Yes.', `agent: ${fast}`]);
  });

  test('do not divide what the caller says, while nothing of the second has come', () => {
    const scene = brings(CallScene.greeted(), slow).callerHears(3_500).happens(callerSays('Yes, ')).callerHears(600);
    expect(scene.lines).toEqual([`agent: ${slow}`]);
    brings(scene.happens(callerSays('please.')), fast).callerHears(4_100);
    expect(scene.lines).toEqual([`agent: ${slow}`, 'caller: Yes, please.', `agent: ${fast}`]);
  });

  test('are three, if another one follows', () => {
    const scene = brings(twoReplies(), 'And that was all.', 2_000).callerHears(8_000 + 500);
    scene.happens(interrupted);
    expect(Math.abs(Number(scene.notes('bargeIn')[0]?.heardMs) - 500)).toBeLessThanOrEqual(20);
    expect(scene.lines).toEqual([`agent: ${slow}`, `agent: ${fast}`, 'agent: And —']);
  });
});

describe('what comes while a reply plays', () => {
  test('is one line with the words of a turn that come behind its sound', () => {
    const scene = CallScene.greeted().agentSpeaks(4_000).happens(generated, says(slow), turnOver);
    scene.agentSpeaks(4_000).happens(generated, says(fast), turnOver).callerHears(8_100);
    expect(scene.lines).toEqual([`agent: ${slow}`, `agent: ${fast}`]);
  });

  test('keeps its words, if they come before its sound and the reply is over between them', () => {
    const scene = brings(CallScene.greeted(), slow).happens(says(fast)).callerHears(4_500);
    expect(scene.lines).toEqual([`agent: ${slow}`]);
    scene.agentSpeaks(4_000).happens(generated, turnOver).callerHears(4_100);
    expect(scene.lines).toEqual([`agent: ${slow}`, `agent: ${fast}`]);
  });

  test.each([
    ['only text', (scene: CallScene) => scene.happens(says('Nobody hears this.'), generated, turnOver)],
    [
      'sound that is too soft',
      (scene: CallScene) => scene.happens(says('Nobody hears this.')).agentBreathes(300).happens(generated, turnOver),
    ],
    [
      'so long too soft that it is given up',
      (scene: CallScene) => scene.happens(says('Nobody hears this.')).agentBreathes(1_500).happens(generated, turnOver),
    ],
    ['nothing', (scene: CallScene) => scene.happens(generated, turnOver)],
  ] as const)('is no line of its own when it is %s', (_, comes) => {
    const scene = comes(brings(CallScene.greeted(), slow).callerHears(500));
    brings(scene, fast).callerHears(8_100);
    expect(scene.lines).toEqual([`agent: ${slow}`, `agent: ${fast}`]);
  });

  test('keeps its words also when a comfort sound plays between them', () => {
    const scene = CallScene.greeted()
      .happens(says(slow))
      .agentSpeaks(4_000)
      .happens(generated)
      .toolCalled('1', 'lookup_record');
    scene.callerHears(6_000).happens(turnOver);
    expect(scene.lines).toEqual([`agent: ${slow}`]);
    scene.happens(says(fast)).callerHears(3_000).agentSpeaks(4_000).happens(generated, turnOver).callerHears(4_100);
    expect(scene.lines).toEqual([`agent: ${slow}`, `agent: ${fast}`]);
  });

  test('is no line when it comes behind the reply, and is only text', () => {
    const scene = brings(CallScene.greeted(), slow)
      .callerHears(4_100)
      .happens(says('Nobody hears this.'), generated, turnOver);
    expect(scene.lines).toEqual([`agent: ${slow}`]);
  });

  test('is nothing that was said, when the session is lost with only words of it', () => {
    const scene = brings(CallScene.greeted(), slow).callerHears(500).happens(says(fast)).forget().modelReturns(100);
    expect(scene.all('model.open')[0]?.recap).toContain(slow);
    expect(scene.all('model.open')[0]?.recap).not.toContain('parcel');
    expect(scene.callerHears(6_000).lines).toEqual([`agent: ${slow}`]);
  });
});
