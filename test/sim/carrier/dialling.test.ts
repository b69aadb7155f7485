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

// Who is called is asked first (TW-TWIML-7).

const whispers = `<Dial action="/after-dial" timeout="20"><Number url="/ask?attempt=1">${number}</Number></Dial>`;
const asks =
  '<Gather action="/key" numDigits="1" timeout="4" finishOnKey="" actionOnEmptyResult="true"><Say>Hi</Say></Gather>';

function whispering(changes: { readonly presses?: string | null; readonly staysMs?: number }): CallBench {
  const bench = new CallBench({
    dialOutcomes: { [number]: { type: 'answered', ringMs: 1000, talkMs: 2000, ...changes } },
  });
  bench.answer(whispers);
  bench.runUntil(1000);
  return bench;
}

test('whoever answers runs a document first, whose request is of a call of its own', () => {
  const bench = whispering({});
  expect(bench.lastRequest).toMatchObject({
    url: 'https://parley.example/ask?attempt=1',
    fields: {
      CallSid: expect.stringMatching(/^CA[0-9a-f]{32}$/),
      ParentCallSid: bench.machine.identity.callSid,
      Direction: 'outbound-dial',
      To: number,
      CallStatus: 'in-progress',
    },
  });
  const childSid = bench.lastRequest.fields['CallSid'];
  expect(childSid).not.toBe(bench.machine.identity.callSid);
  bench.answer(asks);
  bench.runUntil(2500);
  expect(bench.lastRequest).toMatchObject({
    url: 'https://parley.example/key',
    fields: { Digits: '1', CallSid: childSid },
  });
  bench.answer('');
  expect(bench.notes('dial.bridged')).toMatchObject([{ to: number }]);
  bench.runFor(2000);
  expect(bench.lastRequest.fields).toMatchObject({ DialBridged: 'true', DialCallSid: childSid, DialCallDuration: '2' });
});

test.each([
  ['a key and a hang-up', { presses: '2' }, asks, '2', '<Hangup/>'],
  ['no key', { presses: null }, asks, '', '<Hangup/>'],
] as const)('after %s nobody is connected', (_name, outcome, document, digits, answer) => {
  const bench = whispering(outcome);
  bench.answer(document);
  bench.runFor(6000);
  expect(bench.lastRequest.fields).toMatchObject({ Digits: digits });
  bench.answer(answer);
  expect(bench.notes('dial.bridged')).toEqual([]);
  expect(bench.lastRequest).toMatchObject({
    url: 'https://parley.example/after-dial',
    fields: { DialCallStatus: 'completed', DialBridged: 'false' },
  });
});

test('a document at the other end may not dial, and nobody else answers for one that fails', () => {
  const dials = whispering({});
  dials.answer(`<Dial>${number}</Dial>`);
  expect(dials.notes('problem')).toMatchObject([{ code: 13201 }]);
  expect(dials.lastRequest.fields).toMatchObject({ DialBridged: 'false' });
  const fails = whispering({});
  fails.answerWith({ status: 500 });
  expect(fails.notes('problem')).toMatchObject([{ code: 11200 }]);
  expect(fails.lastRequest.url).toBe('https://parley.example/after-dial');
});

test('who hangs up while asked is gone, and a caller who hangs up meanwhile ends both', () => {
  const bench = whispering({ presses: null, staysMs: 1500 });
  bench.answer(asks);
  bench.runFor(1500);
  expect(bench.lastRequest.fields).toMatchObject({ DialBridged: 'false' });
  const gone = whispering({});
  gone.take({ type: 'caller.hungUp' });
  gone.runFor(10_000);
  expect(gone.notes('dial.bridged')).toEqual([]);
  expect(gone.machine.status).toBe('completed');
});

test('an empty document at the other end connects the two', () => {
  const bench = whispering({});
  bench.answer('');
  expect(bench.notes('dial.bridged')).toHaveLength(1);
});
