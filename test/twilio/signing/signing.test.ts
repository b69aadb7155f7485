import { describe, expect, test, type TestContext } from 'vitest';
import { ServiceScene } from '../../e2e/service-scene.ts';
import { paths } from '../../../src/twilio/paths.ts';
import { until } from '../../until.ts';
import { callForm, callSid, RawStream, tokenIn } from '../twilio-client.ts';
import { forgedUpgrades, forgedWebhooks, movedSeams } from './forged-requests.ts';
import { trueRequests } from './true-requests.ts';
import { exchange, type Fields, signingEnv, upgrade, webhook, type WireRequest } from './wire-request.ts';

const { media: _, ...webhookPaths } = paths;

const ringing: Fields = Object.entries(callForm());
const over = webhook('/twilio/status', Object.entries(callForm({ CallStatus: 'completed' })));
const inProgress: Fields = Object.entries(callForm({ CallStatus: 'in-progress' }));

/** A form that says enough for every route, so that what passes has an effect; sorted, as Twilio signs it. */
const anyForm: Fields = Object.entries(
  callForm({
    CallStatus: 'in-progress',
    DialCallStatus: 'busy',
    RecordingDuration: '3',
    RecordingSid: 'RE1',
    RecordingStatus: 'completed',
    StreamEvent: 'stream-error',
  }),
).toSorted(([one], [other]) => (one < other ? -1 : 1));

/** A request, and what it is. */
type Vector = readonly [why: string, request: WireRequest];

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
    const vectors = Object.values(webhookPaths).flatMap((path) =>
      forgedWebhooks.map(([why, forge]): Vector => [`${path}: ${why}`, forge(webhook(path, anyForm))]),
    );
    expect(vectors.length).toBeGreaterThan(600);
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
    for (const path of Object.values(webhookPaths)) await exchange(port, webhook(path, anyForm));
    const { text } = await exchange(port, webhook('/twilio/voice', ringing));
    const stream = await RawStream.open(scene.url);
    stream.start(tokenIn(text));
    expect(await stream.closed()).toBe(1008);
    expect(scene.service.registry.liveCount).toBe(0);
    expect(scene.log.named('callReceived')).toHaveLength(1);
    expect(scene.model.sessions).toHaveLength(sessions);
  });
});

/** A service with one call, whose caller has a stream: it lives for as long as the test takes. */
async function withCall(context: TestContext): Promise<{ readonly scene: ServiceScene; readonly stream: RawStream }> {
  const scene = await ServiceScene.open(context, { env: signingEnv });
  const { text } = await exchange(scene.service.port, webhook('/twilio/voice', ringing));
  const stream = await RawStream.open(scene.url);
  stream.start(tokenIn(text));
  await until('the stream starts', () => scene.log.named('streamStarted').length === 1);
  context.onTestFinished(async () => void (await exchange(scene.service.port, over)));
  return { scene, stream };
}

/** So many requests are under way at the same time. */
const atOnce = 8;

/** What of it passes, or says anything of the call. */
async function passed({ service }: ServiceScene, vectors: readonly Vector[]): Promise<string[]> {
  const waiting = vectors.values();
  const found: string[] = [];
  const send = async (): Promise<void> => {
    for (const [why, request] of waiting) {
      const { status, text } = await exchange(service.port, request);
      const isRefused = (status >= 400 && status < 500) || status === 0;
      if (!isRefused || /<Response|parley\.example|token/i.test(text)) found.push(`${why}: ${text}`);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, send));
  return found;
}

/** The one call is as it was, and nothing broke. */
function expectUnharmed({ scene, stream }: { readonly scene: ServiceScene; readonly stream: RawStream }): void {
  const { service, log } = scene;
  expect(stream.closeCode).toBeNull();
  expect(service.registry.liveCount).toBe(1);
  expect(service.registry.find(callSid)).not.toBeNull();
  expect(log.named('callReceived')).toHaveLength(1);
  expect(log.all.filter(({ level }) => level === 'error')).toEqual([]);
}
