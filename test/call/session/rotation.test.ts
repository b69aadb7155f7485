import { describe, expect, test } from 'vitest';
import type { CallFact } from '../../../src/call/events.ts';
import { CallScene, doNotGreet, modelClosed } from '../call-scene.ts';

const covered: CallFact = { type: 'model.resumptionUpdated', handle: 'h1', resumable: true };
const uncovered: CallFact = { type: 'model.resumptionUpdated', handle: null, resumable: false };
const goingAway: CallFact = { type: 'model.goingAway', timeLeftMs: 50_000 };

describe('a session that the service will end', () => {
  test('is closed and resumed in the first quiet moment, and nobody notices', () => {
    const scene = CallScene.greeted().happens(covered);
    scene.forget();
    scene.happens(goingAway);
    expect(scene.types).toEqual(['model.close', 'model.open']);
    expect(scene.all('model.open')).toEqual([{ type: 'model.open', handle: 'h1', recap: doNotGreet, fallback: false }]);
    scene.happens({ type: 'model.opened' }).passes(10_000);
    expect(scene.types).toEqual(['model.close', 'model.open']);
    expect(scene.notes('modelRotated')).toEqual([{ cause: 'goAway' }]);
  });

  test('is not replaced while the agent speaks, and is as soon as all was heard and the handle is there', () => {
    const scene = CallScene.greeted().happens(covered).agentSpeaks(2000).happens(uncovered, goingAway);
    scene.happens({ type: 'model.generationCompleted' }).passes(2000).marksReturn();
    expect(scene.types).not.toContain('model.close');
    scene.happens({ type: 'model.turnCompleted', reason: null }, { ...covered, handle: 'h2' });
    expect(scene.all('model.open')).toMatchObject([{ handle: 'h2', recap: doNotGreet }]);
  });

  test('is not replaced while the caller speaks or waits', () => {
    const scene = CallScene.greeted().happens(covered).callerSends(400, 'speech').happens(goingAway);
    scene.callerSends(700, 'silence');
    expect(scene.types).not.toContain('model.close');
    scene.agentReplies(1000).happens({ ...covered, handle: 'h2' });
    expect(scene.otherTypes.slice(-2)).toEqual(['model.close', 'model.open']);
  });

  test('is not replaced while a tool runs', () => {
    const scene = CallScene.greeted().happens(covered).toolCalled('t1', 'lookup_record').happens(goingAway);
    expect(scene.types).not.toContain('model.close');
  });

  test('is replaced two seconds before its end whatever goes on', () => {
    const scene = CallScene.greeted().happens(covered).agentSpeaks(60_000).happens(goingAway).passes(47_999);
    expect(scene.types).not.toContain('model.close');
    scene.passes(1);
    expect(scene.otherTypes.slice(-2)).toEqual(['model.close', 'model.open']);
    scene.happens({ type: 'model.opened' });
    expect(scene.texts).toEqual([expect.stringContaining('Go on right there')]);
  });

  test('takes no word of the caller along when it has to be replaced in mid-sentence', () => {
    const scene = CallScene.greeted().happens(covered).happens({ type: 'model.goingAway', timeLeftMs: 4_000 });
    scene.happens({ type: 'model.opened' }).forget();
    scene.callerSends(1000, 'speech').happens({ type: 'model.goingAway', timeLeftMs: 0 }).passes(0);
    expect(scene.otherTypes.slice(-2)).toEqual(['model.close', 'model.open']);
    scene.forget();
    scene.callerSends(500, 'speech').happens({ type: 'model.opened' });
    expect(scene.sentToModelMs).toBe(1500);
    expect(scene.texts).toEqual([]);
    expect(scene.tally.caller).toMatchObject({ forwarded: 12_000, resent: 8_000, waiting: 0 });
    scene.callerSends(700, 'silence').passes(4_000);
    expect(scene.steps).toEqual(['answer: nudge']);
  });

  // Both are there at once when a process was held up: the deadline, and the end of the session that it replaces. The end was taken for
  // that of the new session, and from then on nobody listened to the caller.
  test.for([modelClosed(1011, ''), { type: 'model.goingAway', timeLeftMs: 0 } as const])(
    'and ends in the moment in which it is replaced takes nothing of the next one along: $type',
    (fate) => {
      const scene = CallScene.greeted().happens(covered).agentSpeaks(60_000).happens(goingAway).stalls(48_000);
      scene.happens(fate);
      expect(scene.otherTypes.slice(-2)).toEqual(['model.close', 'model.open']);
      scene.happens({ type: 'model.opened' }).forget();
      scene.callerSends(500, 'speech');
      expect(scene.sentToModelMs).toBe(500);
    },
  );

  test('and asks for a tool in the moment in which it is replaced has none run, because nobody would take the answer', () => {
    const scene = CallScene.greeted().happens(covered).agentSpeaks(60_000).happens(goingAway).stalls(48_000).forget();
    scene.toolCalled('t1', 'lookup_record');
    expect(scene.types).toEqual(expect.arrayContaining(['model.close', 'model.open']));
    expect(scene.types).not.toContain('tool.run');
  });

  test('is left alone once an exit is decided and the goodbye is spoken', () => {
    const scene = CallScene.greeted().happens(covered).toolCalled('t1', 'transfer_call');
    scene.toolFinished('t1', { kind: 'transfer', destination: 'support', reason: null }).agentSpeaks(3000);
    scene.happens({ type: 'model.goingAway', timeLeftMs: 1_000 }).passes(2_500);
    expect(scene.types).not.toContain('model.open');
    scene.happens(modelClosed(1001, '')).passes(500).marksReturn();
    expect(scene.phase).toBe('betweenStreams');
  });

  test('that holds a transfer’s place is replaced, because the caller may come back', () => {
    const scene = CallScene.greeted().happens(covered).toolCalled('t1', 'transfer_call');
    scene.toolFinished('t1', { kind: 'transfer', destination: 'support', reason: null }).passes(3_000);
    scene.happens({ type: 'connect.ended', stream: null, callOver: false }).forget();
    scene.happens({ type: 'model.goingAway', timeLeftMs: 10_000 }).passes(8_000);
    expect(scene.types).toEqual(['model.close', 'model.open']);
  });
});

describe('a session that has reached its age', () => {
  test('is replaced at the next quiet moment', () => {
    const scene = CallScene.greeted({ sessionMsMax: 60_000 }).happens(covered).passes(60_000);
    expect(scene.notes('modelRotated')).toEqual([{ cause: 'age' }]);
  });

  test('is replaced after thirty seconds when no such moment comes', () => {
    const scene = CallScene.greeted({ sessionMsMax: 60_000 }).happens(covered).passes(58_000).agentSpeaks(40_000);
    scene.passes(60_000 - scene.nowMs + 29_000);
    expect(scene.notes('modelRotated')).toEqual([]);
    scene.passes(2_000);
    expect(scene.notes('modelRotated')).toEqual([{ cause: 'age' }]);
  });

  test('that never got a handle gives way to a fresh one, which is told what was said', () => {
    const scene = CallScene.greeted({ sessionMsMax: 60_000 }).agentReplies(1000, 'Your order is on its way.');
    scene.passes(60_000);
    expect(scene.all('model.open')).toMatchObject([
      { handle: null, recap: expect.stringContaining('You: Your order is on its way.') },
    ]);
  });

  test('is replaced again and again, as long as the call lasts', () => {
    const scene = CallScene.greeted({ sessionMsMax: 60_000 }).happens(covered);
    for (let index = 0; index < 5; index += 1) {
      scene.passes(60_000).happens({ type: 'model.opened' }, { ...covered, handle: `h${index}` });
    }
    expect(scene.notes('modelRotated')).toHaveLength(5);
    expect(scene.phase).toBe('talking');
  });
});

describe('a session whose answers get slow', () => {
  test('is replaced after three answers of more than three seconds', () => {
    const scene = CallScene.greeted().passes(120_000);
    for (const wait of [3_100, 3_100, 3_100]) scene.callerAsks().passes(wait).agentReplies(500).happens(covered);
    expect(scene.notes('modelRotated')).toEqual([{ cause: 'slow' }]);
  });

  test('is kept when one of them was quick, when it is young, and when it was a tool that took the time', () => {
    const quick = CallScene.greeted().passes(120_000);
    for (const wait of [3_100, 3_100, 1_000, 3_100]) quick.callerAsks().passes(wait).agentReplies(500).happens(covered);

    const young = CallScene.greeted();
    for (const wait of [3_100, 3_100, 3_100]) young.callerAsks().passes(wait).agentReplies(500).happens(covered);

    const busy = CallScene.greeted().passes(120_000);
    for (const id of ['t1', 't2', 't3']) {
      busy.callerAsks().toolCalled(id, 'lookup_record', { id }).passes(4_000).toolFinished(id);
      busy.agentReplies(500).happens(covered);
    }
    expect([quick, young, busy].map((scene) => scene.notes('modelRotated'))).toEqual([[], [], []]);
  });
});

describe('what happened since the handle', () => {
  test('is told to the next session, and what the handle covers is not', () => {
    const scene = CallScene.greeted().agentReplies(1000, 'The first thing.').happens(covered).passes(10);
    scene.happens({ type: 'model.callerTranscript', text: 'The second thing.' }, uncovered);
    scene.agentReplies(1000, 'The third thing.').happens({ type: 'model.goingAway', timeLeftMs: 5_000 }).passes(3_000);
    const [order] = scene.all('model.open');
    expect(order?.handle).toBe('h1');
    expect(order?.recap).toContain('Caller: The second thing.\nYou: The third thing.');
    expect(order?.recap).not.toContain('The first thing.');
    expect(order?.recap).toContain('Do not greet');
  });
});

// A service that was draining gave notice to every new session at once, and two hundred were opened in a minute.
test('sessions that are given notice as soon as they begin are opened twelve times at most', () => {
  const scene = CallScene.greeted();
  for (let round = 0; round < 40 && scene.notes('gaveUp').length === 0; round += 1) {
    scene.happens({ type: 'model.resumptionUpdated', handle: `h${round}`, resumable: true });
    scene.happens({ type: 'model.goingAway', timeLeftMs: 0 }).passes(500).happens({ type: 'model.opened' });
  }
  expect(scene.all('model.open').length).toBeLessThanOrEqual(13);
  expect(scene.notes('gaveUp')).toHaveLength(1);
});
