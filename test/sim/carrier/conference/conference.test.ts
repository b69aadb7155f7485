import { expect, test } from 'vitest';
import { CallBench } from '../call-bench.ts';
import { callSids, ConferenceBench, human } from './conference-bench.ts';

const [caller = '', second = ''] = callSids;

test('a conference starts with its second call, and ends when the last but one who may end it leaves', () => {
  const bench = new ConferenceBench();
  bench.join(caller, { endsOnExit: true });
  bench.runFor(1000);
  expect(bench.conference).toMatchObject({ name: 'room', status: 'init' });
  bench.join(second);
  expect(bench.conference.status).toBe('in-progress');
  bench.take({ type: 'call.left', callSid: caller, why: 'hungUp' });
  expect(bench.conference).toMatchObject({
    status: 'completed',
    ending: { reason: 'participant-with-end-conference-on-exit-left', callSid: caller },
  });
  expect(bench.all('call.released')).toEqual([{ type: 'call.released', callSid: second, bridged: true }]);
});

test('two calls that wait for somebody who may start it do not start it', () => {
  const bench = new ConferenceBench();
  bench.join(caller, { startsOnEnter: false });
  bench.join(second, { startsOnEnter: false });
  expect(bench.conference.status).toBe('init');
});

test('a name that was used up is a new conference', () => {
  const bench = new ConferenceBench();
  bench.join(caller);
  bench.take({ type: 'call.left', callSid: caller, why: 'movedOn' });
  bench.join(caller);
  expect(bench.bridge.conferences.map(({ status }) => status)).toEqual(['completed', 'init']);
});

test('a label that is taken keeps a call out', () => {
  const bench = new ConferenceBench();
  bench.join(caller, { label: 'caller' });
  bench.join(second, { label: 'caller' });
  expect(bench.problems).toEqual([16025]);
  expect(bench.all('call.released')).toEqual([{ type: 'call.released', callSid: second, bridged: false }]);
});

test('callbacks tell what they were asked for, in order, and count everything', () => {
  const bench = new ConferenceBench();
  const events = new Set(['start', 'leave', 'end', 'hold']);
  bench.join(caller, {
    label: 'caller',
    statusCallback: { url: 'https://parley.example/room', method: 'POST', events },
  });
  bench.join(second);
  const { sid: conferenceSid } = bench.conference;
  const order = { type: 'change', conferenceSid, callSid: caller, hold: null } as const;
  bench.order({ ...order, change: { isOnHold: true } });
  bench.order({ ...order, change: { isOnHold: true } });
  bench.order({ type: 'complete', conferenceSid });

  expect(bench.requests.map(({ fields }) => [fields['SequenceNumber'], fields['StatusCallbackEvent']])).toEqual([
    ['3', 'conference-start'],
    ['4', 'participant-hold'],
    ['5', 'participant-leave'],
    ['6', 'participant-leave'],
    ['7', 'conference-end'],
  ]);
  expect(bench.requests[1]?.fields).toMatchObject({
    ConferenceSid: conferenceSid,
    FriendlyName: 'room',
    CallSid: caller,
    ParticipantLabel: 'caller',
    Hold: 'true',
  });
  expect(bench.requests[2]?.fields).toMatchObject({ ReasonParticipantLeft: 'conference_ended_via_api' });
});

test('whoever is called in rings, answers, talks, and hangs up, and each step is reported', () => {
  const bench = new ConferenceBench({ [human]: { type: 'answered', ringMs: 2000, talkMs: 5000 } });
  bench.join(caller);
  bench.call();
  bench.runFor(1999);
  expect(bench.conference.participants).toHaveLength(1);
  bench.runFor(1);
  expect(bench.conference.participants).toHaveLength(2);
  bench.runFor(5000);
  expect(bench.conference.participants.map(({ callSid }) => callSid)).toEqual([caller]);
  expect(bench.requests.map(({ fields }) => [fields['CallStatus'], fields['SequenceNumber']])).toEqual([
    ['initiated', '0'],
    ['ringing', '1'],
    ['in-progress', '2'],
    ['completed', '3'],
  ]);
  expect(bench.requests.at(-1)?.fields).toMatchObject({ CallDuration: '5', Direction: 'outbound-api', To: human });
});

test.for([
  [{ type: 'busy', afterMs: 800 }, 800, 'busy'],
  [{ type: 'failed', afterMs: 0 }, 0, 'failed'],
  [{ type: 'no-answer' }, 30_000, 'no-answer'],
  [{ type: 'answered', ringMs: 40_000, talkMs: 1 }, 30_000, 'no-answer'],
] as const)('one who is called in and comes out as %j is reported after %d ms as %s', ([outcome, afterMs, status]) => {
  const bench = new ConferenceBench({ [human]: outcome });
  bench.join(caller);
  bench.call();
  bench.runFor(afterMs);
  expect(bench.notes('leg.ended')).toMatchObject([{ atMs: afterMs, to: human, status }]);
  expect(bench.conference.participants.map(({ callSid }) => callSid)).toEqual([caller]);
});

test('a caller who leaves calls off whoever still rings', () => {
  const bench = new ConferenceBench({ [human]: { type: 'answered', ringMs: 9000, talkMs: 5000 } });
  bench.join(caller);
  bench.call();
  bench.runFor(1000);
  bench.take({ type: 'call.left', callSid: caller, why: 'hungUp' });
  bench.runFor(20_000);
  expect(bench.notes('leg.ended')).toMatchObject([{ atMs: 1000, status: 'canceled' }]);
});

test('an announcement is played to one, and its end is told', () => {
  const bench = new ConferenceBench();
  const events = new Set(['announcement']);
  bench.join(caller, { statusCallback: { url: 'https://parley.example/room', method: 'POST', events } });
  bench.join(second);
  const { sid: conferenceSid } = bench.conference;
  const announcement = { type: 'announce', conferenceSid, callSid: second, method: 'POST' } as const;
  bench.order({ ...announcement, url: 'https://parley.example/brief' });
  bench.answer('<Say>0123456789</Say>');
  expect(bench.notes('conference.played')).toMatchObject([
    { callSid: second, purpose: 'announce', text: '0123456789' },
  ]);
  bench.runFor(600);
  expect(bench.lastRequest.fields).toMatchObject({ StatusCallbackEvent: 'announcement-end', CallSid: second });

  bench.order({ ...announcement, url: 'https://parley.example/other' });
  bench.answer('<Gather/>');
  expect(bench.problems).toEqual([13238]);
  expect(bench.lastRequest.fields).toMatchObject({ StatusCallbackEvent: 'announcement-fail' });
});

test('whoever cannot be given the music of the wait does not get in', () => {
  const bench = new ConferenceBench();
  bench.join(caller, { wait: { url: 'https://parley.example/music', method: 'GET' } });
  bench.take({
    type: 'http.answered',
    id: bench.lastRequest.id,
    answer: { status: 404, contentType: null, location: null, body: '' },
  });
  expect(bench.problems).toEqual([11200]);
  expect(bench.all('call.released')).toEqual([{ type: 'call.released', callSid: caller, bridged: false }]);
});

test('a call joins with its attributes, and goes on with its action when the conference lets it go', () => {
  const bench = new CallBench();
  bench.answer(
    `<Dial action="/after"><Conference endConferenceOnExit="true" beep="false" participantLabel="caller" muted="true"
      waitUrl="/music" statusCallback="https://parley.example/room" statusCallbackEvent="start end">room</Conference></Dial>`,
  );
  expect(bench.all('conference.join')).toEqual([
    {
      type: 'conference.join',
      name: 'room',
      seat: {
        label: 'caller',
        isMuted: true,
        startsOnEnter: true,
        endsOnExit: true,
        participantsMax: 250,
        wait: { url: 'https://parley.example/music', method: 'POST' },
        statusCallback: { url: 'https://parley.example/room', method: 'POST', events: new Set(['start', 'end']) },
      },
    },
  ]);
  bench.runFor(5000);
  bench.take({ type: 'conference.left', bridged: true });
  expect(bench.lastRequest).toMatchObject({
    url: 'https://parley.example/after',
    fields: { DialCallStatus: 'answered', DialBridged: 'true' },
  });
  expect(bench.lastRequest.fields).not.toHaveProperty('DialCallSid');
});

test.for([
  [{ type: 'caller.hungUp' }, 'hungUp'],
  [{ type: 'rest.updated', update: { type: 'twiml', twiml: '<Response><Say>Hello.</Say></Response>' } }, 'movedOn'],
  [{ type: 'rest.updated', update: { type: 'completed' } }, 'hungUp'],
] as const)('%j takes the call out of its conference, which is told %s', ([event, why]) => {
  const bench = new CallBench();
  bench.answer('<Dial><Conference>room</Conference></Dial>');
  bench.take(event);
  expect(bench.all('conference.leave')).toEqual([{ type: 'conference.leave', why }]);
});

test('the time limit takes the call out of its conference', () => {
  const bench = new CallBench();
  bench.answer('<Dial timeLimit="10" action="/after"><Conference>room</Conference></Dial>');
  bench.runFor(10_000);
  expect(bench.all('conference.leave')).toEqual([{ type: 'conference.leave', why: 'movedOn' }]);
  expect(bench.lastRequest.url).toBe('https://parley.example/after');
});
