import { dials } from '../call/call-scene.ts';
import { expect, test } from 'vitest';
import { redirectFact } from '../../src/twilio/redirect.ts';
import { TwimlWriter } from '../../src/twilio/twiml-writer.ts';

const writer = new TwimlWriter({ publicUrl: () => 'https://parley.example' });
const retries = '#rc=5&amp;rp=ct,rt,5xx';

test('a stream is opened at the own address, with the token that it must bring', () => {
  const twiml = writer.write({ kind: 'stream', number: 2 }, null, { streamToken: 'secret' });
  expect(twiml).toContain(`<Connect action="https://parley.example/twilio/stream-ended?stream=2${retries}"`);
  expect(twiml).toContain('<Stream url="wss://parley.example/twilio/media" ');
  expect(twiml).toContain('statusCallback="https://parley.example/twilio/stream-status" statusCallbackMethod="POST">');
  expect(twiml).toContain('<Parameter name="token" value="secret"/>');
});

test.each([
  ['https://parley.example', null, 'wss://parley.example/twilio/media'],
  ['http://localhost:8080', null, 'wss://localhost:8080/twilio/media'],
  ['https://parley.example', 'a', 'wss://parley.example/i/a/twilio/media'],
] as const)('the stream of %s and the instance %s is at %s', (publicUrl, instance, streamUrl) => {
  const twiml = new TwimlWriter({ publicUrl: () => publicUrl, instance }).write({ kind: 'stream', number: 1 }, null);
  expect(twiml).toContain(`<Stream url="${streamUrl}" `);
});

test('every address of an instance names it', () => {
  const ofInstance = new TwimlWriter({ publicUrl: () => 'https://parley.example', instance: 'voice-2' });
  const twiml = [
    ofInstance.write({ kind: 'stream', number: 1 }, null),
    ofInstance.write(dials('+15550101', { say: null, mustAccept: true }), null),
    ofInstance.write({ kind: 'ask', attempt: 1, words: 'A call.', language: null }, null),
    ofInstance.write({ kind: 'record', say: 'Speak.', secondsMax: 90 }, null),
    ofInstance.askNextProcess(1, null),
    ofInstance.askThisProcess(),
  ].join('\n');
  const addresses = twiml.match(/(?:https|wss):\/\/[^"<]+/g) ?? [];
  expect(addresses).toHaveLength(10);
  expect(addresses.filter((address) => !address.includes('//parley.example/i/voice-2/twilio/'))).toEqual([]);
});

test('another instance is asked the same, and told how often it was sent on', () => {
  expect(writer.askInstance('b', '/twilio/dial-ended', { attempt: '2' })).toContain(
    `<Redirect method="POST">https://parley.example/i/b/twilio/dial-ended?attempt=2&amp;sent=1${retries}</Redirect>`,
  );
});

test('a transfer rings for half a minute, and lasts as long as Twilio lets it', () => {
  const twiml = writer.write(dials('+15550101', { say: 'One moment.' }), 'en-GB');
  expect(twiml).toContain('<Say language="en-GB">One moment.</Say>');
  expect(twiml).toContain(`<Dial action="https://parley.example/twilio/dial-ended?attempt=1${retries}"`);
  expect(twiml).toContain('timeout="30" timeLimit="14400">');
});

test('a message ends with five seconds of silence, and is told twice: when it is over, and when it is stored', () => {
  const twiml = writer.write({ kind: 'record', say: 'Speak.', secondsMax: 90 }, null);
  expect(twiml).toContain(`<Record action="https://parley.example/twilio/voicemail-ended${retries}"`);
  expect(twiml).toContain(`recordingStatusCallback="https://parley.example/twilio/recording${retries}"`);
  expect(twiml).toContain('maxLength="90" timeout="5"');
});

test('the next process is asked what comes after a stream', () => {
  expect(writer.askNextProcess(3, null)).toContain(`>https://parley.example/twilio/stream-ended?stream=3${retries}<`);
  expect(writer.askNextProcess(3, 'b')).toContain(
    `>https://parley.example/i/b/twilio/stream-ended?stream=3${retries}<`,
  );
});

test.each([
  [null, { type: 'telephony.updated' }],
  [{ code: 21_220 }, { type: 'telephony.failed', fault: 'telephony.refused', callOver: true }],
  [{ code: 20_003 }, { type: 'telephony.failed', fault: 'telephony.refused', callOver: false }],
  [{ code: undefined }, { type: 'telephony.failed', fault: 'telephony.refused', callOver: false }],
])('a redirect that came to %j is told as %j', (failure, fact) => {
  expect(redirectFact(failure)).toEqual(fact);
});
