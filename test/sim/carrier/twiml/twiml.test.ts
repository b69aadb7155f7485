import { expect, test } from 'vitest';
import { CallBench } from '../call-bench.ts';

test('what Twilio does not know gives a warning each, and the rest runs', () => {
  const bench = new CallBench();
  bench.answer('<say>Lower case.</say><Say voise="x">Known.</Say><Gather><Dial>1</Dial></Gather>');

  expect(bench.notes('problem').map(({ code, detail }) => [code, detail])).toEqual([
    [12200, '<say> in <Response>'],
    [12200, 'attribute voise of <Say>'],
    [12200, '<Dial> in <Gather>'],
  ]);
  expect(bench.notes('verb.say')).toMatchObject([{ text: 'Known.' }]);
});

test.each([
  ['a query string', 'url="wss://parley.example/m?token=1"', 31920],
  ['plain ws', 'url="ws://parley.example/m"', 31922],
  ['https', 'url="https://parley.example/m"', 31922],
  ['a relative URL', 'url="/media"', 31923],
  ['no URL', '', 31923],
  ['both tracks', 'url="wss://parley.example/m" track="both_tracks"', 31941],
])('a stream with %s is refused, and the verb is over', (_what, attributes, code) => {
  const bench = new CallBench();
  bench.answer(`<Connect><Stream ${attributes}/></Connect><Say>Next.</Say>`);

  expect(bench.all('socket.open')).toEqual([]);
  expect(bench.problems).toEqual([code]);
  expect(bench.notes('verb.say')).toMatchObject([{ text: 'Next.' }]);
});

test('a parameter of 500 characters is not delivered', () => {
  const bench = new CallBench();
  const parameters = `<Parameter name="long" value="${'x'.repeat(496)}"/><Parameter name="fits" value="${'x'.repeat(495)}"/>`;
  bench.answer(`<Connect><Stream url="wss://parley.example/m">${parameters}</Stream></Connect>`);
  bench.openSocket();

  expect(bench.problems).toEqual([12200]);
  const [, start] = bench.frames();
  expect(start?.message).toMatchObject({ start: { customParameters: { fits: 'x'.repeat(495) } } });
  expect(JSON.stringify(start?.message)).not.toContain('long');
});

test('Say takes time by its length and Pause by its attribute, and the first Pause does not answer', () => {
  const bench = new CallBench();
  bench.answer('<Pause length="2"/><Say>0123456789</Say><Pause/><Say loop="2">01234</Say>');
  bench.runUntil(10_000);

  expect(bench.notes('call.answered')).toMatchObject([{ atMs: 2000 }]);
  expect(bench.notes('verb.say').map(({ atMs }) => atMs)).toEqual([2000, 3600]);
  expect(bench.notes('call.ended')).toMatchObject([{ atMs: 4200 }]);
});

test('Reject ends the call unanswered', () => {
  const bench = new CallBench();
  bench.answer('<Reject reason="busy"/>');

  expect(bench.notes('call.answered')).toEqual([]);
  expect(bench.notes('call.ended')).toMatchObject([{ reason: 'rejected', status: 'busy' }]);
});

test('Redirect requests the other document, relative to this one, and later verbs never run', () => {
  const bench = new CallBench();
  bench.answer('<Redirect>../other</Redirect><Say>Unreachable.</Say>');

  expect(bench.lastRequest.url).toBe('https://parley.example/other');
  bench.answer('<Hangup/>');
  expect(bench.notes('verb.say')).toEqual([]);
});

test('a relative URL in TwiML that the REST API was given cannot be resolved', () => {
  const bench = new CallBench();
  bench.stream();
  const twiml = '<Response><Redirect>/other</Redirect></Response>';
  bench.take({ type: 'rest.updated', update: { type: 'twiml', twiml } });

  expect(bench.problems).toEqual([11100]);
  bench.runFor(10_000);
  expect(bench.notes('call.ended')).toMatchObject([{ reason: 'applicationError' }]);
});

test('a verb that exists and is not simulated ends the call and says so', () => {
  const bench = new CallBench();
  bench.answer('<Enqueue>support</Enqueue>');

  expect(bench.notes('verb.notSimulated')).toMatchObject([{ name: 'Enqueue' }]);
  expect(bench.notes('call.ended')).toMatchObject([{ reason: 'verbNotSimulated' }]);
});

test('Gather takes keys until the finishing one and requests its action', () => {
  const bench = new CallBench({ script: { steps: [{ pauseMs: 1000 }, { dtmf: '42#' }] } });
  bench.answer('<Gather action="/keys"><Say>Your number, please.</Say></Gather>');
  bench.runUntil(1600);

  expect(bench.lastRequest).toMatchObject({ url: 'https://parley.example/keys', fields: { Digits: '42' } });
});

test('Gather ends with the last of numDigits', () => {
  const bench = new CallBench({ script: { steps: [{ dtmf: '1' }] } });
  bench.answer('<Gather action="/keys" numDigits="1"/>');
  bench.runUntil(40);

  expect(bench.lastRequest.fields).toMatchObject({ Digits: '1' });
});

test('Gather without input goes on to the next verb after its timeout', () => {
  const bench = new CallBench();
  bench.answer('<Gather timeout="3"><Say>0123456789</Say></Gather><Say>Nothing.</Say>');
  bench.runUntil(20_000);

  expect(bench.notes('verb.say').map(({ atMs, text }) => [atMs, text])).toEqual([
    [0, '0123456789'],
    [3600, 'Nothing.'],
  ]);
});

test('Gather without an action requests its own document again', () => {
  const bench = new CallBench({ script: { steps: [{ dtmf: '1' }] } });
  bench.answer('<Gather numDigits="1"/>');
  bench.runUntil(40);

  expect(bench.lastRequest).toMatchObject({ url: 'https://parley.example/twilio/voice', fields: { Digits: '1' } });
});

test('Gather takes what is said, after some silence, unless a key comes first', () => {
  const clips = new Map([['answer', new Uint8Array(8000).fill(0x20)]]);
  const gather = '<Gather input="speech dtmf" speechTimeout="1" action="/said"><Say>Yes or no?</Say></Gather>';
  const spoken = new CallBench({ script: { steps: [{ say: 'answer' }] }, clips, speechResults: ['Yes, please.'] });
  spoken.answer(gather);
  spoken.runUntil(1999);
  expect(spoken.requests).toHaveLength(1);
  spoken.runUntil(2000);
  expect(spoken.lastRequest.fields).toMatchObject({ SpeechResult: 'Yes, please.', Confidence: '0.9' });

  const keyed = new CallBench({
    script: { steps: [{ say: 'answer' }, { dtmf: '1#' }] },
    clips,
    speechResults: ['Yes.'],
  });
  keyed.answer(gather);
  keyed.runUntil(1500);
  expect(keyed.lastRequest.fields).toMatchObject({ Digits: '1' });
  expect(keyed.lastRequest.fields).not.toHaveProperty('SpeechResult');
});

test('what is said after a key does not make Gather wait longer', () => {
  const clips = new Map([['answer', new Uint8Array(8000).fill(0x20)]]);
  const bench = new CallBench({ script: { steps: [{ dtmf: '1' }, { say: 'answer' }] }, clips });
  bench.answer('<Gather input="speech dtmf" timeout="1" speechTimeout="3" action="/said"/>');
  bench.runUntil(1020);
  expect(bench.lastRequest.fields).toMatchObject({ Digits: '1' });
});

test('speech that the recogniser does not understand is no input', () => {
  const clips = new Map([['answer', new Uint8Array(8000).fill(0x20)]]);
  const bench = new CallBench({ script: { steps: [{ say: 'answer' }] }, clips });
  bench.answer('<Gather input="speech" timeout="2"/><Say>Pardon?</Say>');
  bench.runUntil(5000);
  expect(bench.notes('verb.say')).toMatchObject([{ text: 'Pardon?' }]);
});
