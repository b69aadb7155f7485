import { expect, test } from 'vitest';
import type { PhoneCall } from '../../src/sim/carrier/hosts/phone.ts';
import { until } from '../until.ts';
import { toneClip } from '../tone.ts';
import {
  agentTonesHz,
  byAgent,
  callerTonesHz,
  heardTones,
  isInUse,
  sessionTones,
  speaksItsTone,
} from './isolation/call-tones.ts';
import { ServiceScene } from './service-scene.ts';

test('twenty calls at once each hear their own model and nobody else', async (context) => {
  const clips = new Map(agentTonesHz.map((hz) => [`${hz}`, toneClip(hz, 800, `${hz}`)]));
  const phones: PhoneCall[] = [];
  const scene = await ServiceScene.open(context, {
    model: {
      clips,
      script: () => ({ turns: [{ steps: [{ say: `${agentTonesHz[phones.length - 1]}` }] }], setupMs: 0, latencyMs: 0 }),
    },
  });
  for (const hz of callerTonesHz) {
    phones.push(scene.call({ script: speaksItsTone(hz) }));
    // One session after the other, so that each is known to be of the call that was placed last.
    await until('the session is set up', () => scene.model.sessions.filter(isInUse).length === phones.length);
  }
  const reports = await Promise.all(phones.map(({ ended }) => ended));

  const bySession = scene.model.sessions.filter(isInUse).map(sessionTones);
  const byCall = reports.map(({ heard }, index) => heardTones(heard, callerTonesHz[index] ?? 0));
  expect(bySession.toSorted(byAgent)).toEqual(byCall.toSorted(byAgent));
  expect(byCall.flatMap(({ agentHz }) => agentHz).toSorted((a, b) => a - b)).toEqual(agentTonesHz);
});
