import { expect, test } from 'vitest';
import { ServiceScene } from '../e2e/service-scene.ts';
import { until } from '../until.ts';
import { callForm, type HttpAnswer, post, RawStream, tokenIn } from './twilio-client.ts';

/** Far above what a machine that is busy with other work brings about. */
const sleepMs = 400;

test('a process that is late takes no new call and says so, and the streams of those that it has taken come', async (context) => {
  let delayMs = 0;
  const scene = await ServiceScene.open(context, {
    env: { MAX_EVENT_LOOP_DELAY_MS: '100' },
    parts: { eventLoopDelay: { delayMs: () => delayMs } },
  });
  const asks = async (call: number): Promise<HttpAnswer> =>
    post(scene.url, '/twilio/voice', callForm({ CallSid: sidOf(call) }));
  const taken: HttpAnswer[] = [];
  for (let call = 0; call < 10; call += 1) taken.push(await asks(call));
  const isReady = async (): Promise<string> => (await fetch(`${scene.url}/readyz`)).text();
  expect([scene.service.registry.liveCount, await isReady()]).toEqual([10, 'ready']);

  delayMs = 101;
  expect(await isReady()).toBe('unready');
  expect((await asks(10)).text).toContain('<Dial');
  expect(await asks(5)).toEqual(taken[5]);
  const stream = await RawStream.open(scene.url);
  stream.start(tokenIn(taken[0]?.text ?? ''), sidOf(0));
  await until('the greeting', () => stream.received.length > 0);
  expect(scene.log.named('callRefused')).toMatchObject([{ why: 'overloaded', liveCalls: 10, delayMs: 101 }]);
  expect(scene.log.named('readiness')).toMatchObject([{ ready: false, why: 'overloaded' }]);

  delayMs = 50;
  expect(await isReady()).toBe('ready');
  expect((await asks(11)).text).toContain('<Stream');
  stream.socket.terminate();
  for (let call = 0; call < 12; call += 1)
    await post(scene.url, '/twilio/status', callForm({ CallSid: sidOf(call), CallStatus: 'completed' }));
});

test('a process knows by itself how late it is', async (context) => {
  const { service } = await ServiceScene.open(context, { env: { MAX_EVENT_LOOP_DELAY_MS: '100' } });
  // The thread sleeps again and again, as one that others keep from the processor.
  const sleeping = setInterval(() => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, sleepMs), 1);
  context.onTestFinished(() => clearInterval(sleeping));
  await until('the process is late', () => service.registry.delayMs > sleepMs / 2);
  // It has no calls that could be the reason.
  expect(service.registry.noRoom).toBeNull();
});

function sidOf(call: number): string {
  return `CA${String(call).padStart(32, '0')}`;
}
