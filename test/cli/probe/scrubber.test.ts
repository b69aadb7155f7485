import { expect, test } from 'vitest';
import { Scrubber, secretsOf } from '../../../src/cli/probe/scrubber.ts';
import { loadConfig } from '../../../src/config/load/load-config.ts';

const key = 'AIzaSyB3-exampleKeyOfSomebody_1234567890';
const scrubber = new Scrubber({ texts: ['order-desk-4711', 'secret-of-mine', ''] });

test.for<[string, string, string]>([
  ['a key of the settings', 'secret-of-mine was refused', '[secret] was refused'],
  ['any Google key', `key ${key} not valid`, 'key [key] not valid'],
  ['a Google key of the new kind', 'key AQ.Ab8RN6-example_of.somebody no', 'key [key] no'],
  ['an access token', 'Bearer ya29.a0Af_B-x', 'Bearer [key]'],
  ['the project', 'projects/order-desk-4711/locations/eu', 'projects/[project]/locations/eu'],
  [
    'the number of a project',
    'API has not been used in project 123456789012 before',
    'API has not been used in project [project] before',
  ],
  ['an address', 'connect to wss://example.com/ws?key=1 failed', 'connect to [address] failed'],
  ['an IP address', 'connect ECONNREFUSED 203.0.113.7:443', 'connect ECONNREFUSED [address]'],
  ['an IPv6 address', 'from 2001:db8:0:0:0:0:0:1 it', 'from [address] it'],
  ['an account', 'bot@order-desk.iam.gserviceaccount.com', '[address]'],
  ['a long number', 'caller 4155550100 rang', 'caller [number] rang'],
])('%s is taken out of a text', ([, text, clean]) => {
  expect(scrubber.text(text)).toBe(clean);
});

test('what is no secret stays', () => {
  const text =
    'models/gemini-2.5-flash-native-audio-preview-12-2025 is not found for API version v1beta, at 12:30:05, 16000 Hz';
  expect(scrubber.text(text)).toBe(text);
});

test('handles get stand-ins that still say which is which, and sound its length', () => {
  const clean = scrubber.json({
    sessionResumptionUpdate: { newHandle: 'abc123', resumable: true },
    setup: { sessionResumption: { handle: 'abc123' }, other: [{ handle: 'def456' }] },
    data: 'A'.repeat(300),
    words: `${'many words '.repeat(30)}secret-of-mine`,
  });
  expect(clean).toMatchObject({
    sessionResumptionUpdate: { newHandle: 'handle-1', resumable: true },
    setup: { sessionResumption: { handle: 'handle-1' }, other: [{ handle: 'handle-2' }] },
    data: '[300 characters]',
    words: expect.stringMatching(/^many words .*\[secret\]$/),
  });
  expect(scrubber.text('session abc123 not found')).toBe('session handle-1 not found');
});

test('keys, accounts and whom callers are connected with are taken out, however they are written', () => {
  const account = `AC${'1a'.repeat(16)}`;
  const own = new Scrubber(
    secretsOf(
      loadConfig({
        TWILIO_ACCOUNT_SID: account,
        GEMINI_API_KEY: 'gemini-key-7c01f2aa',
        TRANSFER_DESTINATIONS: 'desk=sip:desk@pbx,front=+29022158',
        FALLBACK_DESTINATION: '+29022159',
      }),
    ),
  );
  expect(own.text(`${account} gemini-key-7c01f2aa sip:desk@pbx +29022158 +29022159`)).toBe(
    '[secret] [secret] [secret] [secret] [secret]',
  );
});
