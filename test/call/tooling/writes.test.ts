import { describe, expect, test } from 'vitest';
import type { CallFact } from '../../../src/call/events.ts';
import { CallScene, modelClosed } from '../call-scene.ts';

const tools = {
  book: { effect: 'write', timeoutMs: 5_000, confirm: false },
  search: { effect: 'read', timeoutMs: 30_000, confirm: false },
} as const;
const five = { at: '5', who: 'Anna' };
const handle: CallFact = { type: 'model.resumptionUpdated', handle: 'h2', resumable: true };
const done = { result: 'Booked as number 12.' };
const note = 'This was asked for before. It is the result of that, and nothing was done again.';
const unknown = expect.stringContaining('It is not known whether this was done, and it is not done again.');

describe('a write', () => {
  test('is run once for each intent, by a key that says which it is', () => {
    const scene = greeted()
      .toolCalled('t1', 'book', five)
      .happens(finished('t1'), handle)
      .toolCalled('t2', 'book', five);
    const keys = scene.all('tool.run').map(({ key }) => key);
    expect(keys).toHaveLength(2);
    expect(keys[0]).toMatch(/^book-[\da-f]{16}-1$/);
    expect(keys[1]).toBe(keys[0]?.replace(/1$/, '2'));
    expect(scene.all('tool.run').map(({ effect }) => effect)).toEqual(['write', 'write']);
  });

  test('that is asked for again while it runs is joined, also by the session that asked, and every id is answered', () => {
    const scene = greeted().toolCalled('t1', 'book', five).toolCalled('t2', 'book', { who: 'Anna', at: '5' });
    scene.toolCalled('t3', 'book', { ...five, at: '6' }).happens(finished('t1'));
    expect(scene.all('tool.run').map(({ call }) => call.id)).toEqual(['t1', 't3']);
    expect(answersOf(scene)).toEqual([
      ['t1', done],
      ['t2', done],
    ]);
  });

  test('is joined by sixteen calls and no more', () => {
    const scene = greeted().toolCalled('t1', 'book', five);
    for (let again = 2; again <= 20; again += 1) scene.toolCalled(`t${again}`, 'book', five);
    expect(answersOf(scene).map(([id]) => id)).toEqual(['t17', 't18', 't19', 't20']);
    expect(scene.happens(finished('t1')).all('tool.run')).toHaveLength(1);
    expect(answersOf(scene)).toHaveLength(20);
  });

  // A model asks again in the same turn when an answer tells it nothing (GM-TOOL-7).
  test('that was answered, and is in no handle yet, is not done again for whoever asks', () => {
    const scene = greeted().toolCalled('t1', 'book', five).happens(finished('t1')).toolCalled('t2', 'book', five);
    scene.happens(modelClosed(1006, '')).passes(300).happens({ type: 'model.opened' }).toolCalled('u1', 'book', five);
    expect(scene.all('tool.run')).toHaveLength(1);
    expect(answersOf(scene).slice(1)).toEqual([
      ['t2', { ...done, note }],
      ['u1', { ...done, note }],
    ]);
  });

  test('whose result waited for a session is told to it, and done again only when a handle covers that', () => {
    const scene = greeted()
      .toolCalled('t1', 'book', five)
      .happens(modelClosed(1006, ''))
      .passes(0)
      .happens(finished('t1'));
    scene.passes(300).happens({ type: 'model.opened' });
    expect(scene.texts).toEqual([expect.stringContaining('Booked as number 12.')]);
    scene.toolCalled('u1', 'book', five);
    expect(scene.all('tool.run')).toHaveLength(1);
    scene.happens(handle).toolCalled('u2', 'book', five);
    expect(scene.all('tool.run')).toHaveLength(2);
  });

  test('is kept for longer than what was only looked up', () => {
    const scene = greeted().toolCalled('t1', 'book', five).modelReturns(300).happens(finished('t1'));
    scene.agentReplies(500).passes(300_000).toolCalled('u1', 'book', five);
    expect(scene.all('tool.run')).toHaveLength(1);
  });

  test('that is cancelled goes on, is answered at once, and its result follows', () => {
    const scene = greeted()
      .toolCalled('t1', 'book', five)
      .happens({ type: 'model.toolCancelled', ids: ['t1'] });
    expect(scene.types).not.toContain('tool.cancel');
    expect(answersOf(scene)).toEqual([['t1', { error: 'This goes on. Its result follows.', retryable: false }]]);
    scene.happens(finished('t1'));
    expect(scene.texts).toEqual([expect.stringContaining('Booked as number 12.')]);
    expect(scene.toolCalled('t2', 'book', five).all('tool.run')).toHaveLength(1);
  });

  test('that is cancelled under one id is still answered under the other', () => {
    const scene = greeted().toolCalled('t1', 'book', five).toolCalled('t2', 'book', five);
    scene.happens({ type: 'model.toolCancelled', ids: ['t1', 't9'] }, finished('t1'));
    expect(answersOf(scene).map(([id]) => id)).toEqual(['t1', 't2']);
  });

  test('that refuses may be tried again once that was told', () => {
    const scene = greeted()
      .toolCalled('t1', 'book', five)
      .happens(failed('t1', 'tool.refused', 'No table is free.'));
    scene.toolCalled('t2', 'book', five).happens(handle).toolCalled('t3', 'book', five);
    expect(scene.all('tool.run')).toHaveLength(2);
    expect(answersOf(scene)).toEqual([
      ['t1', { error: 'No table is free.', retryable: false }],
      ['t2', { error: 'No table is free.', retryable: false, note }],
    ]);
  });
});

describe('a write of which nobody knows whether it was done', () => {
  test.for<[string, (scene: CallScene) => CallScene]>([
    ['its process died', (scene) => scene.happens(failed('t1', 'tool.interrupted', 'It broke off.'))],
    ['it threw', (scene) => scene.happens(failed('t1', 'tool.failed', 'It did not work.'))],
    ['it took too long', (scene) => scene.passes(5_000)],
  ])('because %s is told so, and never done again on this call', ([, ends]) => {
    const scene = ends(greeted().toolCalled('t1', 'book', five));
    scene.happens(handle).toolCalled('t2', 'book', five).modelReturns(300).callerAsks().toolCalled('u1', 'book', five);
    expect(scene.all('tool.run')).toHaveLength(1);
    expect(answersOf(scene)).toEqual(['t1', 't2', 'u1'].map((id) => [id, { error: unknown, retryable: false }]));
    expect(scene.toolCalled('u2', 'book', { ...five, at: '6' }).all('tool.run')).toHaveLength(2);
  });

  test('is one of more than 64 whose results nobody has heard of', () => {
    const scene = greeted();
    for (let table = 0; table < 65; table += 1)
      scene.toolCalled(`t${table}`, 'book', { table }).happens(finished(`t${table}`));
    scene.forget().toolCalled('a', 'book', { table: 0 }).toolCalled('b', 'book', { table: 1 });
    expect(answersOf(scene)).toEqual([
      ['a', { error: unknown, retryable: false }],
      ['b', { ...done, note }],
    ]);
  });

  test('says nothing of a tool that changes nothing', () => {
    const scene = greeted()
      .toolCalled('t1', 'search', five)
      .happens(failed('t1', 'tool.failed', 'It did not work.'));
    expect(answersOf(scene)).toEqual([['t1', { error: 'It did not work.', retryable: false }]]);
    expect(scene.toolCalled('t2', 'search', five).all('tool.run')).toHaveLength(2);
  });
});

describe('a process that goes on with the call', () => {
  const call = { name: 'book', args: five };

  test.for<[string, object | 'told' | 'unknown', readonly unknown[], number]>([
    ['was not done so far as anybody knows', 'unknown', [{ error: unknown, retryable: false }], 0],
    ['was done, and nobody was told', done, [{ ...done, note }], 0],
    ['was done and told', 'told', [], 1],
  ])('asks for nothing twice that %s', ([, outcome, answers, runs]) => {
    const scene = restored([{ call, outcome: outcome === 'told' || outcome === 'unknown' ? outcome : done }]);
    scene.toolCalled('u1', 'book', { who: 'Anna', at: '5' });
    expect(scene.all('tool.run')).toHaveLength(runs);
    expect(answersOf(scene).map(([, response]) => response)).toEqual(answers);
  });

  test('counts on where the last one stopped', () => {
    const scene = restored([
      { call, outcome: 'told' },
      { call, outcome: 'told' },
    ]);
    expect(scene.toolCalled('u1', 'book', five).all('tool.run')[0]?.key).toMatch(/-3$/);
  });

  test('may do it again once its session was told and a handle covers that', () => {
    const scene = restored([{ call, outcome: done }])
      .happens(handle)
      .toolCalled('u1', 'book', five);
    expect(scene.all('tool.run')).toHaveLength(1);
  });
});

describe('a tool that may take half a minute', () => {
  test('is not taken for a model that says nothing, and barge-in is as quick as ever', () => {
    const scene = greeted().callerAsks().agentReplies(800).toolCalled('t1', 'search', five).passes(12_000);
    scene.agentSpeaks(2_000).passes(200).forget().happens({ type: 'model.interrupted' });
    expect(scene.types[0]).toBe('stream.clear');
    scene.callerAsks().passes(15_000);
    expect(scene.steps).toEqual([]);
    scene.passes(3_000);
    expect(answersOf(scene)).toMatchObject([['t1', { error: 'It took too long.', retryable: false }]]);
  });

  test('is covered by tone and phrase, also after a short line of the agent', () => {
    const scene = greeted().callerAsks().agentSpeaks(600).toolCalled('t1', 'search', five);
    scene.happens({ type: 'model.generationCompleted' }).passes(600).marksReturn().forget().passes(25_000);
    expect(scene.all('stream.media').length).toBeGreaterThanOrEqual(9);
    expect(scene.steps).toEqual([]);
    expect(scene.texts).toEqual([]);
  });

  test('and another one behind it do not make a fault of the model', () => {
    const scene = greeted().callerAsks().toolCalled('t1', 'search', five).passes(29_000).toolFinished('t1');
    scene.passes(500).toolCalled('t2', 'search', { at: '6' }).passes(29_000).toolFinished('t2');
    expect(scene.steps).toEqual([]);
    expect(scene.passes(4_000).steps).toEqual(['toolResult: nudge']);
  });
});

function greeted(): CallScene {
  return CallScene.greeted({ tools });
}

/** A call that an earlier process began, with a session and a stream again. */
function restored(writes: NonNullable<Extract<CallFact, { type: 'call.restored' }>['memory']['writes']>): CallScene {
  const memory = {
    items: [{ kind: 'said', atMs: -5_000, speaker: 'agent', text: 'Hello.', cut: false }],
    handle: null,
    instruction: { kind: 'stream', number: 1 },
    streamNumber: 1,
    callee: 'ringing',
    elapsedMs: 20_000,
    writes,
  } as const;
  const scene = new CallScene({ tools });
  scene.happens({ type: 'call.restored', memory }, { type: 'connect.ended', stream: 1, callOver: false });
  return scene
    .happens({ type: 'stream.started', streamSid: 'MZ2' })
    .passes(100)
    .happens({ type: 'model.opened' })
    .forget();
}

function finished(id: string): CallFact {
  return { type: 'tool.finished', id, response: done, scheduling: 'whenIdle', leave: null };
}

function failed(id: string, fault: 'tool.failed' | 'tool.interrupted' | 'tool.refused', message: string): CallFact {
  return { type: 'tool.failed', id, fault, message };
}

function answersOf(scene: CallScene): (readonly [string, unknown])[] {
  return scene
    .all('model.answerTools')
    .flatMap(({ answers }) => answers.map(({ id, response }) => [id, response] as const));
}
