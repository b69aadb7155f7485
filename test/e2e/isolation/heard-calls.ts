import type { TestContext } from 'vitest';
import type { PhoneCall } from '../../../src/sim/carrier/hosts/phone.ts';
import { toneClip } from '../../tone.ts';
import { until } from '../../until.ts';
import { ServiceScene } from '../service-scene.ts';
import {
  agentTonesHz,
  byAgent,
  callerTonesHz,
  heardTones,
  isInUse,
  sessionTones,
  speaksItsTone,
  type TonePair,
} from './call-tones.ts';

/** What was heard of calls at once: by the model sessions, and by the callers. Both are sorted by the tone of the agent. */
interface HeardCalls {
  readonly bySession: readonly TonePair[];
  readonly byCall: readonly TonePair[];
}

/** Has so many calls at once, each with tones of its own. At most twenty. */
export async function heardAtOnce(context: TestContext, callCount: number): Promise<HeardCalls> {
  const tonesHz = agentTonesHz.slice(0, callCount);
  const clips = new Map(tonesHz.map((hz) => [`${hz}`, toneClip(hz, 800, `${hz}`)]));
  const phones: PhoneCall[] = [];
  const scene = await ServiceScene.open(context, {
    model: {
      clips,
      script: () => ({ turns: [{ steps: [{ say: `${tonesHz[phones.length - 1]}` }] }], setupMs: 0, latencyMs: 0 }),
    },
  });
  for (const hz of callerTonesHz.slice(0, callCount)) {
    phones.push(scene.call({ script: speaksItsTone(hz) }));
    // One session after the other, so that each is known to be of the call that was placed last.
    await until('the session is set up', () => scene.model.sessions.filter(isInUse).length === phones.length);
  }
  const reports = await Promise.all(phones.map(({ ended }) => ended));

  const bySession = scene.model.sessions.filter(isInUse).map(sessionTones);
  const byCall = reports.map(({ heard }, index) => heardTones(heard, callerTonesHz[index] ?? 0));
  return { bySession: bySession.toSorted(byAgent), byCall: byCall.toSorted(byAgent) };
}
