import { expect, test } from 'vitest';
import { leakedValues } from '../../src/calllog/scrub/canary.ts';
import { seededRandom } from '../../src/sim/seeded-random.ts';
import { authToken, geminiKey, ServiceScene } from '../e2e/service-scene.ts';
import { callForm } from '../twilio/twilio-client.ts';
import { exchange, upgrade, webhook, type WireRequest } from '../twilio/signing/wire-request.ts';
import { until } from '../until.ts';
import { drawCanaries, formsOf } from './canaries.ts';

test('secrets in requests come out neither in the log nor in an answer', async (context) => {
  const canaries = drawCanaries(seededRandom(7));
  const { card, phone, called, person, token, key } = canaries;
  const scene = await ServiceScene.open(context);
  const fields = { From: phone, To: called, CallerName: person, CallToken: token, SpeechResult: card };
  const usual = webhook('/twilio/voice', Object.entries(callForm(fields)));
  const query = new URLSearchParams(fields).toString();
  const withHeaders = (headers: Readonly<Record<string, string>>): WireRequest => ({
    ...usual,
    headers: { ...usual.headers, ...headers },
  });
  const requests: readonly WireRequest[] = [
    usual,
    webhook(`/twilio/stream-ended?stream=${key}`, Object.entries(callForm(fields))),
    webhook('/twilio/dial-ended', Object.entries({ ...callForm(fields), CallSid: person })),
    { ...usual, signatures: [token] },
    { ...usual, target: `/twilio/voice?${query}` },
    { ...usual, method: 'GET', target: `/twilio/voice?${query}` },
    { ...usual, target: `/${token}/${key}?${query}` },
    withHeaders({ 'Content-Type': 'application/json' }),
    withHeaders({ 'Content-Type': `application/x-www-form-urlencoded; charset=${token}` }),
    withHeaders({ 'Content-Encoding': key }),
    withHeaders({ Authorization: `Bearer ${token}`, Cookie: `session=${key}`, Host: token }),
    { ...upgrade('wss://parley.example/twilio/media'), signatures: [key] },
    upgrade(`wss://parley.example/twilio/media?${query}`, `/twilio/media?${query}`),
    { ...usual, method: 'GET', target: '/readyz', signatures: [] },
    { ...usual, method: 'GET', target: '/healthz', signatures: [] },
  ];
  const answers: string[] = [];
  for (const request of requests) answers.push((await exchange(scene.service.port, request)).text);
  await until('the call is there', () => scene.log.named('callReceived').length === 1);
  await exchange(scene.service.port, webhook('/twilio/status', Object.entries(callForm({ CallStatus: 'completed' }))));

  expect(answers).not.toContain('');
  const values = [...formsOf(canaries), authToken, geminiKey].map((value) => value.toLowerCase());
  expect(leakedValues(values, [...scene.log.text.split('\n'), ...answers], [])).toEqual([]);
});
