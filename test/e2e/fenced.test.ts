import { expect, test, type TestContext } from 'vitest';
import { z } from 'zod';
import type { Journal } from '../../src/store/journal.ts';
import type { Redirect } from '../../src/twilio/redirect.ts';
import { createTools, defineTool } from '../../src/tools/tool.ts';
import { callForm, callSid, post, RawStream, tokenIn } from '../twilio/twilio-client.ts';
import { JournalScene, settled, takeOver } from '../store/journal-scene.ts';
import { until } from '../until.ts';
import { ServiceScene } from './service-scene.ts';

/** Nobody asks what comes next, so that a call which is being left must be redirected by REST, after ten seconds. */
const saysGoodbye = {
  turns: [{ steps: [{ say: 'beep' }, { call: { name: 'end_call' } }] }],
  setupMs: 0,
  latencyMs: 0,
};

/** A tool is called when the caller has spoken. */
const callsTool = {
  turns: [{ steps: [{ say: 'beep' }] }, { steps: [{ call: { name: 'order' } }] }],
  setupMs: 0,
  latencyMs: 0,
};

test.concurrent.for([
  { owner: 'another process', taken: 'taken', redirects: [] },
  { owner: 'it', taken: null, redirects: [callSid] },
])('a process that redirects a call which $owner has redirects $redirects', async ({ taken, redirects }, context) => {
  const redirected: string[] = [];
  const redirect: Redirect = (of, _twiml, done) => {
    redirected.push(of);
    done({ type: 'telephony.updated' });
  };
  const [journal, other] = journals(context);
  const scene = await ServiceScene.open(context, { model: { script: saysGoodbye }, parts: { redirect, journal } });
  const stream = await RawStream.open(scene.url);
  stream.start(tokenIn((await post(scene.url, '/twilio/voice', callForm())).text));
  await until('the goodbye', () => scene.log.named('leaving').length > 0);
  stream.socket.terminate();
  await until('the loss', () => scene.log.named('phase').some(({ to }) => to === 'betweenStreams'));
  // It has nothing to write from here on until it acts.
  await settled(journal, callSid);
  expect(taken === null ? null : (await takeOver(other, callSid)).kind).toBe(taken);

  await until('the decision', () => scene.log.named('phase').some(({ to }) => to === 'redirecting'));
  await until('what came of it', () => scene.log.named('callFenced').length > 0 || redirected.length > 0);
  expect(redirected).toEqual(redirects);
});

test.concurrent.for([
  { owner: 'another process', taken: 'taken', orders: 0 },
  { owner: 'it', taken: null, orders: 1 },
])('a process whose call $owner has runs the tool $orders times', async ({ taken, orders }, context) => {
  let ordered = 0;
  const order = defineTool({
    name: 'order',
    description: 'Orders a taxi.',
    parameters: z.object({}),
    run: () => {
      ordered += 1;
      return { response: { result: 'It is on its way.' } };
    },
  });
  const [journal, other] = journals(context);
  const parts = { tools: createTools([order]), journal };
  const scene = await ServiceScene.open(context, { model: { script: callsTool }, parts });
  const stream = await RawStream.open(scene.url);
  stream.start(tokenIn((await post(scene.url, '/twilio/voice', callForm())).text));
  await until('the greeting', () => scene.log.named('transcript').length > 0);
  await settled(journal, callSid);
  expect(taken === null ? null : (await takeOver(other, callSid)).kind).toBe(taken);

  stream.speak(50);
  await until('the tool call', () => scene.log.named('toolCalled').length > 0);
  await until('what came of it', () => scene.log.named('callFenced').length > 0 || ordered > 0);
  expect(ordered).toBe(orders);
  await post(scene.url, '/twilio/status', callForm({ CallStatus: 'completed' }));
});

/** Of two processes, on one file. */
function journals(context: TestContext): [Journal, Journal] {
  const scene = new JournalScene(context);
  return [scene.open(), scene.open()];
}
