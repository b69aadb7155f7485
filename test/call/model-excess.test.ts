import { describe, expect, test } from 'vitest';
import type { CallFact } from '../../src/call/events.ts';
import { CallScene, modelClosed, modelOpenFailed, dials } from './call-scene.ts';

const overBudget: CallFact = { type: 'model.frameRejected', fault: 'model.overBudget' };
const refused = { error: 'The arguments are too long. Call again with fewer of them.', retryable: false };

describe('a session that sends more than it may', () => {
  test('is replaced, and the third of a call leads to the fallback', () => {
    const scene = CallScene.greeted().forget();
    for (let session = 1; session <= 2; session += 1) {
      scene.happens(overBudget).modelReturns(2_000, modelClosed(1006, 'tooManyParts', 'fresh'));
      expect([scene.all('model.open').length, scene.phase]).toEqual([session, 'talking']);
      scene.callerAsks().agentReplies(500);
    }
    scene.happens(overBudget, modelClosed(1006, 'tooManyParts', 'fresh')).passes(2_000);
    expect(scene.all('model.open')).toHaveLength(2);
    expect(scene.notes('gaveUp')).toEqual([{ cause: 'modelLost' }]);
    expect(scene.notes('frameRejected')).toEqual([{ fault: 'model.overBudget' }]);
    scene.happens({ type: 'connect.ended', stream: null, callOver: false });
    expect(scene.answers).toEqual([dials('+15550102', { transfer: null, say: 'I am sorry.' })]);
  });

  test('counts before its setup is answered as well', () => {
    const scene = new CallScene().happens({ type: 'call.received' }, { type: 'stream.started', streamSid: 'MZ1' });
    for (let session = 1; session <= 3; session += 1) {
      scene.happens(overBudget, modelOpenFailed('model.overBudget', 'fresh')).passes(2_000);
    }
    expect(scene.all('model.open')).toHaveLength(3);
    expect(scene.notes('gaveUp')).toEqual([{ cause: 'modelLost' }]);
  });
});

describe('a tool call with too many arguments', () => {
  const rejected: CallFact = { type: 'model.toolRejected', id: 't1', name: 'lookup_record' };

  test('is answered with an error, once, and not run', () => {
    const scene = CallScene.greeted().callerAsks().happens(rejected, rejected).toolCalled('t1', 'lookup_record');
    expect(scene.all('model.answerTools').flatMap(({ answers }) => answers)).toEqual([
      { id: 't1', name: 'lookup_record', response: refused, scheduling: 'whenIdle' },
    ]);
    expect(scene.all('tool.run')).toEqual([]);
  });

  test('leaves the caller waiting for an answer no longer than any other', () => {
    const scene = CallScene.greeted().callerAsks().happens(rejected).passes(4_000);
    expect(scene.steps).toHaveLength(1);
  });
});

describe('a model in a loop', () => {
  test('runs no more than 2,000 tools in one call, and every call is answered', () => {
    const scene = CallScene.greeted();
    for (let index = 0; index < 2_010; index += 1) {
      scene.toolCalled(`t${index}`, 'lookup_record', { index }).toolFinished(`t${index}`);
    }
    expect(scene.all('tool.run')).toHaveLength(2_000);
    expect(scene.all('model.answerTools')).toHaveLength(2_010);
    expect(scene.notes('toolNotRun')).toEqual([{ why: 'spent' }]);
  });

  test('has each kind of tool call that was not run noted once', () => {
    const scene = CallScene.greeted();
    for (let index = 0; index < 40; index += 1) scene.toolCalled(`t${index % 20}`, 'lookup_record', { index });
    expect(scene.notes('toolNotRun')).toEqual([{ why: 'tooMany' }, { why: 'repeated' }]);
  });

  test('has 500 lines of a name written to the log, and no more', () => {
    const scene = CallScene.greeted();
    for (let index = 0; index < 600; index += 1) {
      scene.forget().agentSpeaks(100).happens({ type: 'model.interrupted' }).passes(500);
    }
    scene.forget();
    scene.agentSpeaks(100).happens({ type: 'model.interrupted' });
    expect([scene.types, scene.notes('bargeIn')]).toEqual([expect.arrayContaining(['stream.clear']), []]);
  });

  test('has half a minute of crumbs of a voice held until the stream starts, and no more', () => {
    const scene = new CallScene().happens({ type: 'call.received' }, { type: 'model.opened' }).agentSpeaks(20);
    for (let crumb = 0; crumb < 6_400; crumb += 1) scene.agentSpeaks(5);
    expect(scene.tally.agent.queued).toBe(30_000 * 8);
    expect(scene.tally.agent.dropped).toBeGreaterThan(2_000 * 8);
    scene.happens({ type: 'stream.started', streamSid: 'MZ1' });
    expect(scene.all('stream.media')).toHaveLength(1);
  });

  test('has the last thousand of its ids remembered, and no others', () => {
    const scene = CallScene.greeted();
    for (let index = 0; index <= 1_000; index += 1) {
      scene.toolCalled(`t${index}`, 'lookup_record', { index }).toolFinished(`t${index}`);
    }
    scene.forget().toolCalled('t1', 'lookup_record', { again: true });
    expect(scene.types).toEqual([]);
    scene.toolCalled('t0', 'lookup_record', { again: true });
    expect(scene.types).toEqual(['tool.run']);
  });
});
