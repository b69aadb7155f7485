import type { TestContext } from 'vitest';
import type { CallReport } from '../../../src/sim/carrier/call-report.ts';
import { geminiKey, greetsOnly, type SceneOptions, ServiceScene } from '../service-scene.ts';

/** A way in which a model fails a caller: in words, its error code, and what makes it so. */
type LostModel = readonly [what: string, fault: string, options: SceneOptions];

/** Callers of tests have less time. */
export const impatient = { MODEL_SETUP_MS: '4000', MODEL_OUTAGE_MS: '5000' };

/** These have never had a session. */
export const modelsThatNeverCome: readonly LostModel[] = [
  ['cannot be reached', 'model.unreachable', { modelUrl: 'http://127.0.0.1:1' }],
  ['refuses the upgrade', 'model.unreachable', { model: { upgrade: 503 } }],
  ['refuses the key', 'model.keyRefused', { model: { apiKey: 'another key' } }],
  ['never answers the setup', 'model.setupTimeout', { model: { script: { turns: [], setupMs: 'never' } } }],
];

/** The call gives up after a dozen sessions, which takes half a minute. */
export const modelsThatGoAgain: readonly LostModel[] = [
  ['closes in the middle', 'model.closed', { model: { script: endsWith({ close: 'internalError' }) } }],
  ['vanishes in the middle', 'model.closed', { model: { script: endsWith({ drop: true }) } }],
];

/** What became of a call that had to do without its model. */
export async function callWithout(context: TestContext, [, , options]: LostModel, env: SceneOptions['env'] = {}) {
  const scene = await ServiceScene.open(context, { ...options, env: { ...impatient, ...env } });
  const report = await scene.call().ended;
  const { log, service } = scene;
  return {
    told: told(report),
    endReason: report.endReason,
    fault: log.named('modelLost')[0]?.['fault'],
    gaveUp: log.named('gaveUp').length,
    reasons: log.named('callEnded').map(({ reason }) => reason),
    isKeyLogged: log.text.includes(geminiKey),
    liveCalls: service.registry.liveCount,
  };
}

/** The caller hears the apology, and is connected with a human if there is one. */
export function apologised([, fault]: LostModel, human: string | null) {
  return {
    told: human === null ? ['Sorry.'] : ['Sorry.', `dial ${human}`],
    endReason: 'hangupVerb',
    fault,
    gaveUp: 1,
    reasons: ['apologised'],
    isKeyLogged: false,
    liveCalls: 0,
  };
}

/** What a caller was told by Twilio itself, and whom Twilio called. */
export function told({ timeline }: CallReport): string[] {
  return timeline.flatMap((note) => {
    if (note.kind === 'verb.say') return [note.text];
    return note.kind === 'dial.started' ? [`dial ${note.to}`] : [];
  });
}

/** Each session greets and then ends in some way. */
function endsWith(step: { close: string } | { drop: true }) {
  return { ...greetsOnly, timed: [{ atMs: 500, step }] };
}
