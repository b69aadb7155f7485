import { expect, test } from 'vitest';
import { CallBench } from './call-bench.ts';

const number = '+15005550100';
const dial = `<Dial action="/after-dial" timeout="20">${number}</Dial>`;

test('an answered Dial requests its action when the other side hangs up', () => {
  const bench = new CallBench({ dialOutcomes: { [number]: { type: 'answered', ringMs: 3000, talkMs: 65_400 } } });
  bench.answer(dial);
  bench.runUntil(68_399);
  expect(bench.requests).toHaveLength(1);
  bench.runUntil(68_400);

  expect(bench.lastRequest).toMatchObject({
    url: 'https://parley.example/after-dial',
    fields: {
      DialCallStatus: 'completed',
      DialBridged: 'true',
      DialCallDuration: '65',
      DialCallSid: expect.stringMatching(/^CA[0-9a-f]{32}$/),
    },
  });
  expect(bench.notes('dial.ended')).toMatchObject([{ to: number, status: 'completed', bridged: true }]);
});

test.each([
  [{ type: 'busy', afterMs: 1000 }, 'busy', 1000],
  [{ type: 'failed', afterMs: 500 }, 'failed', 500],
  [{ type: 'no-answer' }, 'no-answer', 20_000],
  [{ type: 'no-answer', afterMs: 900 }, 'no-answer', 900],
  [{ type: 'answered', ringMs: 25_000, talkMs: 1000 }, 'no-answer', 20_000],
] as const)('a Dial that comes out as %j says %s after %i ms', (outcome, status, afterMs) => {
  const bench = new CallBench({ dialOutcomes: { [number]: outcome } });
  bench.answer(dial);
  bench.runUntil(afterMs);

  expect(bench.notes('dial.ended')).toMatchObject([{ atMs: afterMs, status, bridged: false }]);
  expect(bench.lastRequest.fields).toMatchObject({ DialCallStatus: status, DialBridged: 'false' });
});

test('a conference has neither a child call nor a duration', () => {
  const bench = new CallBench({ dialOutcomes: { conference: { type: 'answered', ringMs: 0, talkMs: 5000 } } });
  bench.answer('<Dial action="/after-dial"><Conference beep="false">room-1</Conference></Dial>');
  bench.runUntil(5000);

  expect(bench.lastRequest.fields).toMatchObject({ DialCallStatus: 'answered', DialBridged: 'true' });
  expect(bench.lastRequest.fields).not.toHaveProperty('DialCallSid');
  expect(bench.lastRequest.fields).not.toHaveProperty('DialCallDuration');
});

test('without an action the next verb runs', () => {
  const bench = new CallBench();
  bench.answer(`<Dial><Number>${number}</Number></Dial><Say>Nobody is here.</Say>`);

  expect(bench.notes('verb.say')).toMatchObject([{ text: 'Nobody is here.' }]);
});

test.each([
  ['a number that is not E.164', '<Dial>0800 reimt sich</Dial>', 13223],
  ['tones that are none', `<Dial><Number sendDigits="12x">${number}</Number></Dial>`, 13222],
  ['a strange caller ID', `<Dial callerId="+15005559999">${number}</Dial>`, 13214],
])('%s fails the Dial', (_what, twiml, code) => {
  const bench = new CallBench({ dialOutcomes: { [number]: { type: 'answered', ringMs: 0, talkMs: 1000 } } });
  bench.answer(twiml);

  expect(bench.problems).toEqual([code]);
  expect(bench.notes('dial.ended')).toMatchObject([{ status: 'failed' }]);
});

test('a SIP address is dialled like a number', () => {
  const to = 'sip:support@example.com';
  const bench = new CallBench({ dialOutcomes: { [to]: { type: 'answered', ringMs: 100, talkMs: 1000 } } });
  bench.answer(`<Dial action="/after-dial"><Sip>${to}</Sip></Dial>`);
  bench.runUntil(1100);

  expect(bench.lastRequest.fields).toMatchObject({ DialCallStatus: 'completed', DialCallDuration: '1' });
});

test('the time limit ends the talk', () => {
  const bench = new CallBench({ dialOutcomes: { [number]: { type: 'answered', ringMs: 0, talkMs: 60_000 } } });
  bench.answer(`<Dial timeLimit="10" action="/after-dial">${number}</Dial>`);
  bench.runUntil(10_000);

  expect(bench.lastRequest.fields).toMatchObject({ DialCallDuration: '10' });
});

test('a caller who hangs up while talking ends the call', () => {
  const bench = new CallBench({
    script: { steps: [{ pauseMs: 4000 }, { hangUp: true }] },
    dialOutcomes: { [number]: { type: 'answered', ringMs: 1000, talkMs: 60_000 } },
  });
  bench.answer(dial);
  bench.runUntil(5000);

  expect(bench.notes('call.ended')).toMatchObject([{ reason: 'callerHungUp' }]);
  expect(bench.lastRequest.url).toBe('https://parley.example/twilio/status');
});
