import { expect, type TestContext } from 'vitest';
import { paths } from '../../../src/twilio/paths.ts';
import { ServiceScene } from '../../e2e/service-scene.ts';
import { until } from '../../until.ts';
import { callForm, callSid, RawStream, tokenIn } from '../twilio-client.ts';
import { exchange, type Fields, signingEnv, webhook, type WireRequest } from './wire-request.ts';

const { media: _, ...webhooks } = paths;

export const webhookPaths: readonly string[] = Object.values(webhooks);

export const ringing: Fields = Object.entries(callForm());
export const over = webhook('/twilio/status', Object.entries(callForm({ CallStatus: 'completed' })));

/** A form that says enough for every route, so that what passes has an effect; sorted, as Twilio signs it. */
export const anyForm: Fields = Object.entries(
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
export type Vector = readonly [why: string, request: WireRequest];

/** A service with one call, whose caller has a stream: it lives for as long as the test takes. */
export async function withCall(
  context: TestContext,
): Promise<{ readonly scene: ServiceScene; readonly stream: RawStream }> {
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
export async function passed({ service }: ServiceScene, vectors: readonly Vector[]): Promise<string[]> {
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
export function expectUnharmed({ scene, stream }: { readonly scene: ServiceScene; readonly stream: RawStream }): void {
  const { service, log } = scene;
  expect(stream.closeCode).toBeNull();
  expect(service.registry.liveCount).toBe(1);
  expect(service.registry.find(callSid)).not.toBeNull();
  expect(log.named('callReceived')).toHaveLength(1);
  expect(log.all.filter(({ level }) => level === 'error')).toEqual([]);
}
