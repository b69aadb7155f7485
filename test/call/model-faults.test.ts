import { describe, expect, test } from 'vitest';
import type { CallFact } from '../../src/call/events.ts';
import { CallScene, dials } from './call-scene.ts';

const generated: CallFact = { type: 'model.generationCompleted' };
const turnOver: CallFact = { type: 'model.turnCompleted', reason: null };
const sentence = 'Your order will be with you on Monday.';

describe('words that do not come', () => {
  test('are asked for, then sought from a resumed session, then from a fresh one, then apologised for', () => {
    const scene = CallScene.greeted().happens({ type: 'model.resumptionUpdated', handle: 'h1', resumable: true });
    scene.callerAsks().passes(4_000);
    expect(scene.steps).toEqual(['answer: nudge']);
    expect(scene.texts).toEqual([expect.stringContaining('Answer now')]);
    scene.passes(4_000).happens({ type: 'model.opened' });
    scene.passes(4_000).happens({ type: 'model.opened' });
    expect(scene.all('model.open').map(({ handle }) => handle)).toEqual(['h1', null]);
    scene.passes(4_000);
    expect(scene.steps).toEqual(['answer: nudge', 'answer: resume', 'answer: fresh', 'answer: giveUp']);
    scene.happens({ type: 'connect.ended', stream: null, callOver: false });
    expect(scene.answers).toEqual([dials('+15550102', { transfer: null, say: 'I am sorry.' })]);
  });

  test('of a greeting are the greeting, asked for again when the caller has waited four seconds', () => {
    const scene = CallScene.answered().forget().passes(3_999);
    expect(scene.steps).toEqual([]);
    scene.passes(1);
    expect(scene.steps).toEqual(['greeting: nudge']);
    expect(scene.texts).toEqual([expect.stringContaining('Greet the caller')]);
  });

  test('of a greeting stay owed on a line that is never quiet, and when the model would rather wait', () => {
    const noisy = CallScene.answered().callerSends(6_000, 'speech');
    const waiting = CallScene.answered().happens({ type: 'model.waitingForInput' }).passes(6_000);
    expect([noisy.steps, waiting.steps]).toEqual([['greeting: nudge'], ['greeting: nudge']]);
    // Its turn may end without a word.
    const silent = CallScene.answered().happens({ type: 'model.waitingForInput' }, turnOver);
    expect(silent.steps).toEqual([]);
  });

  test('are no fault before the stream has started', () => {
    const scene = new CallScene().happens({ type: 'call.received' }, { type: 'model.opened' }).passes(8_000);
    expect(scene.steps).toEqual([]);
    scene.happens({ type: 'stream.started', streamSid: 'MZ1' }).passes(4_000);
    expect(scene.steps).toEqual(['greeting: nudge']);
  });

  test('are no fault when the model chose to wait for the caller', () => {
    const scene = CallScene.greeted().callerAsks().happens({ type: 'model.waitingForInput' }, turnOver).passes(20_000);
    expect(scene.steps).toEqual([]);
    expect(scene.all('stream.media')).toEqual([]);
  });

  test('are no fault while the caller speaks on', () => {
    const scene = CallScene.greeted().callerAsks().callerSends(10_000, 'speech');
    expect(scene.steps).toEqual([]);
  });

  test('when they have come and were heard lead back to the ground', () => {
    const scene = CallScene.greeted();
    for (let index = 0; index < 3; index += 1) scene.callerAsks().passes(4_000).agentReplies(500);
    expect(scene.steps).toEqual(Array(3).fill('answer: nudge'));
  });

  test('three times in a row without a nudge get another session instead of a fourth one', () => {
    const scene = CallScene.greeted();
    for (let index = 0; index < 3; index += 1) scene.callerAsks().passes(4_000).agentReplies(500);
    scene.forget().callerAsks().passes(4_000);
    expect(scene.steps).toEqual(['answer: resume']);
  });

  test('when they have begun but were not heard to their end do not', () => {
    const scene = CallScene.greeted().callerAsks().passes(4_000).agentSpeaks(500);
    scene.happens({ type: 'model.interrupted' }).callerSends(400, 'speech').callerSends(4_700, 'silence');
    expect(scene.steps).toEqual(['answer: nudge', 'answer: resume']);
  });
});

describe('a stall in mid-sentence', () => {
  test('is noticed four seconds after the last words, not after the last message', () => {
    const scene = CallScene.greeted()
      .happens({ type: 'model.agentTranscript', text: 'Your order is' })
      .agentSpeaks(5000);
    scene.passes(5_000).marksReturn().passes(3_990);
    expect(scene.steps).toEqual([]);
    scene.passes(20);
    expect(scene.steps).toEqual(['rest: nudge']);
    expect(scene.texts).toEqual([expect.stringContaining('The caller heard: "Your order is"')]);
  });

  test('is noticed also when the caller asks what is the matter', () => {
    const scene = CallScene.greeted().agentSpeaks(1000).passes(1000).marksReturn();
    scene.callerAsks().callerSends(4_000, 'silence');
    expect(scene.steps).toEqual(['answer: nudge']);
  });

  test('is noticed also when the caller had said "mhm" over the words that came', () => {
    const scene = CallScene.greeted().agentSpeaks(3000).callerAsks().callerSends(2_000, 'silence').marksReturn();
    scene.callerSends(4_100, 'silence');
    expect(scene.steps).toEqual(['rest: nudge']);
  });

  test('is not mended by the mere end of the broken turn', () => {
    const scene = CallScene.greeted().agentSpeaks(1000).passes(1000).marksReturn().passes(4_010);
    scene.happens(turnOver).passes(4_010);
    expect(scene.steps).toEqual(['rest: nudge', 'anything: resume']);
  });

  test('is mended by words, without any trace', () => {
    const scene = CallScene.greeted().agentSpeaks(1000).passes(3_000).marksReturn().forget();
    scene.agentSpeaks(500).happens(generated).passes(500).marksReturn().happens(turnOver).passes(20_000);
    expect(scene.steps).toEqual([]);
  });
});

describe('a turn without anything to hear', () => {
  test.each([
    ['silentTurn', []],
    ['textOnlyTurn', [{ type: 'model.agentTranscript', text: 'It costs ten.' }]],
  ] as const)('is a %s, and the next step is taken at once', (cause, facts) => {
    const scene = CallScene.greeted()
      .callerAsks()
      .happens(...facts, generated, turnOver);
    expect(scene.steps).toEqual([`${cause}: nudge`]);
  });

  test('of audio that is too soft to hear is stopped after a second, and is one fault, not two', () => {
    const scene = CallScene.greeted().callerAsks().agentBreathes(1_000);
    expect(scene.steps).toEqual([]);
    scene.agentBreathes(20);
    expect(scene.types.at(-1)).toBe('model.sendText');
    expect(scene.all('stream.media')).toEqual([]);
    scene.agentBreathes(2_000).happens(turnOver);
    expect(scene.steps).toEqual(['inaudibleTurn: nudge']);
  });

  test('that is short and soft proves nothing when it has been played', () => {
    const scene = CallScene.greeted().callerAsks();
    for (let index = 0; index < 2; index += 1) {
      scene.agentBreathes(500).happens(generated, turnOver).passes(500).marksReturn();
    }
    expect(scene.steps).toEqual(['inaudibleTurn: nudge', 'inaudibleTurn: resume']);
  });

  test('is no fault when nothing is owed', () => {
    const scene = CallScene.greeted().happens(generated, turnOver).passes(20_000);
    expect(scene.steps).toEqual([]);
  });

  test('is no fault when it called a tool, or was interrupted', () => {
    const scene = CallScene.greeted().callerAsks().toolCalled('t1', 'lookup_record').happens(turnOver);
    const cut = CallScene.greeted().callerAsks().happens({ type: 'model.interrupted' }, turnOver);
    expect([scene.steps, cut.steps]).toEqual([[], []]);
  });

  test('is not the late end of the turn before, which was heard', () => {
    const scene = CallScene.greeted().agentSpeaks(500).happens(generated).passes(500).marksReturn();
    scene.callerAsks().happens(turnOver);
    expect(scene.steps).toEqual([]);
    scene.passes(4_000);
    expect(scene.steps).toEqual(['answer: nudge']);
  });

  test('does not make good for the words that a lost session left unsaid', () => {
    const scene = CallScene.greeted().agentSpeaks(500).modelReturns(300).passes(300).marksReturn();
    scene.happens(generated, turnOver);
    expect(scene.steps).toEqual(['silentTurn: nudge']);
  });

  test('is judged when a model that thinks is idle, and not before', () => {
    const behavior = {
      greeting: 'byItself',
      turnEnd: 'interactionIdle',
      callerAudio: 'unbroken',
      pictures: 'taken',
      turnDetection: 'automatic',
    } as const;
    const scene = CallScene.greeted({ model: { first: behavior, fallback: null } }).callerAsks();
    scene.happens({ type: 'model.interaction', status: 'working' }, turnOver, turnOver);
    expect(scene.steps).toEqual([]);
    scene.happens({ type: 'model.interaction', status: 'idle' });
    expect(scene.steps).toEqual(['silentTurn: nudge']);
  });
});

describe('a model that works in the background', () => {
  const behavior = {
    greeting: 'byItself',
    turnEnd: 'interactionIdle',
    callerAudio: 'unbroken',
    pictures: 'taken',
    turnDetection: 'automatic',
  } as const;
  const works: CallFact = { type: 'model.interaction', status: 'working' };

  // It says that it works when the caller has waited for a while already. Asked then, it breaks off what it was about to do.
  test('is not asked again before it has had its time anew, and not for ever', () => {
    const scene = CallScene.greeted({ model: { first: behavior, fallback: null } }).callerAsks();
    scene.passes(3_000).happens(works, turnOver).passes(3_999);
    expect(scene.steps).toEqual([]);
    scene.passes(1);
    expect(scene.steps).toEqual(['answer: nudge']);
    const endless = CallScene.greeted({ model: { first: behavior, fallback: null } }).callerAsks();
    for (let waitedMs = 0; waitedMs < 20_000; waitedMs += 2_000) endless.happens(works).passes(2_000);
    expect(endless.steps).toEqual(['answer: nudge']);
  });
});

describe('an interruption', () => {
  test('that nobody caused, after which nothing comes, is a fault', () => {
    const scene = CallScene.greeted()
      .agentSpeaks(3000)
      .passes(500)
      .happens({ type: 'model.interrupted' })
      .passes(4_000);
    expect(scene.steps).toEqual(['answer: nudge']);
  });

  test.each([
    ['with the end of its turn', [{ type: 'model.interrupted' }, turnOver]],
    ['with the end of its turn before it', [turnOver, { type: 'model.interrupted' }]],
    ['without any end', [{ type: 'model.interrupted' }]],
  ] as const)('by the caller %s leaves an answer expected', (_order, facts) => {
    const scene = CallScene.greeted()
      .agentSpeaks(3000)
      .callerSends(400, 'speech')
      .happens(...facts);
    scene.callerSends(4_600, 'silence');
    expect(scene.steps).toEqual(['answer: nudge']);
  });

  test('by the caller that is answered is none', () => {
    const scene = CallScene.greeted()
      .agentSpeaks(3000)
      .callerSends(400, 'speech')
      .happens({ type: 'model.interrupted' });
    scene.callerSends(1_000, 'silence').agentReplies(500).passes(20_000);
    expect(scene.steps).toEqual([]);
  });
});

describe('the same words twice', () => {
  test('are stopped, audio and all, and the second time the session is replaced', () => {
    const scene = CallScene.greeted().agentReplies(1000, sentence).forget();
    repeated(scene);
    expect(scene.all('stream.media')).toHaveLength(1);
    expect(scene.types).toContain('stream.clear');
    expect(scene.steps).toEqual([]);
    repeated(scene);
    expect(scene.steps).toEqual(['repeatedTurn: resume']);
  });

  test('are an answer when the caller has spoken between', () => {
    const scene = CallScene.greeted().agentReplies(1000, sentence).callerAsks().forget().agentReplies(1000, sentence);
    expect(scene.types).not.toContain('stream.clear');
  });

  test('are what was asked for when the line had dropped', () => {
    const scene = CallScene.greeted().happens({ type: 'model.agentTranscript', text: sentence }).agentSpeaks(2000);
    scene.happens(generated, { type: 'stream.closed', code: 1006 }, turnOver);
    scene.happens(
      { type: 'connect.ended', stream: null, callOver: false },
      { type: 'stream.started', streamSid: 'MZ2' },
    );
    scene.forget().agentReplies(2000, sentence);
    expect(scene.types).not.toContain('stream.clear');
    expect(scene.lines).toEqual([`agent: ${sentence}`]);
  });

  test('that are short may be said as often as the agent likes', () => {
    const scene = CallScene.greeted().agentReplies(500, 'One moment.').forget().agentReplies(500, 'One moment.');
    expect(scene.types).not.toContain('stream.clear');
  });

  test('do not silence the next part of the reply of a model that thinks', () => {
    const behavior = {
      greeting: 'byItself',
      turnEnd: 'interactionIdle',
      callerAudio: 'unbroken',
      pictures: 'taken',
      turnDetection: 'automatic',
    } as const;
    const scene = CallScene.greeted({ model: { first: behavior, fallback: null } }).agentReplies(1000, sentence);
    scene.happens({ type: 'model.interaction', status: 'working' });
    repeated(scene);
    scene.passes(500).forget().agentSpeaks(500);
    expect(scene.all('stream.media')).toHaveLength(1);
  });

  test('do not silence the turn that follows', () => {
    const scene = CallScene.greeted().agentReplies(1000, sentence);
    repeated(scene);
    scene.forget().agentReplies(500, 'Something else.');
    expect(scene.all('stream.media').length).toBeGreaterThan(0);
  });
});

test('the caller’s words that are written down twice stand in the transcript once', () => {
  const heard: CallFact = { type: 'model.callerTranscript', text: 'Where is my order?' };
  const scene = CallScene.greeted().happens(heard, heard).agentSpeaks(200);
  expect(scene.lines).toEqual(['caller: Where is my order?']);
});

test('a call whose model fails again and again does not go on for ever', () => {
  const scene = CallScene.greeted();
  for (let round = 0; round < 100 && scene.notes('gaveUp').length === 0; round += 1) {
    scene.callerAsks().passes(4_000);
    if (scene.all('model.open').length > 0) scene.happens({ type: 'model.opened' });
    scene.agentReplies(300);
  }
  expect(scene.notes('gaveUp')).toHaveLength(1);
});

/** The model says the sentence once more, faster than it is heard, and then ends its turn. */
function repeated(scene: CallScene): void {
  scene.agentSpeaks(200).happens({ type: 'model.agentTranscript', text: sentence });
  for (let piece = 0; piece < 8; piece += 1) scene.passes(100).agentSpeaks(200);
  scene.happens(generated, turnOver);
}
