import { describe, expect, test } from 'vitest';
import { apologised, callWithout, impatient, modelsThatNeverCome, told } from './failures/lost-models.ts';
import { fallback, ServiceScene } from './service-scene.ts';

// `failures/model-failures.slow.test.ts` has those that come and go, and callers for whom there is no human.
describe.concurrent.for(modelsThatNeverCome)('when the model %s', (model) => {
  test('the caller hears the apology and is connected with a human', async (context) => {
    expect(await callWithout(context, model)).toEqual(apologised(model, fallback));
  });
});

test.concurrent('a human who does not answer leaves the caller with the apology and a goodbye', async (context) => {
  const scene = await ServiceScene.open(context, { modelUrl: 'http://127.0.0.1:1', env: impatient });
  const report = await scene.call({ dialOutcomes: { [fallback]: { type: 'busy', afterMs: 50 } } }).ended;
  expect(told(report)).toEqual(['Sorry.', `dial ${fallback}`, 'Sorry.']);
  expect(report.endReason).toBe('hangupVerb');
});

test.concurrent('bad frames of the model in the middle of a call are skipped, and it answers on', async (context) => {
  const junk = ['junk', '{"text":"Hello."}', 'null', '[]', '{"serverContent":{"modelTurn":{"parts":7}}}'];
  const scene = await ServiceScene.open(context, {
    model: {
      script: {
        turns: [{ steps: [{ say: 'beep' }] }, { steps: [...junk.map((sendText) => ({ sendText })), { say: 'beep' }] }],
        setupMs: 0,
        latencyMs: 0,
      },
    },
  });
  const listens = [{ waitFor: 'agentSpeaking' }, { waitFor: 'agentQuiet', ms: 100 }] as const;
  const tone = { hz: 440, ms: 500 };
  const report = await scene.call({ script: { steps: [...listens, { tone }, ...listens, { hangUp: true }] } }).ended;
  expect(report.timeline.filter(({ kind }) => kind === 'caller.gaveUpWaiting')).toEqual([]);
  expect(report).toMatchObject({ endReason: 'callerHungUp', streams: [{ received: { ignored: 0 } }] });
  expect(scene.log.named('frameRejected')).toMatchObject([{ fault: 'model.frameInvalid' }]);
  expect(scene.log.named('modelLost')).toEqual([]);
});
