import { describe, expect, test } from 'vitest';
import { refusedSignature } from '../../src/twilio/edge/refused-signature.ts';
import { ServiceScene } from '../e2e/service-scene.ts';
import { exchange, type Fields, sign, upgrade, webhook, webhookSecret, withSharedKey } from './signing/wire-request.ts';

const token = 'token';
const url = 'https://parley.example/twilio/voice?tenant=7';
const fields: Fields = [['CallSid', 'CA1']];
const keys = { authTokens: ['another', token], webhookSecrets: [] };

describe('of a signature that was refused, the log learns that it', () => {
  test.for([
    ['scheme', 'http://parley.example/twilio/voice', {}],
    ['slash', 'https://parley.example/twilio/voice/', {}],
    ['port', 'https://parley.example:8443/twilio/voice', { host: 'parley.example:8443' }],
    ['host', 'https://tunnel.example/twilio/voice', { host: 'tunnel.example' }],
    ['host', 'https://tunnel.example/twilio/voice', { 'x-forwarded-host': 'tunnel.example', host: '10.0.0.7:8080' }],
  ] as const)('is of another %s: %s', ([differs, signedUrl, headers]) => {
    const signature = sign(`${signedUrl}?tenant=7`, fields, token);
    const claimed = { ...headers, 'x-twilio-signature': signature };
    expect(refusedSignature(keys, claimed, url, Object.fromEntries(fields))).toEqual({ differs, signedUrl });
  });

  test('has a slash too few', () => {
    const claimed = { 'x-twilio-signature': sign('https://parley.example/twilio/voice', [], token) };
    expect(refusedSignature(keys, claimed, 'https://parley.example/twilio/voice/', {})).toMatchObject({
      differs: 'slash',
      signedUrl: 'https://parley.example/twilio/voice',
    });
  });

  const media = 'wss://parley.example/twilio/media';
  test.for([
    ['scheme', 'https://parley.example/twilio/media', {}],
    ['host', 'wss://tunnel.example/twilio/media', { host: 'tunnel.example' }],
  ] as const)('is of another %s, on an upgrade', ([differs, signedUrl, headers]) => {
    const claimed = { ...headers, 'x-twilio-signature': sign(signedUrl, [], token) };
    expect(refusedSignature(keys, claimed, media, {})).toEqual({ differs, signedUrl });
  });

  const settings = 'x-twilio-webhooks-signature-settings';
  test.for([
    ['is missing', 'signature', {}],
    ['fits nothing', 'unknown', { 'x-twilio-signature': 'x', host: 'tunnel.example' }],
    ['comes with a host that is none', 'unknown', { 'x-twilio-signature': 'x', host: 'a/b'.repeat(1_000) }],
    ['is of a shared key where none is set', 'secret', { 'x-twilio-signature': 'x', [settings]: 'key=x' }],
    ['is of an unknown algorithm', 'algorithm', { 'x-twilio-signature': 'x', [settings]: 'algorithm=HMAC_SHA512' }],
  ] as const)('%s', ([, differs, headers]) => {
    expect(refusedSignature(keys, headers, url, {})).toEqual({ differs });
  });

  test('is of a shared key, for another address', () => {
    const signedUrl = 'http://parley.example/twilio/voice';
    const claimed = {
      'x-twilio-signature': sign(signedUrl, [], webhookSecret, 'sha256'),
      [settings]: 'key=webhooks_sharedkey_1,algorithm=HMAC_SHA256',
    };
    const shared = { authTokens: [token], webhookSecrets: [webhookSecret] };
    const told = refusedSignature(shared, claimed, 'https://parley.example/twilio/voice', {});
    expect(told).toEqual({ differs: 'scheme', signedUrl });
  });
});

test('the lines of refused webhooks and upgrades say it', async (context) => {
  const { service, log } = await ServiceScene.open(context);
  const called = 'http://parley.example/twilio/voice?who=%2B12025550177';
  await exchange(service.port, webhook('/twilio/voice?who=%2B12025550177', [['CallSid', 'CA1']], called));
  await exchange(service.port, withSharedKey(webhook('/twilio/status', [['CallSid', 'CA1']])));
  await exchange(service.port, upgrade('wss://tunnel.example/twilio/media'));
  const proxied = upgrade('wss://tunnel.example/twilio/media');
  await exchange(service.port, { ...proxied, headers: { ...proxied.headers, Host: 'tunnel.example' } });
  expect(log.named('webhookRefused')).toMatchObject([
    { differs: 'scheme', signedUrl: 'http://parley.example/twilio/voice' },
    { differs: 'secret' },
  ]);
  expect(log.named('upgradeRefused')).toMatchObject([
    { differs: 'unknown' },
    { differs: 'host', signedUrl: 'wss://tunnel.example/twilio/media' },
  ]);
  expect(log.text).not.toContain('12025550177');
});
