import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { ServiceScene } from '../e2e/service-scene.ts';
import { until } from '../until.ts';
import { callForm, type HttpAnswer, post, RawStream, tokenIn } from './twilio-client.ts';

/** Far above the limit, which is so high that a machine that is busy with other work does not reach it. */
const sleepMs = 700;
const limits = { MAX_EVENT_LOOP_DELAY_MS: '500', MAX_CONCURRENT_CALLS: '20' };

/** As far back as the delay is measured, so that seconds may pass before the process counts as recovered. */
const sleepsForMs = 5_000;

test('a process that is late takes no new call and says so, and the streams of those that it has taken come', async (context) => {
  const scene = await ServiceScene.open(context, { env: limits });
  const { registry } = scene.service;
  const asks = async (call: number): Promise<HttpAnswer> =>
    post(scene.url, '/twilio/voice', callForm({ CallSid: sidOf(call) }));
  const taken: HttpAnswer[] = [];
  for (let call = 0; call < 10; call += 1) taken.push(await asks(call));
  expect([registry.liveCount, registry.noRoom]).toEqual([10, null]);

  // The thread sleeps again and again, as one that others keep from the processor.
  const sleeping = setInterval(() => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, sleepMs), 1);
  context.onTestFinished(() => clearInterval(sleeping));
  await delay(sleepsForMs);
  clearInterval(sleeping);
  expect(registry.noRoom).toBe('overloaded');

  expect(await (await fetch(`${scene.url}/readyz`)).text()).toBe('unready');
  expect((await asks(10)).text).toContain('<Dial');
  expect(await asks(5)).toEqual(taken[5]);
  const stream = await RawStream.open(scene.url);
  stream.start(tokenIn(taken[0]?.text ?? ''), sidOf(0));
  await until('the greeting', () => stream.received.length > 0);
  expect(scene.log.named('callRefused')).toMatchObject([{ why: 'overloaded', liveCalls: 10 }]);
  expect(scene.log.named('readiness')).toMatchObject([{ ready: false, why: 'overloaded' }]);

  await until('the process has recovered', () => registry.noRoom === null);
  expect((await asks(11)).text).toContain('<Stream');
  stream.socket.terminate();
  for (let call = 0; call < 12; call += 1)
    await post(scene.url, '/twilio/status', callForm({ CallSid: sidOf(call), CallStatus: 'completed' }));
});

function sidOf(call: number): string {
  return `CA${String(call).padStart(32, '0')}`;
}
