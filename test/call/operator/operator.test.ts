import { describe, expect, test } from 'vitest';
import type { CallFact, OperatorOrder } from '../../../src/call/events.ts';
import { CallScene, dials } from '../call-scene.ts';

const hangUp: OperatorOrder = { type: 'operator.hungUp' };
const transfer: OperatorOrder = { type: 'operator.transferred', destination: 'support' };
const note: OperatorOrder = { type: 'operator.noted', text: 'He is a regular.' };
const sentence: OperatorOrder = { type: 'operator.said', text: 'One moment, please.' };
const streamIsOver: CallFact = { type: 'connect.ended', stream: 1, callOver: false };
const announcement = expect.stringContaining('connects the caller with "support" now');

describe('a hang-up of an operator', () => {
  test('stops the agent in mid-word, closes the stream and the session at once, and ends the call', () => {
    const scene = CallScene.greeted().agentSpeaks(5_000).passes(1_000).forget().happens(hangUp);
    expect(scene.types).toEqual(['stream.clear', 'request.answer', 'stream.close', 'model.close']);
    expect(refusals(scene)).toEqual([null]);
    scene.happens(streamIsOver);
    expect(scene.answers).toEqual([{ kind: 'hangUp', say: null }]);
    expect(scene.endReason).toBe('endedByOperator');
  });

  test('is told to Twilio by REST when it does not ask', () => {
    const scene = CallScene.greeted().happens(hangUp).passes(10_000);
    expect(scene.all('telephony.update')).toMatchObject([{ instruction: { kind: 'hangUp' } }]);
    expect(scene.happens({ type: 'telephony.updated' }).endReason).toBe('endedByOperator');
  });

  test('before the stream is carried out when that is there, and nobody hears a greeting', () => {
    const scene = new CallScene().happens({ type: 'call.received' }, { type: 'model.opened' }).agentSpeaks(1_000);
    scene.happens(hangUp).agentSpeaks(1_000).happens({ type: 'stream.started', streamSid: 'MZ1' });
    expect(scene.all('stream.media')).toEqual([]);
    expect(scene.types.at(-1)).toBe('stream.close');
    expect(scene.happens(streamIsOver).endReason).toBe('endedByOperator');
  });

  test('between two streams is the answer to what comes next', () => {
    const scene = CallScene.greeted().happens({ type: 'stream.closed', code: 1006 }, hangUp, streamIsOver);
    expect(scene.answers).toEqual([{ kind: 'hangUp', say: null }]);
    expect(scene.endReason).toBe('endedByOperator');
  });

  test('overrules a goodbye, and a transfer that is being announced', () => {
    const scene = CallScene.greeted().happens(transfer).agentSpeaks(3_000).happens(hangUp);
    expect(scene.phase).toBe('betweenStreams');
    expect(scene.happens(streamIsOver).answers).toEqual([{ kind: 'hangUp', say: null }]);
  });
});

describe('a transfer of an operator', () => {
  test('is announced by the agent, which is cut off for it, and then carried out', () => {
    const scene = CallScene.greeted().agentSpeaks(5_000).passes(1_000).happens(transfer);
    expect(scene.texts).toEqual([announcement]);
    expect(scene.notes('agentCut')).toMatchObject([{ cause: 'operator' }]);
    expect(scene.phase).toBe('leaving');
    // What is late of the turn that was cut off is not taken for the announcement.
    scene.passes(500).forget().agentReplies(1_500, 'I put you through.').happens(streamIsOver);
    expect(scene.lines).toEqual(['agent: I put you through.']);
    expect(scene.answers).toEqual([dials('+15550100')]);
  });

  test('goes on without a word when there is no session to say one', () => {
    const scene = CallScene.greeted().happens(lost, transfer);
    expect([scene.phase, scene.texts]).toEqual(['betweenStreams', []]);
    expect(scene.happens(streamIsOver).answers).toMatchObject([{ kind: 'dial' }]);
  });

  test('of which nobody hears is the answer to what comes next', () => {
    const scene = CallScene.greeted().happens({ type: 'stream.closed', code: 1006 }, transfer, streamIsOver);
    expect(scene.texts).toEqual([]);
    expect(scene.answers).toMatchObject([{ kind: 'dial' }]);
  });

  test('that nobody takes brings the caller back to the agent, as any transfer does', () => {
    const scene = CallScene.greeted().happens(transfer).callerSends(3_000, 'silence').happens(streamIsOver);
    scene.forget().happens({ type: 'dial.ended', attempt: null, outcome: 'busy', callOver: false });
    scene.happens({ type: 'stream.started', streamSid: 'MZ2' });
    expect(scene.texts).toEqual([expect.stringContaining('the line was busy')]);
  });

  test.for(['billing', 'constructor', ''])('to "%s", which is no destination, is refused', (destination) => {
    const scene = CallScene.greeted().agentSpeaks(5_000).forget();
    scene.happens({ type: 'operator.transferred', destination });
    expect(scene.ordered).toEqual([{ type: 'request.answer', refusal: 'noSuchDestination' }]);
  });
});

describe('an order is refused', () => {
  const lateOrders = [transfer, note, sentence];

  test('when the call is leaving, but for a hang-up', () => {
    const scene = CallScene.greeted().agentSpeaks(2_000).toolCalled('t1', 'end_call');
    scene
      .toolFinished('t1', { kind: 'hangUp' })
      .forget()
      .happens(...lateOrders);
    expect(refusals(scene)).toEqual(['leaving', 'leaving', 'leaving']);
    scene.happens(streamIsOver).forget();
  });

  test('when somebody else has the caller', () => {
    const scene = CallScene.greeted().happens(transfer).passes(3_000).happens(streamIsOver);
    scene.forget().happens(hangUp, ...lateOrders);
    expect(refusals(scene)).toEqual(Array(4).fill('handedOver'));
  });

  test('when Twilio is being told what to do', () => {
    const scene = CallScene.greeted().happens(hangUp).passes(10_000).forget().happens(hangUp);
    expect([scene.phase, ...refusals(scene)]).toEqual(['redirecting', 'leaving']);
  });

  test('when the call is over', () => {
    const scene = CallScene.greeted()
      .happens({ type: 'call.completed' })
      .forget()
      .happens(hangUp, ...lateOrders);
    expect(refusals(scene)).toEqual(Array(4).fill('callIsOver'));
  });
});

test('an order leaves a line in the log that holds no words', () => {
  const scene = CallScene.greeted().happens(note, { ...transfer, destination: 'nobody' });
  expect(scene.notes('operatorOrdered')).toEqual([
    { order: 'operator.noted' },
    { order: 'operator.transferred', refusal: 'noSuchDestination' },
  ]);
});

const lost: CallFact = { type: 'model.closed', code: 1006, reason: '', remedy: 'resume', jitter: 0 };

function refusals(scene: CallScene): (string | null)[] {
  return scene.all('request.answer').map(({ refusal }) => refusal);
}
