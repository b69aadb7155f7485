import { describe, expect, test } from 'vitest';
import type { CallFact } from '../../src/call/events.ts';
import { CallScene, modelClosed, dials } from './call-scene.ts';

const order = { order: 7 };
const toSupport = { kind: 'transfer', destination: 'support', reason: null } as const;

describe('a tool whose session is lost', () => {
  test('runs on, and its result is told to the session that is there', () => {
    const scene = asking().modelReturns(300).happens(result('t1', 'sent on Monday'));
    expect(scene.texts).toEqual([expect.stringMatching(/lookup_record .*"order":7.*sent on Monday/u)]);
    expect(scene.all('tool.run')).toHaveLength(1);
    expect(scene.all('model.answerTools')).toEqual([]);
    expect(scene.types).not.toContain('tool.cancel');
  });

  test('is announced to the next session, so that this does not ask again', () => {
    const scene = asking().modelReturns(300);
    expect(scene.all('model.open')[0]?.recap).toContain('lookup_record {"order":7} is still running');
  });

  test('is not run again for a session that asks for the very same: that gets the result under its own id', () => {
    const scene = asking().modelReturns(300).toolCalled('u1', 'lookup_record', order).happens(result('t1', 'sent'));
    expect(scene.all('tool.run')).toHaveLength(1);
    expect(scene.all('model.answerTools').map(({ answers }) => answers)).toEqual([
      [{ id: 'u1', name: 'lookup_record', response: { state: 'sent' }, scheduling: 'whenIdle' }],
    ]);
    expect(scene.texts).toEqual([]);
  });

  test('is run again when something else is asked', () => {
    const scene = asking().modelReturns(300).toolCalled('u1', 'lookup_record', { order: 8 });
    expect(scene.all('tool.run')).toHaveLength(2);
  });

  test('that is done is not run again either: the session that asks gets the result at once, and once', () => {
    const scene = asking().modelReturns(300).happens(result('t1', 'sent')).toolCalled('u1', 'lookup_record', order);
    expect(scene.all('tool.run')).toHaveLength(1);
    expect(scene.all('model.answerTools')).toMatchObject([{ answers: [{ id: 'u1', response: { state: 'sent' } }] }]);
    scene.toolCalled('u2', 'lookup_record', order);
    expect(scene.all('tool.run')).toHaveLength(2);
  });

  test('is run again a minute later, when its result may be out of date', () => {
    const scene = asking().modelReturns(300).happens(result('t1', 'sent')).agentReplies(500).passes(60_000);
    scene.toolCalled('u1', 'lookup_record', order);
    expect(scene.all('tool.run')).toHaveLength(2);
  });

  test('that ends before the next session is there tells it its result, even if the caller has spoken since', () => {
    const scene = asking().happens(modelClosed(1006, '')).passes(0).happens(result('t1', 'sent'));
    scene.callerAsks().happens({ type: 'model.opened' });
    expect(scene.texts).toEqual([expect.stringContaining('"state":"sent"')]);
  });

  test('beside another one loses none of the two results', () => {
    const scene = asking().toolCalled('t2', 'lookup_record', { order: 8 }).happens(modelClosed(1006, '')).passes(0);
    scene.happens(result('t1', 'sent'), result('t2', 'late'), { type: 'model.opened' });
    expect(scene.texts).toHaveLength(1);
    expect(scene.texts[0]).toMatch(/sent[^]*late/u);
  });

  test('that takes too long is cancelled after eight seconds all the same', () => {
    const scene = asking().modelReturns(300).passes(7_700);
    expect(scene.types).toContain('tool.cancel');
    expect(scene.texts).toEqual([expect.stringContaining('It took too long.')]);
  });

  test('whose result had been sent is asked for its words, not for another run', () => {
    const scene = asking().happens(result('t1', 'sent')).modelReturns(300);
    expect(scene.all('model.open')[0]?.recap).toContain('Tool lookup_record {"order":7}: {"state":"sent"}');
    expect(scene.texts).toEqual([expect.stringContaining('what your tools found out')]);
  });

  test('survives two losses', () => {
    const scene = asking().modelReturns(300).toolCalled('u1', 'lookup_record', order).modelReturns(600);
    scene.toolCalled('v1', 'lookup_record', order).happens(result('t1', 'sent'));
    expect(scene.all('tool.run')).toHaveLength(1);
    expect(scene.all('model.answerTools')).toMatchObject([{ answers: [{ id: 'v1' }] }]);
  });

  test('counts among the sixteen that may run at once, and the one too many is answered', () => {
    const scene = CallScene.greeted();
    for (let index = 0; index < 16; index += 1) scene.toolCalled(`t${index}`, 'lookup_record', { index });
    scene.modelReturns(300).toolCalled('u1', 'lookup_record', { index: 99 });
    expect(scene.all('tool.run')).toHaveLength(16);
    expect(scene.all('model.answerTools')).toMatchObject([{ answers: [{ id: 'u1', response: { retryable: false } }] }]);
    scene.toolCalled('u2', 'lookup_record', { index: 3 }).toolFinished('t3');
    expect(scene.all('model.answerTools')).toHaveLength(2);
  });

  test('is cancelled when nobody will ask for it any more', () => {
    expect(asking().happens(modelClosed(1007, '', 'none')).types).toContain('tool.cancel');
  });
});

describe('a transfer whose session is lost', () => {
  test('is carried out, with or without a goodbye', () => {
    const scene = CallScene.greeted().toolCalled('t1', 'transfer_call').happens(modelClosed(1006, '')).passes(0);
    scene.toolFinished('t1', toSupport).passes(3_000);
    scene.happens({ type: 'connect.ended', stream: null, callOver: false });
    expect(scene.answers).toEqual([dials('+15550100')]);
  });

  test('is told to the session that is there, which says goodbye', () => {
    const scene = CallScene.greeted().toolCalled('t1', 'transfer_call').modelReturns(300).toolFinished('t1', toSupport);
    expect(scene.texts).toEqual([expect.stringContaining('transfer_call')]);
    scene.agentSpeaks(1000).happens({ type: 'model.generationCompleted' }).passes(1000).marksReturn();
    expect(scene.phase).toBe('betweenStreams');
  });

  test('is not broken off by the result of another tool that comes during the goodbye', () => {
    const scene = asking().modelReturns(300).toolCalled('t2', 'transfer_call').toolFinished('t2', toSupport);
    scene.agentSpeaks(1000).forget().happens(result('t1', 'sent'));
    expect(scene.texts).toEqual([]);
  });
});

describe('while a tool runs', () => {
  test('the silence is covered, and no step is taken', () => {
    const scene = CallScene.greeted().callerAsks().toolCalled('t1', 'lookup_record').passes(7_000);
    expect(scene.all('stream.media').length).toBeGreaterThan(1);
    expect(scene.steps).toEqual([]);
  });

  test('a session that is lost meanwhile is not asked for words before the tool is done', () => {
    const scene = CallScene.greeted().callerAsks().toolCalled('t1', 'lookup_record').modelReturns(300).passes(5_000);
    expect(scene.texts).toEqual([]);
    scene.happens(result('t1', 'sent'));
    expect(scene.texts).toEqual([expect.stringContaining('sent')]);
  });

  test('tools one after the other without a word are a fault after twenty seconds', () => {
    const scene = CallScene.greeted().callerAsks();
    for (let index = 0; scene.steps.length === 0 && index < 100; index += 1) {
      scene.toolCalled(`t${index}`, 'lookup_record', { index }).passes(1_000).toolFinished(`t${index}`).passes(500);
    }
    expect(scene.steps).toEqual(['toolResult: nudge']);
    expect(scene.nowMs).toBeLessThan(24_000);
  });
});

describe('behind a tool', () => {
  test('nothing that comes after its result is a fault', () => {
    const scene = CallScene.greeted().callerAsks().toolCalled('t1', 'lookup_record').passes(2_000).toolFinished('t1');
    scene.passes(3_999);
    expect(scene.steps).toEqual([]);
    scene.passes(1);
    expect(scene.steps).toEqual(['toolResult: nudge']);
    expect(scene.texts).toEqual([expect.stringContaining('what your tools found out')]);
  });

  test('that was only to be remembered nothing has to follow', () => {
    const scene = CallScene.greeted().toolCalled('t1', 'note');
    scene.happens({ type: 'tool.finished', id: 't1', response: {}, scheduling: 'silent', leave: null }).passes(20_000);
    expect(scene.steps).toEqual([]);
  });

  test('that was cancelled an answer is owed, four seconds from then', () => {
    const scene = CallScene.greeted().callerAsks().toolCalled('t1', 'lookup_record').passes(6_000);
    scene.happens({ type: 'model.toolCancelled', ids: ['t1'] }).passes(3_999);
    expect(scene.steps).toEqual([]);
    scene.passes(1);
    expect(scene.steps).toEqual(['answer: nudge']);
  });

  // A session got a tool's answer and broke five milliseconds later. The next one asked for the same, and the tool ran again.
  test('whose answer died with the session that got it is not run again', () => {
    const scene = CallScene.greeted().callerAsks().toolCalled('t1', 'lookup_record', { query: 'A1042' });
    scene.toolFinished('t1').happens(modelClosed(1012, '')).passes(0).happens({ type: 'model.opened' }).forget();
    scene.toolCalled('t2', 'lookup_record', { query: 'A1042' });
    expect(scene.all('tool.run')).toEqual([]);
    expect(scene.all('model.answerTools').flatMap(({ answers }) => answers.map(({ id }) => id))).toEqual(['t2']);
  });

  test('whose answer the handle covers is run again when it is asked for again', () => {
    const scene = CallScene.greeted().callerAsks().toolCalled('t1', 'lookup_record', { query: 'A1042' });
    scene.toolFinished('t1').happens({ type: 'model.resumptionUpdated', handle: 'h2', resumable: true });
    scene.happens(modelClosed(1012, '')).passes(0).happens({ type: 'model.opened' }).forget();
    scene.toolCalled('t2', 'lookup_record', { query: 'A1042' });
    expect(scene.all('tool.run')).toHaveLength(1);
  });
});

/** A greeted call whose model has asked for an order. */
function asking(): CallScene {
  return CallScene.greeted().toolCalled('t1', 'lookup_record', order);
}

function result(id: string, state: string): CallFact {
  return { type: 'tool.finished', id, response: { state }, scheduling: 'whenIdle', leave: null };
}
