import { expect, test } from 'vitest';
import { CallScene, dials } from './call-scene.ts';

const apologyAndFallback = {
  ...dials('+15550102', { transfer: null, say: 'I am sorry.' }),
  attempt: expect.any(Number),
};

// A model transferred a caller to a busy line. The longest duration passed while the line was tried, when nobody was there to whom the
// agent could say goodbye. The caller came back to a call that waited for nothing any more and had no end.
test('a transfer that fails after the longest duration does not bring the caller back', () => {
  const scene = CallScene.greeted({ callMsMax: 20_000 });
  scene.toolCalled('t1', 'transfer_call').toolFinished('t1', { kind: 'transfer', destination: 'sales', reason: null });
  scene.passes(3000);
  scene.happens({ type: 'connect.ended', stream: null, callOver: false });
  scene.passes(20_000).forget();

  scene.happens({ type: 'dial.ended', attempt: null, outcome: 'busy', callOver: false });
  expect(scene.answers).toEqual([apologyAndFallback]);
});

// A proxy refused the media socket, and Twilio's question what to do then came eleven seconds late. By that time the call had been given
// up, and the question was answered with an empty document. The caller was cut off without a word.
test('a question that comes after a call was given up still gets the apology', () => {
  const scene = new CallScene();
  scene.happens({ type: 'call.received' }).passes(11_000);
  expect(scene.endReason).toBe('streamNeverStarted');

  scene.forget();
  scene.happens({ type: 'connect.ended', stream: null, callOver: false });
  expect(scene.answers).toEqual([apologyAndFallback]);
});

// The agent hung up, Twilio did not ask what comes next, and the REST interface refused to be told. The call was given up, and then the
// question came after all. It was answered with an empty instruction, and the caller was cut off without a word.
test('a question that comes after a refused redirect still gets the apology', () => {
  const scene = CallScene.greeted();
  scene.toolCalled('t1', 'end_call').toolFinished('t1', { kind: 'hangUp' });
  scene.passes(15_000);
  scene.happens({ type: 'telephony.failed', fault: 'telephony.refused', callOver: false });
  expect(scene.endReason).toBe('redirectFailed');

  scene.forget();
  scene.happens({ type: 'connect.ended', stream: null, callOver: false });
  expect(scene.answers).toEqual([apologyAndFallback]);
});
