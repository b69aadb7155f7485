import { describe, expect, test } from 'vitest';
import type { CallReport } from '../../src/sim/carrier/call-report.ts';
import { fallback, geminiKey, greetsOnly, type SceneOptions, ServiceScene } from './service-scene.ts';

/** Callers of tests have less time. */
const impatient = { MODEL_SETUP_MS: '4000', MODEL_OUTAGE_MS: '5000' };

const failures: readonly (readonly [string, string, SceneOptions])[] = [
  ['cannot be reached', 'model.unreachable', { modelUrl: 'http://127.0.0.1:1' }],
  ['refuses the upgrade', 'model.unreachable', { model: { upgrade: 503 } }],
  ['refuses the key', 'model.keyRefused', { model: { apiKey: 'another key' } }],
  ['never answers the setup', 'model.setupTimeout', { model: { script: { turns: [], setupMs: 'never' } } }],
  ['closes in the middle', 'model.closed', { model: { script: endsWith({ close: 'internalError' }) } }],
  ['vanishes in the middle', 'model.closed', { model: { script: endsWith({ drop: true }) } }],
];

describe.concurrent.for(failures)('when the model %s', ([, fault, options]) => {
  test('the caller hears the apology and is connected with a human', async (context) => {
    const scene = await ServiceScene.open(context, { ...options, env: { ...impatient, ...options.env } });
    const report = await scene.call().ended;
    expect(told(report)).toEqual(['Sorry.', `dial ${fallback}`]);
    expect(report.endReason).toBe('hangupVerb');
    expect(scene.log.named('modelLost')[0]).toMatchObject({ fault });
    expect(scene.log.named('gaveUp')).toHaveLength(1);
    expect(scene.log.named('callEnded')).toMatchObject([{ reason: 'apologised' }]);
    expect(scene.log.text).not.toContain(geminiKey);
  });

  test('the caller hears the apology and a goodbye where there is no human', async (context) => {
    const scene = await ServiceScene.open(context, {
      ...options,
      env: { ...impatient, ...options.env, FALLBACK_DESTINATION: '' },
    });
    const report = await scene.call().ended;
    expect(told(report)).toEqual(['Sorry.']);
    expect(report.endReason).toBe('hangupVerb');
    expect(scene.service.registry.liveCount).toBe(0);
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

/** What a caller was told by Twilio itself, and whom Twilio called. */
function told({ timeline }: CallReport): string[] {
  return timeline.flatMap((note) => {
    if (note.kind === 'verb.say') return [note.text];
    return note.kind === 'dial.started' ? [`dial ${note.to}`] : [];
  });
}

/** A session that greets and then ends in some way. The call gives up after a dozen of them, which takes half a minute. */
function endsWith(step: { close: string } | { drop: true }) {
  return { ...greetsOnly, timed: [{ atMs: 500, step }] };
}
