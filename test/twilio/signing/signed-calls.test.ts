import { expect, test } from 'vitest';
import type { PlaceCallOptions } from '../../../src/sim/carrier/hosts/phone.ts';
import { authToken, ServiceScene } from '../../e2e/service-scene.ts';
import { signingEnv } from './wire-request.ts';

// A number may be set to GET, an account may have a Webhooks Rule, and keys are rotated: each signs in another way.
const ways: readonly (readonly [string, Partial<PlaceCallOptions>])[] = [
  ['with the auth token', { authToken }],
  ['with the secondary auth token', { authToken: signingEnv.TWILIO_SECONDARY_AUTH_TOKEN }],
  ['with a shared key', { webhookSecret: signingEnv.TWILIO_WEBHOOK_SECRET }],
  ['with the other shared key', { webhookSecret: signingEnv.TWILIO_SECONDARY_WEBHOOK_SECRET }],
  ['by GET', { voiceMethod: 'GET' }],
  ['by GET, with a shared key', { voiceMethod: 'GET', webhookSecret: signingEnv.TWILIO_WEBHOOK_SECRET }],
];

test.concurrent.for(ways)('a call that Twilio signs %s is answered', async ([, options], context) => {
  const scene = await ServiceScene.open(context, { env: signingEnv });
  const steps = [{ waitFor: 'agentSpeaking' }, { hangUp: true }] as const;
  const { endReason, streams } = await scene.call({ script: { steps }, ...options }).ended;
  expect([endReason, streams.length]).toEqual(['callerHungUp', 1]);
  const refused = ['webhookRefused', 'upgradeRefused', 'requestRefused'].flatMap((name) => scene.log.named(name));
  expect(refused).toEqual([]);
});

test.concurrent('a call that Twilio signs with an unknown shared key is not', async (context) => {
  const scene = await ServiceScene.open(context);
  const { streams } = await scene.call({ webhookSecret: signingEnv.TWILIO_WEBHOOK_SECRET }).ended;
  expect(streams).toEqual([]);
  expect(scene.log.named('webhookRefused')[0]).toMatchObject({ differs: 'secret' });
});
