import { expect, test, type TestContext } from 'vitest';
import { systemClock } from '../../src/system/clock.ts';
import { Refusals } from '../../src/system/refusals.ts';
import { HttpServer } from '../../src/twilio/edge/http-server.ts';
import { Identity } from '../../src/twilio/edge/identity.ts';
import { webhookRoutes } from '../../src/twilio/edge/webhook-routes.ts';
import { authToken, publicUrl } from '../e2e/service-scene.ts';
import { ServiceBench } from '../host/service-bench.ts';
import { callForm, type HttpAnswer, post, tokenIn } from './twilio-client.ts';

const callsMax = 10;

/** So many requests are on their way at the same time. */
const atOnce = 50;

test('MAX_CONCURRENT_CALLS is exact when a hundred callers come at once, and each webhook twice', async (context) => {
  // Time stands still in the calls, so that none ends because a machine is busy.
  const bench = new ServiceBench({ callsMax, store: null });
  const url = await served(context, bench);
  const callSids = Array.from({ length: 100 }, (_, at) => `CA${String(at).padStart(32, '0')}`);
  const answers: HttpAnswer[] = [];
  for (let from = 0; from < callSids.length; from += atOnce / 2) {
    const some = callSids.slice(from, from + atOnce / 2);
    const forms = some.flatMap((CallSid) => [callForm({ CallSid }), callForm({ CallSid })]);
    answers.push(...(await Promise.all(forms.map((form) => post(url, '/twilio/voice', form)))));
  }
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  const tokens = answers.map(({ text }) => tokenIn(text));
  expect(tokens.filter((_, at) => at % 2 === 0)).toEqual(tokens.filter((_, at) => at % 2 === 1));
  // Whoever is refused gets no token.
  expect(new Set(tokens).size).toBe(callsMax + 1);
  expect(bench.service.registry.liveCount).toBe(callsMax);
  expect(bench.log.named('callReceived')).toHaveLength(callsMax);
});

/** The routes of a service in virtual time, on a real server. Resolves to its address. */
async function served(context: TestContext, { service, log: { logger } }: ServiceBench): Promise<string> {
  const refusals = new Refusals(systemClock, logger);
  const { webhooks } = service;
  const server = new HttpServer({
    webhooks: webhookRoutes({
      webhooks,
      publicUrl: () => publicUrl,
      keys: { authTokens: [authToken], webhookSecrets: [] },
      refusals,
    }),
    connectionsMax: 2 * atOnce,
    onMediaSocket: () => {},
    isRequestAllowed: () => true,
    isUpgradeAllowed: () => true,
    explainUpgrade: () => ({}),
    isReady: () => true,
    identity: new Identity('secret', systemClock),
    refusals,
    log: logger,
  });
  const port = await server.listen(0, '127.0.0.1');
  context.onTestFinished(() => server.close());
  return `http://127.0.0.1:${port}`;
}
