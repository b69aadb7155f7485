import { describe, expect, test } from 'vitest';
import { ServiceScene } from '../../e2e/service-scene.ts';
import { callForm, RawStream, tokenIn } from '../twilio-client.ts';
import {
  anyForm,
  expectUnharmed,
  over,
  passed,
  ringing,
  type Vector,
  webhookPaths,
  withCall,
} from './attacked-call.ts';
import { forgedUpgrades, forgedWebhooks, movedSeams } from './forged-requests.ts';
import { trueRequests } from './true-requests.ts';
import { exchange, type Fields, signingEnv, upgrade, webhook } from './wire-request.ts';

const inProgress: Fields = Object.entries(callForm({ CallStatus: 'in-progress' }));

test('Twilio is let in, in every form that it signs', async (context) => {
  const scene = await ServiceScene.open(context, { env: signingEnv });
  const answers = [];
  for (const { why, request } of trueRequests) {
    answers.push({ why, status: (await exchange(scene.service.port, request)).status });
  }
  await exchange(scene.service.port, over);
  expect(answers).toEqual(trueRequests.map(({ why, status }) => ({ why, status })));
  expect(scene.log.text).not.toContain('webhook.signatureInvalid');
});

describe('a forger is kept out', () => {
  test('of all webhooks', async (context) => {
    // Each forgery at one of them, by turns: one check stands before all. `signing.slow.test.ts` has each at each.
    const vectors = forgedWebhooks.map(([why, forge], index): Vector => {
      const path = webhookPaths[index % webhookPaths.length] ?? '';
      return [`${path}: ${why}`, forge(webhook(path, anyForm))];
    });
    expect(vectors.length).toBeGreaterThan(100);
    const call = await withCall(context);
    expect(await passed(call.scene, vectors)).toEqual([]);
    expectUnharmed(call);
  });

  test('of the media socket', async (context) => {
    const usual = upgrade('wss://parley.example/twilio/media');
    const vectors = forgedUpgrades.map(([why, forge]): Vector => [why, forge(usual)]);
    expect(vectors.length).toBeGreaterThan(60);
    const call = await withCall(context);
    expect(await passed(call.scene, vectors)).toEqual([]);
    expectUnharmed(call);
  });

  // What Twilio signs has no seams, so that whoever had seen the question about an earlier stream could make one about the stream of now:
  // the caller's stream was given up, and a new one asked for.
  test('who moves the seam between address and form', async (context) => {
    const signed = webhook('/twilio/stream-ended?stream=1', anyForm);
    const vectors = movedSeams.map(([why, forge]): Vector => [why, forge(signed)]);
    const call = await withCall(context);
    expect(await passed(call.scene, vectors)).toEqual([]);
    expectUnharmed(call);
  });
});

describe('what is sent again', () => {
  test('is answered alike and changes nothing, also with a field that the parser of forms drops', async (context) => {
    const { scene } = await withCall(context);
    const { port } = scene.service;
    const asked = [
      webhook('/twilio/voice', ringing),
      webhook('/twilio/stream-ended?stream=1', inProgress),
      webhook('/twilio/dial-ended', [...inProgress, ['DialCallStatus', 'completed']]),
      webhook('/twilio/voicemail-ended', [...inProgress, ['RecordingDuration', '3']]),
    ];
    const answers: string[][] = asked.map(() => []);
    for (let round = 0; round < 4; round += 1) {
      for (const [at, request] of asked.entries()) {
        const { body } = request;
        const { text } = await exchange(port, round % 2 === 0 ? request : { ...request, body: `${body}&__proto__=x` });
        answers[at]?.push(text.slice(text.indexOf('<?xml')));
      }
    }
    expect(answers.map((all) => new Set(all).size)).toEqual([1, 1, 1, 1]);
    expect(scene.log.named('callReceived')).toHaveLength(1);
  });

  test('is of no use when the call is over', async (context) => {
    const { scene } = await withCall(context);
    const { port } = scene.service;
    await exchange(port, over);
    const sessions = scene.model.sessions.length;
    for (const path of webhookPaths) await exchange(port, webhook(path, anyForm));
    const { text } = await exchange(port, webhook('/twilio/voice', ringing));
    const stream = await RawStream.open(scene.url);
    stream.start(tokenIn(text));
    expect(await stream.closed()).toBe(1008);
    expect(scene.service.registry.liveCount).toBe(0);
    expect(scene.log.named('callReceived')).toHaveLength(1);
    expect(scene.model.sessions).toHaveLength(sessions);
  });
});
