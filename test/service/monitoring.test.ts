import { expect, test } from 'vitest';
import { ServiceScene } from '../e2e/service-scene.ts';
import { valueOf } from '../metrics/scrape-text.ts';
import { Collector } from '../tracing/collector.ts';
import { until } from '../until.ts';

const token = 'a-token-of-an-operator';
const pages = { ADMIN_PORT: '0', ADMIN_TOKEN: token };

/** Asks for the metrics as Prometheus does. */
async function scrape({ service }: ServiceScene, authorization: string): Promise<Response> {
  return fetch(`http://127.0.0.1:${service.admin?.port}/metrics`, { headers: { authorization } });
}

async function metricsOf(scene: ServiceScene): Promise<string> {
  const response = await scrape(scene, `Bearer ${token}`);
  expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  return response.text();
}

test('Prometheus gets the figures of real calls with the token, and nobody without it or on the public port', async (context) => {
  const scene = await ServiceScene.open(context, { env: { ...pages, MAX_CONCURRENT_CALLS: '1' } });
  const phone = scene.call();
  await until('the greeting', () => scene.log.named('transcript').length > 0);
  const busy = scene.call();
  await busy.ended;
  const during = await metricsOf(scene);
  expect(valueOf(during, 'parley_calls_live')).toBe(1);
  expect(valueOf(during, 'parley_calls_refused_total', { reason: 'full' })).toBe(1);
  expect(valueOf(during, 'parley_model_sessions', { state: 'open' })).toBe(1);
  phone.hangUp();
  await until('the end of the call', () => scene.log.named('callCost').length > 0);
  const after = await metricsOf(scene);
  expect(valueOf(after, 'parley_calls_total', { agent: 'default', outcome: 'callerHungUp' })).toBe(1);
  expect(valueOf(after, 'parley_first_word_seconds_count', { of: 'greeting' })).toBe(1);
  expect(valueOf(after, 'parley_agent_audio_seconds_total', { fate: 'heard' })).toBeGreaterThan(0);
  expect(valueOf(after, 'parley_added_latency_seconds_count', { to: 'model' })).toBeGreaterThan(0);
  expect(after).not.toContain('+1555');
  expect((await scrape(scene, 'Bearer another-token-of-sixteen')).status).toBe(401);
  expect((await scrape(scene, '')).status).toBe(401);
  expect((await fetch(`${scene.url}/metrics`)).status).toBe(404);
});

test('a real call is a trace when it is over, and the last spans leave with the service', async (context) => {
  const collector = await Collector.open(context);
  const scene = await ServiceScene.open(context, { env: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url } });
  const phone = scene.call();
  await until('the greeting', () => scene.log.named('transcript').length > 0);
  phone.hangUp();
  await phone.ended;
  await scene.service.stop(0);
  expect(collector.named('call')[0]?.attributes).toMatchObject({ 'parley.outcome': 'callerHungUp' });
  expect(collector.named('turn')).toHaveLength(1);
  expect(collector.named('model session')).toHaveLength(1);
  expect(Date.now() - (collector.named('call')[0]?.sinceMs ?? 0)).toBeLessThan(3_600_000);
});
