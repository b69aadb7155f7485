import { expect, test } from 'vitest';
import { accountSid, CallBench, callSid, voice } from './call-bench.ts';

const action = 'https://parley.example/twilio/after-stream';

test('the voice webhook carries what Twilio sends, and fields that a server cannot know', () => {
  const bench = new CallBench();

  expect(bench.lastRequest).toMatchObject({ method: 'POST', url: 'https://parley.example/twilio/voice' });
  expect(bench.lastRequest.fields).toMatchObject({
    AccountSid: accountSid,
    ApiVersion: '2010-04-01',
    CallSid: callSid,
    CallStatus: 'ringing',
    Direction: 'inbound',
    From: '+15005550006',
    Caller: '+15005550006',
    To: '+15005550001',
    Called: '+15005550001',
    FromCity: '',
    CalledCountry: 'US',
    SimulatedNewField: 'yes',
  });
  expect(decodeURIComponent(bench.lastRequest.fields['CallToken'] ?? '')).toContain(callSid);
});

test('a stream is stopped and then closed when the caller hangs up, and the call is completed', () => {
  const bench = new CallBench();
  const streamSid = bench.stream(action);
  bench.runUntil(2400);
  bench.take({ type: 'caller.hungUp' });

  const last = bench.effects.map(({ effect }) => effect).filter(({ type }) => type.startsWith('socket.'));
  expect(last.slice(-2)).toMatchObject([
    { text: expect.stringContaining('"event":"stop"') },
    { type: 'socket.close', streamSid },
  ]);
  expect(bench.notes('call.ended')).toEqual([
    { atMs: 2400, kind: 'call.ended', reason: 'callerHungUp', status: 'completed' },
  ]);
  expect(bench.requests).toHaveLength(2);
  expect(bench.lastRequest.url).toBe('https://parley.example/twilio/status');
  expect(bench.lastRequest.fields).toMatchObject({
    CallStatus: 'completed',
    CallDuration: '2',
    Duration: '1',
    SequenceNumber: '0',
    Timestamp: 'Thu, 01 Jan 2026 00:00:02 +0000',
  });
});

test('the close code of a hang-up is 1000 on one call and 1005 on another', () => {
  const codes = [1, 2, 3, 4, 5, 6, 7, 8].map((seed) => {
    const bench = new CallBench({ seed });
    bench.stream();
    bench.take({ type: 'caller.hungUp' });
    return bench.all('socket.close')[0]?.code;
  });
  expect(new Set(codes)).toEqual(new Set([1000, 1005]));
});

test('the action is requested after a hang-up only where that is asked for, and its answer changes nothing', () => {
  const bench = new CallBench({ actionAfterHangUp: true });
  bench.stream(action);
  bench.take({ type: 'caller.hungUp' });

  expect(bench.lastRequest).toMatchObject({ url: action, fields: { CallStatus: 'completed' } });
  bench.answer('<Say>Is anybody there?</Say>');
  expect(bench.notes('verb.say')).toEqual([]);
});

test('an ended call has no deadline once its callbacks are answered', () => {
  const bench = new CallBench();
  bench.stream();
  bench.take({ type: 'caller.hungUp' });
  expect(bench.machine.nextDeadline()).toBe(15_000);

  bench.answerWith({ status: 204 });
  expect(bench.machine.nextDeadline()).toBeNull();
});

test('a call whose caller hangs up before the answer was never connected', () => {
  const bench = new CallBench();
  bench.take({ type: 'caller.hungUp' });

  expect(bench.all('http.abort')).toHaveLength(1);
  expect(bench.notes('call.ended')).toMatchObject([{ status: 'no-answer' }]);
  expect(bench.lastRequest.fields).toMatchObject({ CallStatus: 'no-answer', CallDuration: '0' });
});

test('our close requests the action, and the call goes on with its document', () => {
  const bench = new CallBench();
  const streamSid = bench.stream(action);
  bench.runUntil(1000);
  bench.take({ type: 'socket.closed', streamSid, code: 1000 });

  expect(bench.lastRequest).toMatchObject({ url: action, method: 'POST', fields: { CallStatus: 'in-progress' } });
  expect(bench.frames('stop')).toEqual([]);
  bench.answer('<Hangup/>');
  expect(bench.notes('call.ended')).toMatchObject([{ reason: 'hangupVerb' }]);
});

test('our close runs the next verb when there is no action, and ends the call after the last', () => {
  const bench = new CallBench();
  bench.answer('<Connect><Stream url="wss://parley.example/m"/></Connect><Say>Goodbye.</Say>');
  const streamSid = bench.openSocket();
  bench.take({ type: 'socket.closed', streamSid, code: 1000 });

  expect(bench.notes('verb.say')).toMatchObject([{ text: 'Goodbye.' }]);
  bench.runFor(1000);
  expect(bench.notes('call.ended')).toMatchObject([{ reason: 'documentEnded', status: 'completed' }]);
});

test.each([
  [1000, []],
  [1005, []],
  [1006, [31903]],
  [1008, [31921]],
  [1011, [31921]],
])('our close with %i gives the problems %j', (code, problems) => {
  const bench = new CallBench();
  const streamSid = bench.stream(action);
  bench.take({ type: 'socket.closed', streamSid, code });

  expect(bench.problems).toEqual(problems);
  expect(bench.lastRequest.url).toBe(action);
});

test('a lost network drops the socket without stop, and the action is requested', () => {
  const bench = new CallBench();
  const streamSid = bench.stream(action);
  bench.receive(streamSid, voice(1000));
  bench.runUntil(400);
  bench.take({ type: 'network.failed' });

  expect(bench.all('socket.drop')).toEqual([{ type: 'socket.drop', streamSid }]);
  expect(bench.frames('stop')).toEqual([]);
  expect(bench.lastRequest.url).toBe(action);
  expect(bench.machine.streamReports(900)[0]).toMatchObject({ endedAtMs: 400, discardedBytes: 600 * 8 });
});

test('a second stream after the action has its own SID and begins again with chunk 1', () => {
  const bench = new CallBench();
  const first = bench.stream(action);
  bench.runUntil(500);
  bench.take({ type: 'socket.closed', streamSid: first, code: 1000 });
  const second = bench.stream();
  bench.runUntil(1000);

  expect(second).not.toBe(first);
  const firstMedia = bench.frames('media').find(({ streamSid }) => streamSid === second);
  expect(firstMedia?.message).toMatchObject({ sequenceNumber: '2', media: { chunk: '1' } });
  expect(bench.machine.streamReports(1000)).toHaveLength(2);
});

test.each([
  [404, 31920],
  [200, 31920],
  [null, 31902],
])('a refused handshake (%j) is an error, is reported, and the action is requested', (status, code) => {
  const bench = new CallBench();
  bench.answer(
    `<Connect action="${action}"><Stream url="wss://parley.example/m" statusCallback="https://parley.example/s"/></Connect>`,
  );
  const streamSid = bench.all('socket.open')[0]?.streamSid ?? '';
  bench.take({ type: 'socket.refused', streamSid, status });

  expect(bench.problems).toEqual([code]);
  const [, report, after] = bench.requests;
  expect(report).toMatchObject({
    url: 'https://parley.example/s',
    fields: { StreamEvent: 'stream-error', StreamSid: streamSid },
  });
  expect(after?.url).toBe(action);
});

test('a handshake that nobody answers is given up', () => {
  const bench = new CallBench();
  bench.answer(`<Connect action="${action}"><Stream url="wss://parley.example/m"/></Connect>`);
  bench.runUntil(10_000);

  expect(bench.problems).toEqual([31901]);
  expect(bench.all('socket.drop')).toHaveLength(1);
  expect(bench.lastRequest.url).toBe(action);
});

test('stream status callbacks tell the start and the end', () => {
  const bench = new CallBench();
  bench.answer(
    '<Connect><Stream url="wss://parley.example/m" name="agent" statusCallback="https://parley.example/s"/></Connect>',
  );
  const streamSid = bench.openSocket();
  bench.take({ type: 'socket.closed', streamSid, code: 1000 });

  const reports = bench.requests.filter(({ url }) => url === 'https://parley.example/s').map(({ fields }) => fields);
  expect(reports).toMatchObject([
    { StreamEvent: 'stream-started', StreamName: 'agent', StreamSid: streamSid, CallSid: callSid },
    { StreamEvent: 'stream-stopped' },
  ]);
});

test('a REST update stops the stream, closes it, and runs its document instead of the action', () => {
  const bench = new CallBench();
  const streamSid = bench.stream(action);
  bench.take({ type: 'rest.updated', update: { type: 'twiml', twiml: '<Response><Say>One moment.</Say></Response>' } });

  expect(bench.frames('stop')).toHaveLength(1);
  expect(bench.all('socket.close')).toHaveLength(1);
  expect(bench.notes('verb.say')).toMatchObject([{ text: 'One moment.' }]);
  bench.take({ type: 'socket.closed', streamSid, code: 1000 });
  expect(bench.requests).toHaveLength(1);
});

test('a close that ends the call stops nothing that is already closed', () => {
  const bench = new CallBench();
  const streamSid = bench.stream();
  bench.take({ type: 'socket.closed', streamSid, code: 1000 });

  expect(bench.notes('stream.ended')).toMatchObject([{ by: 'serverClosed', code: 1000 }]);
  expect(bench.frames('stop')).toEqual([]);
  expect(bench.all('socket.close')).toEqual([]);
  expect(bench.notes('call.ended')).toMatchObject([{ reason: 'documentEnded' }]);
});

test('a REST update to a URL requests it', () => {
  const bench = new CallBench();
  bench.stream(action);
  const url = 'https://parley.example/transfer';
  bench.take({ type: 'rest.updated', update: { type: 'url', url, method: 'GET' } });

  expect(bench.lastRequest).toMatchObject({ method: 'GET', url });
  expect(bench.lastRequest.fields).not.toHaveProperty('CallToken');
});

test('a REST update to completed stops the stream and ends the call', () => {
  const bench = new CallBench();
  bench.stream(action);
  bench.take({ type: 'rest.updated', update: { type: 'completed' } });

  expect(bench.frames('stop')).toHaveLength(1);
  expect(bench.notes('call.ended')).toMatchObject([{ reason: 'restCompleted' }]);
  expect(bench.machine.status).toBe('completed');
});

test('a duplicate webhook whose first answer is lost has the same token, and the second answer counts', () => {
  const bench = new CallBench({ number: { duplicateVoiceWebhook: 'firstAnswerLost' } });
  bench.answer('<Say>Lost.</Say>');
  bench.answer('<Say>Heard.</Say>');

  const [first, second] = bench.requests;
  expect(second?.fields).toEqual(first?.fields);
  expect(second?.headers).toEqual(first?.headers);
  expect(bench.notes('verb.say')).toMatchObject([{ text: 'Heard.' }]);
});

test('when both deliveries of a webhook are answered with a stream, the second displaces the first', () => {
  const bench = new CallBench({ number: { duplicateVoiceWebhook: 'bothAnswered' } });
  const [first, second] = bench.requests;
  const body = '<Response><Connect><Stream url="wss://parley.example/m"/></Connect></Response>';
  bench.answerWith({ body }, first?.id);
  const displaced = bench.openSocket();
  bench.answerWith({ body }, second?.id);
  const current = bench.openSocket();
  bench.runFor(300);

  expect(bench.notes('stream.ended')).toMatchObject([{ streamSid: displaced, by: 'displaced' }]);
  expect(bench.frames('stop').map(({ streamSid }) => streamSid)).toEqual([displaced]);
  expect(bench.frames('media').every(({ streamSid }) => streamSid === current)).toBe(true);
});

test('the caller who is muted, presses keys, and gives up waiting is noted', () => {
  const bench = new CallBench({ script: { steps: [{ waitFor: 'agentSpeaking', withinMs: 400 }, { dtmf: '1#' }] } });
  bench.stream();
  bench.runUntil(2000);

  expect(bench.notes('caller.gaveUpWaiting')).toMatchObject([{ step: 0 }]);
  expect(bench.notes('caller.pressed').map(({ digit }) => digit)).toEqual(['1', '#']);
});
