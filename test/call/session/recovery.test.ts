import { describe, expect, test } from 'vitest';
import type { CallFact } from '../../../src/call/events.ts';
import { CallScene, doNotGreet, modelClosed, modelOpenFailed } from '../call-scene.ts';
import { hearsByLevel } from '../hears-moving.ts';

const covered: CallFact = { type: 'model.resumptionUpdated', handle: 'h1', resumable: true };
const fallbackModel = {
  greeting: 'onRequest',
  turnEnd: 'turnCompleted',
  callerAudio: 'unbroken',
  pictures: 'taken',
  turnDetection: 'automatic',
} as const;

describe('a session that is lost', () => {
  test('in silence is resumed at once, and nothing is said about it', () => {
    const scene = CallScene.greeted().happens(covered);
    scene.forget();
    scene.happens(modelClosed(1006, '')).passes(0).happens({ type: 'model.opened' }).passes(10_000);
    expect(scene.ordered).toEqual([{ type: 'model.open', handle: 'h1', recap: doNotGreet, fallback: false }]);
    expect(scene.notes('modelReopened')).toEqual([{ how: 'resume', expected: 'nothing' }]);
  });

  test('without a handle is followed by a fresh one, which knows the call and does not greet', () => {
    const scene = CallScene.greeted().agentReplies(500, 'Your order is late.').modelReturns(300);
    const [order] = scene.all('model.open');
    expect(order).toMatchObject({ handle: null, recap: expect.stringContaining('You: Your order is late.') });
    expect(order?.recap).toContain('Do not greet the caller again.');
    expect(scene.passes(10_000).texts).toEqual([]);
  });

  test('before it has greeted is followed by one that greets', () => {
    const scene = CallScene.answered();
    scene.forget();
    scene.modelReturns(300);
    expect(scene.all('model.open')).toMatchObject([{ handle: null, recap: null }]);
    expect(scene.texts).toEqual([expect.stringContaining('Greet the caller')]);
  });

  test('in mid-greeting is followed by one that goes on and does not greet again', () => {
    const scene = CallScene.answered().happens({ type: 'model.agentTranscript', text: 'Hello, this is' });
    scene.agentSpeaks(800).forget();
    scene.modelReturns(300);
    expect(scene.texts).toEqual([expect.stringContaining('The caller heard: "Hello, this is". Go on right there')]);
  });

  test('in mid-reply goes on being heard, and the next one is told how far it came', () => {
    const scene = CallScene.greeted().happens({ type: 'model.agentTranscript', text: 'Your order is on' });
    scene.agentSpeaks(800).modelReturns(300);
    expect(scene.types).not.toContain('stream.clear');
    expect(scene.texts).toEqual([expect.stringContaining('"Your order is on"')]);
  });

  test('whose words the caller has heard by the time that the next one comes is continued all the same', () => {
    const scene = CallScene.greeted().happens({ type: 'model.agentTranscript', text: 'Your order is on' });
    scene.agentSpeaks(800).happens(modelClosed(1006, '')).passes(800).marksReturn().passes(1_000);
    expect(scene.lines).toEqual(['agent: Your order is on']);
    scene.happens({ type: 'model.opened' });
    expect(scene.texts).toEqual([expect.stringContaining('"Your order is on"')]);
  });

  test('is followed by one that hears of no words which were ahead of their sound', () => {
    const scene = CallScene.greeted();
    scene.happens({ type: 'model.agentTranscript', text: 'Your order is on its way and comes tomorrow.' });
    scene.agentSpeaks(800).modelReturns(300);
    expect(scene.texts).toEqual([expect.stringContaining('The caller heard: "Your order is on". Go on right there')]);
    scene.agentSpeaks(1000).happens({ type: 'model.agentTranscript', text: 'its way.' });
    scene.happens({ type: 'model.generationCompleted' }).passes(1_800).marksReturn();
    expect(scene.lines).toEqual(['agent: Your order is on its way.']);
  });

  test('before its words had a sound is followed by one that hears nothing of them', () => {
    const scene = CallScene.greeted().callerAsks();
    scene.happens({ type: 'model.agentTranscript', text: 'Words that nobody has heard.' }).modelReturns(300);
    expect(scene.all('model.open').map(({ recap }) => recap)).toEqual([expect.not.stringContaining('Words')]);
    scene.agentReplies(1_000, 'Here is the answer.');
    expect(scene.lines).toEqual(['agent: Here is the answer.']);
  });

  test('and then the next one while its words still play are continued by the third', () => {
    const scene = CallScene.greeted().happens({ type: 'model.agentTranscript', text: 'Your order is on' });
    scene.agentSpeaks(1000).happens(modelClosed(1006, '')).passes(0).happens(modelClosed(1006, '')).passes(900);
    scene.passes(200).marksReturn().happens({ type: 'model.opened' });
    expect(scene.texts).toEqual([expect.stringContaining('"Your order is on"')]);
  });

  test('while the caller waits gives the next one four seconds from its own beginning', () => {
    const scene = CallScene.greeted().callerAsks().modelReturns(3_000).passes(3_999);
    expect(scene.steps).toEqual([]);
    scene.passes(1);
    expect(scene.steps).toEqual(['answer: nudge']);
  });

  test('in mid-reply does not keep from the next one what it was saying, if the caller speaks meanwhile', () => {
    const scene = CallScene.greeted().happens(covered).passes(10).agentSpeaks(2000);
    scene
      .happens({ type: 'model.agentTranscript', text: 'It costs ten' })
      .passes(200)
      .happens(modelClosed(1006, ''))
      .passes(0);
    expect(scene.all('model.open')).toMatchObject([
      { handle: 'h1', recap: expect.stringContaining('You: It costs ten') },
    ]);
  });

  test('while the caller waits has an answer to give: the sentence is said again', () => {
    const scene = CallScene.greeted().callerSends(1000, 'speech').callerSends(700, 'silence');
    scene.happens({ type: 'model.callerTranscript', text: 'Where is my' }).forget();
    scene.modelReturns(300);
    expect(scene.tally.caller.resent).toBe((1000 + 700) * 8);
    expect(scene.sentToModelMs).toBe(1700);
    expect(scene.texts).toEqual([]);
    scene.happens({ type: 'model.callerTranscript', text: 'Where is my order?' }).agentSpeaks(200);
    expect(scene.lines).toEqual(['caller: Where is my order?']);
  });

  test('while a soft voice waits, which cannot be said again, is asked for its answer', () => {
    const scene = CallScene.greeted().happens({ type: 'model.interrupted' });
    scene.modelReturns(300);
    expect(scene.texts).toEqual([expect.stringContaining('Answer now')]);
  });
});

describe('what the caller says while no session is there', () => {
  test('for five seconds reaches the next one, whole and once', () => {
    const scene = CallScene.greeted().happens(modelClosed(1006, '')).passes(0).forget();
    scene
      .callerSends(5_000, 'speech')
      .happens({ type: 'model.openFailed', fault: 'model.unreachable', remedy: 'resume', jitter: 0 });
    scene.passes(500).happens({ type: 'model.opened' });
    expect(scene.sentToModelMs).toBe(5_000);
    expect(scene.tally.caller).toMatchObject({ forwarded: 40_000, resent: 0, waiting: 0, dropped: 0 });
  });

  test('is heard together with what the lost session had heard of the sentence', () => {
    const scene = CallScene.greeted().callerSends(1_000, 'speech').happens(modelClosed(1006, '')).passes(0);
    scene.callerSends(1_000, 'speech').forget();
    scene.happens({ type: 'model.opened' });
    expect(scene.sentToModelMs).toBe(2_000);
  });

  test('reaches the session after the next, if that is lost at once', () => {
    const scene = CallScene.greeted().callerSends(1_000, 'speech').happens(modelClosed(1006, '')).passes(0);
    scene.callerSends(500, 'speech').happens({ type: 'model.opened' }).callerSends(500, 'speech');
    scene.happens(modelClosed(1006, '')).callerSends(500, 'speech').passes(500).forget();
    scene.happens({ type: 'model.opened' });
    expect(scene.sentToModelMs).toBe(2_500);
    expect(scene.tally.caller).toMatchObject({ forwarded: 20_000, waiting: 0, resent: (1_000 + 2_000) * 8 });
  });

  test('over the last words of the lost session waits for an answer too', () => {
    const scene = CallScene.greeted().agentSpeaks(3000).happens(modelClosed(1006, '')).passes(0);
    scene.callerAsks().happens({ type: 'model.opened' }).callerSends(9_000, 'silence');
    expect(scene.steps[0]).toBe('answer: nudge');
  });

  test('over the greeting that broke off is not lost', () => {
    const scene = CallScene.answered({}, hearsByLevel).agentSpeaks(2000).callerSends(500, 'speech').forget();
    scene.modelReturns(300);
    expect(scene.tally.caller).toMatchObject({ forwarded: 4_000, waiting: 0 });
  });

  // A phone that is muted sends nothing. Nobody noticed that its caller had stopped, and so nothing covered the silence.
  test('has an end although the line brings nothing after it', () => {
    const scene = CallScene.greeted().callerSends(1_000, 'speech').happens(modelClosed(1006, '')).passes(0).forget();
    scene.passes(600 + 1_500 - 200);
    expect(scene.all('stream.media')).toEqual([]);
    scene.passes(400);
    expect(scene.all('stream.media').length).toBeGreaterThan(0);
  });

  test('is kept for twenty seconds and no longer, and every byte is accounted for', () => {
    const scene = CallScene.answered().agentSpeaks(24_000).callerSends(22_000, 'silence');
    expect(scene.tally.caller).toMatchObject({ received: 176_000, dropped: 16_000, waiting: 160_000 });
  });
});

describe('a session that cannot be had', () => {
  // A service that refused connections for three seconds cost the call: all tries were over by then.
  test('is tried for as long as an outage may last', () => {
    const scene = CallScene.greeted();
    scene.happens(modelClosed(1006, ''));
    for (let failure = 0; failure < 5; failure += 1) scene.passes(1_600).happens(modelOpenFailed('model.unreachable'));
    scene.passes(1_600).happens({ type: 'model.opened' });
    expect(scene.notes('gaveUp')).toEqual([]);
    expect(scene.all('model.open')).toHaveLength(6);
  });

  test('because setups are not answered is given up after fifteen seconds, which no failed try prolongs', () => {
    const first = new CallScene().happens({ type: 'call.received' }, { type: 'stream.started', streamSid: 'MZ1' });
    const later = CallScene.greeted();
    const sinceMs = later.nowMs;
    later.happens(modelClosed(1006, ''));
    for (const scene of [first, later]) {
      scene.passes(14_999);
      expect(scene.notes('gaveUp')).toEqual([]);
      scene.passes(1);
      expect(scene.notes('gaveUp')).toEqual([{ cause: 'modelOutage' }]);
    }
    expect(later.nowMs - sinceMs).toBe(15_000);
  });

  test('is not sought when the key is wrong', () => {
    const scene = CallScene.greeted().happens(modelClosed(1007, 'API key expired.', 'none'));
    expect(scene.types).toEqual(['model.close', 'stream.close']);
  });

  test('of one model is had of the other, with an recap and not with the handle', () => {
    const model = { first: fallbackModel, fallback: fallbackModel };
    const scene = CallScene.greeted({ model })
      .happens(covered, modelClosed(1008, '', 'otherModel'))
      .passes(0);
    expect(scene.all('model.open')).toMatchObject([{ handle: null, fallback: true }]);
    scene.happens({ type: 'model.opened' }, modelClosed(1008, '', 'otherModel'));
    expect(scene.notes('gaveUp')).toHaveLength(1);
  });

  test('again and again makes no loop', () => {
    const scene = CallScene.greeted();
    for (let index = 0; index < 50; index += 1) {
      scene.happens(modelClosed(1011, '')).passes(0);
      if (scene.phase !== 'talking') break;
      scene.happens({ type: 'model.opened' }).agentReplies(200);
    }
    expect(scene.all('model.open').length).toBeLessThanOrEqual(12);
    expect(scene.notes('gaveUp')).toHaveLength(1);
  });

  test('with a few words from each before it breaks is tried no more often than one that says nothing', () => {
    const scene = CallScene.greeted();
    for (let index = 0; index < 50 && scene.notes('gaveUp').length === 0; index += 1) {
      scene.agentSpeaks(200).happens(modelClosed(1011, '')).passes(300).marksReturn().passes(2_000);
      scene.happens({ type: 'model.opened' });
    }
    expect(scene.all('model.open').length).toBeLessThanOrEqual(12);
    expect(scene.notes('gaveUp')).toHaveLength(1);
  });
});

describe('the silence of an outage', () => {
  test('is covered 1.5 s after the last words, and then by a spoken line', () => {
    const scene = CallScene.greeted().agentSpeaks(1000).happens(modelClosed(1006, '')).passes(1000).marksReturn();
    scene.forget();
    scene.passes(1_490);
    expect(scene.types).not.toContain('stream.media');
    scene.passes(20);
    expect(scene.all('stream.media')).toHaveLength(1);
    scene.passes(2_500);
    expect(scene.all('stream.media')).toHaveLength(2);
  });

  test('is not covered when nothing is owed, until the caller has asked', () => {
    const scene = CallScene.greeted().happens(modelClosed(1006, '')).passes(0).callerSends(3_000, 'silence');
    expect(scene.all('stream.media')).toEqual([]);
    scene.callerAsks().callerSends(1_500, 'silence');
    expect(scene.all('stream.media')).toHaveLength(1);
  });

  test('ends with the first words, which take the comfort sound back', () => {
    const scene = CallScene.greeted().callerAsks().happens(modelClosed(1006, '')).passes(1_600);
    scene.happens({ type: 'model.opened' }).forget();
    scene.agentSpeaks(500);
    expect(scene.types).toEqual(['stream.clear', 'stream.media', 'stream.mark']);
    expect(scene.all('stream.mark')).toMatchObject([{ name: 'g2.1' }]);
    const { sent, heard, cleared, waiting } = scene.tally.agent;
    expect(sent).toBe(heard + cleared + waiting);
  });

  test('is covered so that words can take the sound back even when the broken turn ends under it', () => {
    const scene = CallScene.greeted().agentSpeaks(500).passes(500).marksReturn().passes(1_600);
    scene.happens({ type: 'model.turnCompleted', reason: null }).callerAsks().passes(1_600).forget().agentSpeaks(500);
    expect(scene.types).toEqual(['stream.clear', 'stream.media', 'stream.mark']);
  });

  test('is not covered while the stream is lost too', () => {
    const scene = CallScene.greeted()
      .callerAsks()
      .happens(modelClosed(1006, ''), { type: 'stream.closed', code: 1006 });
    scene.forget();
    scene.passes(9_000);
    expect(scene.all('stream.media')).toEqual([]);
    scene.happens(
      { type: 'connect.ended', stream: null, callOver: false },
      { type: 'stream.started', streamSid: 'MZ2' },
    );
    scene.passes(1_499);
    expect(scene.all('stream.media')).toEqual([]);
    scene.passes(1);
    expect(scene.all('stream.media')).toHaveLength(1);
  });

  test('does not become a part of the transcript or of a reply’s position', () => {
    const scene = CallScene.greeted().callerAsks().passes(1_600);
    scene.happens({ type: 'model.agentTranscript', text: 'one two three four' }).agentSpeaks(2000).passes(1000);
    scene.happens({ type: 'model.interrupted' });
    expect(scene.lines).toEqual(['agent: one two —']);
  });
});

describe('an exit that is decided', () => {
  const toSupport = { kind: 'transfer', destination: 'support', reason: null } as const;

  test('lets a lost session go: the words that are left are heard, and the stream closes', () => {
    const scene = CallScene.greeted().toolCalled('t1', 'transfer_call').toolFinished('t1', toSupport);
    scene.agentSpeaks(1000).happens(modelClosed(1006, '')).passes(1_000).marksReturn();
    expect(scene.phase).toBe('betweenStreams');
    expect(scene.all('model.open')).toEqual([]);
  });

  test('waits for a session only when the caller comes back from a transfer', () => {
    const scene = CallScene.greeted().happens(covered).toolCalled('t1', 'transfer_call').toolFinished('t1', toSupport);
    scene.passes(3_000).happens({ type: 'connect.ended', stream: null, callOver: false });
    scene.happens(modelClosed(1006, '')).passes(20_000);
    expect(scene.all('model.open')).toEqual([]);
    scene.happens({ type: 'dial.ended', attempt: null, outcome: 'busy', callOver: false });
    expect(scene.all('model.open')).toMatchObject([{ handle: 'h1' }]);
    scene.happens({ type: 'stream.started', streamSid: 'MZ2' }, { type: 'model.opened' });
    expect(scene.texts).toEqual([expect.stringContaining('the line was busy')]);
  });

  test('that comes in an outage does not make the outage end the call while the transfer rings', () => {
    const scene = CallScene.greeted().toolCalled('t1', 'transfer_call').happens(modelClosed(1006, '')).passes(0);
    scene.toolFinished('t1', toSupport).passes(3_000);
    scene.happens({ type: 'connect.ended', stream: null, callOver: false }).passes(20_000);
    scene.happens({ type: 'dial.ended', attempt: null, outcome: 'noAnswer', callOver: false });
    expect(scene.answers.at(-1)).toEqual({ kind: 'stream', number: 2 });
  });

  test('does not lose the news of a failed transfer to a caller who says hello before a session is there', () => {
    const scene = CallScene.greeted().toolCalled('t1', 'transfer_call').toolFinished('t1', toSupport).passes(3_000);
    scene.happens({ type: 'connect.ended', stream: null, callOver: false }, modelClosed(1006, ''));
    scene.happens(
      { type: 'dial.ended', attempt: null, outcome: 'busy', callOver: false },
      { type: 'stream.started', streamSid: 'MZ2' },
    );
    scene.callerAsks().happens({ type: 'model.opened' });
    expect(scene.texts).toEqual([expect.stringContaining('the line was busy')]);
  });

  test('does not wait for the end of a goodbye that stalls', () => {
    const scene = CallScene.greeted().toolCalled('t1', 'transfer_call').toolFinished('t1', toSupport).passes(1_000);
    scene.agentSpeaks(500).passes(500).marksReturn().passes(2_999);
    expect(scene.phase).toBe('leaving');
    scene.passes(1);
    expect(scene.phase).toBe('betweenStreams');
    expect(scene.steps).toEqual([]);
  });

  test('waits for a long goodbye as long as it is spoken, up to twelve seconds', () => {
    const scene = CallScene.greeted().toolCalled('t1', 'transfer_call').toolFinished('t1', toSupport).passes(1_000);
    for (let second = 0; second < 11; second += 1) scene.agentSpeaks(1000).passes(1000).marksReturn();
    expect(scene.phase).toBe('leaving');
    scene.agentSpeaks(1000).passes(1_000);
    expect(scene.phase).toBe('betweenStreams');
  });

  test('is not disturbed by a nudge that was due at the same moment', () => {
    const scene = CallScene.greeted({ callMsMax: 5_000 }).callerAsks();
    scene.forget();
    scene.jumps(20_000);
    expect(scene.notes('deadline').map(({ timer }) => timer)).toEqual(
      expect.arrayContaining(['escalation', 'callMax']),
    );
    expect(scene.texts.at(-1)).toContain('longest duration');
    expect(scene.steps).toEqual([]);
  });

  test('takes a comfort sound back', () => {
    const scene = CallScene.greeted().callerAsks().passes(1_600).happens({ type: 'service.drained' });
    expect(scene.types).toContain('stream.clear');
    expect(scene.passes(2_000).phase).toBe('betweenStreams');
  });
});
