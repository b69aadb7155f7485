import { describe, expect, test } from 'vitest';
import { MemoryStore } from '../../src/sim/driver/memory-store.ts';
import { paths } from '../../src/twilio/paths.ts';
import { placeAt } from '../call/call-scene.ts';
import { type BenchSession, callSid, otherCall, ServiceBench, settings, tokenIn } from './service-bench.ts';

const over = { CallStatus: 'completed' };
const refuses = { callsMax: 0 };
const voicemail = { prompt: 'Leave a message.', thanks: 'Thank you.', secondsMax: 120 };
const stored = { RecordingSid: 'RE1', RecordingUrl: 'https://twilio.example/RE1', RecordingDuration: '3' };

function withFallback(fallback: typeof settings.fallback): { readonly settings: typeof settings } {
  return { settings: { ...settings, fallback } };
}

describe('a call for which there is no room', () => {
  test.for([
    ['a human', { number: '+15550102', voicemail }, /^.*<Response><Dial .*<Number>\+15550102<\/Number><\/Dial><\/Resp/],
    ['the voicemail', { number: null, voicemail }, /<Response><Say>I am sorry\. Leave a message\.<\/Say><Record /],
    ['the busy tone', { number: null, voicemail: null }, /<Response><Reject reason="busy"\/><\/Response>/],
  ] as const)('gets %s', ([, fallback, twiml]) => {
    const bench = new ServiceBench({ ...refuses, ...withFallback(fallback) });
    expect(bench.asks('voice')).toMatch(twiml);
    expect(bench.log.named('callRefused')).toMatchObject([{ callSid, liveCalls: 0, why: 'full' }]);
    expect([bench.log.named('callReceived'), bench.parties]).toEqual([[], []]);
  });

  test('gets what its number offers, in the language of that number', () => {
    const message = { ...voicemail, prompt: 'Bitte eine Nachricht.' };
    const receptionFor = (to: string | null) =>
      to === '+15550188'
        ? { settings: { ...settings, fallback: { number: null, voicemail: message } }, sayLanguage: 'de-AT' }
        : { settings, sayLanguage: null };
    const bench = new ServiceBench({ ...refuses, receptionFor });
    expect(bench.asks('voice')).toContain('<Say language="de-AT">I am sorry. Bitte eine Nachricht.</Say><Record');
    expect(bench.asks('voice', { CallSid: otherCall, To: '+15550189' })).toContain('+15550102</Number></Dial>');
    // The same of a call that nobody knows any more.
    expect(bench.asks('streamEnded', {}, { stream: '1' })).toContain('<Say language="de-AT">');
    expect(bench.asks('streamEnded', { CallSid: otherCall, To: '+15550189' }, { stream: '1' })).toContain('<Dial');
  });

  test('is counted, by why there was none, and kept with the reason', () => {
    const store = new MemoryStore();
    const bench = new ServiceBench({ ...refuses, store });
    bench.asks('voice');
    bench.service.drain(0, () => {});
    bench.asks('voice', { CallSid: otherCall });
    expect(bench.service.registry.turnedAway).toEqual({ full: 1, draining: 1, overloaded: 0 });
    bench.passes(1_000);
    const kept = store.perform({ kind: 'read', callSid }, 'reader');
    expect(kept).toMatchObject({
      call: {
        ended: { reason: 'refused' },
        entries: [{ kind: 'accepted', from: '+15550177', to: '+15550188' }, { kind: 'outcome', faults: [] }, {}],
      },
    });
  });

  test('may be the second one, until the first is over', () => {
    const bench = new ServiceBench({ callsMax: 1 });
    expect(bench.asks('voice')).toContain('<Stream');
    expect(bench.asks('voice', { CallSid: otherCall })).toContain('<Dial');
    // A webhook that is repeated is no second call.
    expect(bench.asks('voice')).toContain('<Stream');
    bench.posts('status', over);
    expect(bench.asks('voice', { CallSid: otherCall })).toContain('<Stream');
    expect(bench.parties).toMatchObject([{ callSid }, { callSid: otherCall }]);
  });
});

describe('a webhook', () => {
  test('whose form cannot be read is refused with the reason', () => {
    const bench = new ServiceBench();
    expect(bench.posts('voice', { CallSid: 'CA1' })).toEqual([
      { status: 400, why: expect.stringContaining('CallSid') },
    ]);
    expect(bench.log.named('webhookRefused')).toMatchObject([{ fault: 'webhook.invalid' }]);
  });

  test.for(['voice', 'streamEnded', 'status'] as const)('whose answer cannot be sent (%s) fails alone', (path) => {
    const bench = new ServiceBench();
    const answers: unknown[] = [];
    const form = { CallSid: callSid, AccountSid: 'AC1', From: '+15550177', To: '+15550188' };
    const request = {
      path: paths[path],
      query: { stream: '1' },
      form: { ...form, Direction: 'inbound', CallStatus: 'completed' },
    };
    bench.service.webhooks.take(request, (answer) => {
      answers.push(answer);
      throw new RangeError('broken');
    });
    expect(bench.asks('voice', { CallSid: otherCall })).toContain('<Stream');
    expect([answers.length, bench.log.named('requestFailed').length]).toEqual([1, 1]);
  });

  test('whose call cannot be made sends its caller to the fallback, and no other call notices', () => {
    const bench = new ServiceBench({
      agentOf: (ofCall) => (ofCall === callSid ? { makeCall: broken } : {}),
    });
    expect(bench.asks('voice')).toMatch(/<Say>I am sorry\.<\/Say><Dial .*\+15550102/);
    expect(bench.log.named('callCrashed')).toMatchObject([{ callSid, fault: 'call.crashed' }]);
    expect(bench.posts('status', over)).toEqual([{ status: 204 }]);
    expect(bench.asks('voice', { CallSid: otherCall })).toContain('<Stream');
  });

  test('whose call cannot be taken over sends its caller to the fallback', () => {
    const store = new MemoryStore();
    new ServiceBench({ store }).talks();
    const bench = new ServiceBench({ store, agent: { makeCall: broken } });
    bench.passes(1_000);
    bench.posts('status', { CallSid: otherCall, ...over });
    const answers = bench.posts('streamEnded', {}, { stream: '1' });
    bench.passes(2_000);
    expect(answers).toMatchObject([{ status: 200, twiml: expect.stringContaining('+15550102') }]);
    expect(bench.log.named('callCrashed')).toMatchObject([{ callSid, fault: 'call.crashed' }]);
    expect(bench.service.registry.live).toEqual([]);
  });

  test('about a call that nobody knows is answered so that nobody is left in silence', () => {
    const bench = new ServiceBench();
    expect(bench.asks('streamEnded', {}, { stream: '1' })).toContain('<Dial');
    expect(bench.log.named('callNotTakenOver')).toMatchObject([{ callSid, journal: 'unknown' }]);
    expect(bench.log.named('callUnknown')).toMatchObject([{ callSid, question: 'connect.ended' }]);
  });

  test('that only tells something is answered with nothing, also before its call is known', () => {
    const bench = new ServiceBench();
    expect(bench.posts('status', { CallStatus: 'in-progress' })).toEqual([{ status: 204 }]);
    expect(bench.posts('recording', { RecordingStatus: 'in-progress', ...stored })).toEqual([{ status: 204 }]);
    bench.passes(100);
    expect(bench.log.named('callNotTakenOver')).toEqual([]);
    expect(bench.posts('status', over)).toEqual([{ status: 204 }]);
    bench.passes(100);
    expect(bench.log.named('callNotTakenOver')).toHaveLength(1);
  });

  test.for([
    ['dialEnded', { DialCallStatus: 'completed' }, '<Hangup/>'],
    ['voicemailEnded', { RecordingDuration: '3' }, '<Hangup/>'],
    ['streamEnded', over, '<Response/>'],
  ] as const)('%s is read as what it is', ([path, fields, twiml]) => {
    expect(new ServiceBench().asks(path, fields)).toContain(twiml);
  });
});

describe('a stream that failed at Twilio', () => {
  const failed = { StreamSid: 'MZ1', StreamEvent: 'stream-error', StreamError: '31920 status 502' };

  test('is told by the log once, and changes nothing for the call', () => {
    const bench = new ServiceBench();
    const twiml = bench.asks('voice');
    for (const StreamEvent of ['stream-started', 'stream-error', 'stream-error', 'stream-stopped']) {
      expect(bench.posts('streamStatus', { ...failed, StreamEvent })).toEqual([{ status: 204 }]);
    }
    expect(bench.log.named('streamFailed')).toMatchObject([
      { level: 'warn', callSid, streamSid: 'MZ1', fault: 'stream.failedAtTwilio', twilioCode: '31920' },
    ]);
    expect(bench.asks('voice')).toBe(twiml);
  });

  test('is told of each stream of a call', () => {
    const bench = new ServiceBench();
    for (const StreamSid of ['MZ1', 'MZ2', 'MZ1']) bench.posts('streamStatus', { ...failed, StreamSid });
    expect(bench.log.named('streamFailed').map(({ streamSid }) => streamSid)).toEqual(['MZ1', 'MZ2']);
  });
});

describe('a message that was stored', () => {
  test.for([
    ['completed', 'voicemailStored', 'info'],
    ['absent', 'voicemailMissing', 'warn'],
  ] as const)('%s is told as %s', ([RecordingStatus, msg, level]) => {
    const bench = new ServiceBench();
    expect(bench.posts('recording', { ...stored, RecordingStatus })).toEqual([{ status: 204 }]);
    const told = bench.log.all.filter((line) => String(line.msg).startsWith('voicemail'));
    expect(told).toMatchObject([{ msg, level, callSid, status: RecordingStatus, seconds: 3 }]);
  });

  test('ends the call of a caller who hung up after it', () => {
    const bench = new ServiceBench(withFallback({ number: null, voicemail }));
    const { stream } = bench.talks();
    bench.service.registry.find(callSid)?.tell({ type: 'service.drained' });
    bench.passes(1_000);
    expect(stream.closeCode).toBe(1000);
    expect(bench.asks('streamEnded', {}, { stream: '1' })).toContain('<Record');
    bench.posts('status', over);
    expect(bench.log.named('callEnded')).toEqual([]);
    bench.posts('recording', { ...stored, RecordingStatus: 'completed' });
    expect(bench.log.named('callEnded')).toMatchObject([{ reason: 'leftVoicemail' }]);
  });
});

describe('a webhook that was recorded and is sent again', () => {
  test('does not bring back a call that is over', () => {
    const bench = new ServiceBench({ store: null });
    bench.talks();
    bench.posts('status', over);
    bench.passes(61_000);
    expect(bench.asks('voice')).toContain('<Response/>');
    expect([bench.sessions.length, bench.service.registry.liveCount]).toEqual([1, 0]);
    expect(bench.log.named('callReceived')).toHaveLength(1);
  });

  test('takes no call from the process that has it, and opens none that is over', () => {
    const store = new MemoryStore();
    const first = new ServiceBench({ store });
    first.talks();
    const second = new ServiceBench({ store }).passes(60_000);
    second.asks('voice');
    second.passes(300);
    expect(second.log.named('callFenced')).toMatchObject([{ callSid }]);
    expect([second.sessions.map(({ isClosed }) => isClosed), second.service.registry.liveCount]).toEqual([[true], 0]);
    first.passes(1_000).posts('status', over);
    first.passes(1_000);
    expect(first.log.named('callFenced')).toEqual([]);
    expect(first.log.named('callEnded')).toMatchObject([{ reason: 'callerHungUp' }]);
    const third = new ServiceBench({ store }).passes(120_000);
    third.asks('voice');
    third.passes(300);
    expect([third.log.named('callFenced').length, third.service.registry.liveCount]).toEqual([1, 0]);
  });

  test('says nothing of a leg that rings when it was about another', () => {
    const bench = new ServiceBench();
    const { session } = bench.talks();
    const busy = { DialCallStatus: 'busy', DialCallSid: 'CA1' };
    expect(transfers(bench, session, '1')).toContain('<Dial');
    const back = bench.asks('dialEnded', busy);
    expect(back).toContain('stream-ended?stream=2');
    bench.opensStream(tokenIn(back));
    expect(transfers(bench, session, '2')).toContain('<Dial');
    expect(bench.asks('dialEnded', busy)).toBe(back);
    // The second leg rings on, and its end is believed.
    expect(bench.asks('dialEnded', { DialCallStatus: 'completed', DialCallSid: 'CA2' })).toContain('<Hangup/>');
    expect(bench.log.named('callEnded')).toMatchObject([{ reason: 'transferred' }]);
  });

  test.for([
    ['voice', {}],
    ['status', { CallStatus: 'in-progress' }],
    ['streamEnded', {}],
    ['recording', { ...stored, RecordingStatus: 'in-progress' }],
  ] as const)('changes nothing while the call goes on: %s', ([path, fields]) => {
    const bench = new ServiceBench();
    const { stream } = bench.talks();
    bench.asks(path, fields, { stream: '1' });
    const live =
      stream.closeCode === null ? stream : bench.opensStream(tokenIn(bench.asks(path, fields, { stream: '1' })));
    const lines = bench.log.all.length;
    const twiml = bench.asks(path, fields, { stream: '1' });
    expect([bench.asks(path, fields, { stream: '1' }), live.closeCode, bench.log.all.length]).toEqual([
      twiml,
      null,
      lines,
    ]);
    expect(bench.sessions).toHaveLength(1);
  });

  test('tells of a message once, and is counted', () => {
    const bench = new ServiceBench();
    for (let sent = 0; sent < 3; sent += 1) bench.posts('recording', { ...stored, RecordingStatus: 'completed' });
    expect(bench.log.named('voicemailStored')).toHaveLength(1);
    expect(bench.log.named('webhooksRepeated')).toEqual([]);
    bench.passes(60_000);
    bench.posts('recording', { ...stored, RecordingStatus: 'completed' });
    bench.passes(60_000);
    expect(bench.log.named('webhooksRepeated')).toMatchObject([{ count: 2 }, { count: 1 }]);
  });

  test('counts as new when ten thousand others came meanwhile', () => {
    const bench = new ServiceBench();
    const sent = (number: number): void =>
      void bench.posts('recording', { ...stored, RecordingStatus: 'completed', RecordingSid: `RE${number}` });
    for (let number = 0; number <= 10_000; number += 1) sent(number);
    sent(1);
    sent(0);
    bench.passes(60_000);
    expect(bench.log.named('webhooksRepeated')).toMatchObject([{ count: 1 }]);
  });
});

/** The model transfers the caller, and the goodbye has been waited for. Returns what Twilio is told then. */
function transfers(bench: ServiceBench, session: BenchSession, stream: string): string {
  bench.modelSays(session, { toolCall: { functionCalls: [{ id: `T${stream}`, name: 'order', args: {} }] } });
  bench.passes(100);
  const leave = { kind: 'transfer', destination: 'support', reason: null } as const;
  bench.toolRuns.at(-1)?.done({ result: { response: {}, leave } });
  bench.passes(4_000);
  return bench.asks('streamEnded', {}, { stream });
}

describe('whoever is called', () => {
  const child = `CA${'9'.repeat(32)}`;
  const answers = { CallSid: child, ParentCallSid: callSid };
  const query = { call: callSid, attempt: '1' };
  const accepting = { ...settings, destinations: { support: placeAt('+15550100', { accept: 'press1' }) } };

  test('is asked, and connected after 1, also by another process that takes the call over', () => {
    const store = new MemoryStore();
    const bench = new ServiceBench({ store, settings: accepting });
    const { session } = bench.talks();
    expect(transfers(bench, session, '1')).toContain(`/twilio/callee?call=${callSid}&amp;attempt=1`);
    const asked = bench.asks('callee', answers, query);
    expect(asked).toContain('<Gather');
    expect(bench.asks('callee', answers, query)).toBe(asked);
    expect(bench.asks('callee', { ...answers, Digits: '1' }, { ...query, key: 'yes' })).not.toContain('Hangup');
    const second = new ServiceBench({ store, settings: accepting });
    second.passes(1_000);
    const ended = { DialCallStatus: 'completed', DialCallSid: child };
    expect(second.asks('dialEnded', ended, { attempt: '1' })).toContain('<Hangup/>');
    expect(second.log.named('dialEnded')).toMatchObject([{ outcome: 'connected' }]);
  });

  test('is turned away where no call is known, and refused when Twilio names another call', () => {
    const bench = new ServiceBench();
    expect(bench.asks('callee', answers, query)).toContain('<Hangup/>');
    const other = { ...answers, ParentCallSid: otherCall };
    expect(bench.asks('callee', other, query)).toContain('not the one for which somebody was called');
  });
});

describe('a question about a call that was released', () => {
  test.for([
    ['voice', 'stream-ended#rc'],
    ['streamEnded', 'stream-ended?stream=1#rc'],
    ['dialEnded', 'stream-ended#rc'],
  ] as const)('goes to the next process: %s', ([path, next]) => {
    const bench = released();
    expect(bench.asks(path, { DialCallStatus: 'busy' }, { stream: '1' })).toContain(
      `https://parley.example/twilio/${next}`,
    );
  });

  test.for([
    ['streamEnded', '<Response/>'],
    ['status', '204'],
  ] as const)('stays here when the caller is gone, and the record gets its end: %s', ([path, answer]) => {
    const bench = released();
    expect(bench.service.registry.isAskedAboutAll).toBe(false);
    expect(bench.asks(path, over, { stream: '1' })).toContain(answer);
    bench.passes(1_000);
    expect(bench.log.named('callEnded')).toMatchObject([{ callSid, reason: 'callerHungUp' }]);
    expect(bench.service.registry.isAskedAboutAll).toBe(true);
  });

  test('may be about one of a process that is gone', () => {
    const bench = released();
    expect(bench.asks('streamEnded', { CallSid: otherCall }, { stream: '4' })).toContain('stream-ended?stream=4#rc');
    expect(bench.asks('dialEnded', { CallSid: otherCall, DialCallStatus: 'busy' })).not.toContain('<Redirect');
    expect(bench.asks('voice', { CallSid: `CA${'9'.repeat(32)}` })).toContain('<Dial');
  });
});

/** A process that has left its one call to the next. */
function released(): ServiceBench {
  const bench = new ServiceBench();
  bench.talks();
  bench.service.drain(0, () => {});
  bench.passes(10);
  expect(bench.log.named('callReleased')).toHaveLength(1);
  return bench;
}

function broken(): never {
  throw new RangeError('broken');
}
