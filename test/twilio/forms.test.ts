import { describe, expect, test } from 'vitest';
import {
  parseCallee,
  parseConnectEnded,
  parseDialEnded,
  parseIncomingCall,
  parseRecordEnded,
  parseRecordingStatus,
  parseStatusCallback,
  parseStreamStatus,
  webhookEvent,
} from '../../src/twilio/forms.ts';

const callSid = 'CA0a1b2c3d4e5f60718293a4b5c6d7e8f9';
const form = {
  CallSid: callSid,
  AccountSid: 'AC11223344556677889900aabbccddeeff',
  From: '+15550100',
  To: '+15550199',
  CallStatus: 'ringing',
  Direction: 'inbound',
  ApiVersion: '2010-04-01',
  FromCity: '',
};

describe('parseIncomingCall', () => {
  test('reads the parameters that Parley uses and passes over the others', () => {
    expect(parseIncomingCall(form)).toStrictEqual({
      callSid,
      from: '+15550100',
      to: '+15550199',
      callStatus: 'ringing',
    });
  });

  test.each(['anonymous', '', 'sip:desk@example.com', '+266696687'])('takes the caller %j as it is', (from) => {
    expect(parseIncomingCall({ ...form, From: from }).from).toBe(from);
  });

  test('cuts an address that is longer than any', () => {
    const { from, to } = parseIncomingCall({ ...form, From: `sip:${'a'.repeat(60_000)}@b`, To: '+1'.repeat(30_000) });
    expect([from.length, to.length]).toEqual([256, 256]);
    // Half of a sign in JSON is refused by many who read it, such as the server that is asked about the caller.
    const cut = parseIncomingCall({ ...form, From: `sip:${'a'.repeat(251)}👋@b` });
    expect(cut.from).toBe(`sip:${'a'.repeat(251)}\uFFFD`);
  });

  test.each(['CallSid', 'From', 'To', 'CallStatus'])('names %s when it is missing', (name) => {
    expect(() => parseIncomingCall({ ...form, [name]: undefined })).toThrow(
      fault(`${name} is missing or given twice.`),
    );
  });

  test('names a parameter that is given twice', () => {
    expect(() => parseIncomingCall({ ...form, From: ['+15550100', '+15550101'] })).toThrow(
      fault('From is missing or given twice.'),
    );
  });

  test.each(['CA1', '../../etc/passwd', `${callSid}0`, `${callSid}\n`, callSid.replace('CA', 'MZ')])(
    'refuses the call id %j',
    (CallSid) => {
      expect(() => parseIncomingCall({ ...form, CallSid })).toThrow(
        fault('CallSid is not CA and 32 hexadecimal digits.'),
      );
    },
  );

  test.each([undefined, null, 'CallSid=CA1', []])('refuses %j, which is no form', (params) => {
    expect(() => parseIncomingCall(params)).toThrow(fault('CallSid is missing or given twice.'));
  });
});

describe('parseConnectEnded', () => {
  test.each([
    ['in-progress', false],
    ['ringing', false],
    ['invented', false],
    ['completed', true],
    ['busy', true],
    ['failed', true],
    ['no-answer', true],
    ['canceled', true],
  ])('reads the call status %s', (CallStatus, callOver) => {
    expect(parseConnectEnded({ ...form, CallStatus }, '3')).toStrictEqual({
      callSid,
      fact: { type: 'connect.ended', stream: 3, callOver },
    });
  });

  test('may be about a stream without a number', () => {
    expect(parseConnectEnded(form, undefined).fact.stream).toBeNull();
  });

  test.each([null, '', '0', '-1', '1.5', '2e3', ' 2', '02', '9'.repeat(7), ['1', '2'], { 1: '2' }])(
    'refuses %j as the number of a stream',
    (stream) => {
      expect(() => parseConnectEnded(form, stream)).toThrow(fault('The stream in the URL is not a number.'));
    },
  );
});

describe('parseDialEnded', () => {
  test.each([
    [{ DialCallStatus: 'completed', DialBridged: 'true' }, 'connected'],
    [{ DialCallStatus: 'completed' }, 'connected'],
    [{ DialCallStatus: 'answered', DialBridged: 'true' }, 'connected'],
    [{ DialCallStatus: 'completed', DialBridged: 'false' }, 'noAnswer'],
    [{ DialCallStatus: 'answered', DialBridged: 'false' }, 'noAnswer'],
    [{ DialCallStatus: 'busy', DialBridged: 'false' }, 'busy'],
    [{ DialCallStatus: 'no-answer', DialBridged: 'false' }, 'noAnswer'],
    [{ DialCallStatus: 'failed', DialBridged: 'false' }, 'failed'],
    [{ DialCallStatus: 'canceled', DialBridged: 'false' }, 'canceled'],
    [{ DialCallStatus: 'invented', DialBridged: 'true' }, 'failed'],
  ])('reads %j as %s', (dial, outcome) => {
    expect(parseDialEnded({ ...form, ...dial, CallStatus: 'in-progress' }, undefined)).toStrictEqual({
      callSid,
      legSid: null,
      fact: { type: 'dial.ended', attempt: null, outcome, callOver: false },
    });
  });

  test('names the leg', () => {
    const legSid = `CA${'3'.repeat(32)}`;
    expect(parseDialEnded({ ...form, DialCallStatus: 'busy', DialCallSid: legSid }, undefined).legSid).toBe(legSid);
  });

  test('sees that the caller is gone as well', () => {
    const { fact } = parseDialEnded({ ...form, DialCallStatus: 'canceled', CallStatus: 'completed' }, '2');
    expect(fact).toStrictEqual({ type: 'dial.ended', attempt: 2, outcome: 'canceled', callOver: true });
  });

  test('names the status when it is missing', () => {
    expect(() => parseDialEnded(form, undefined)).toThrow(fault('DialCallStatus is missing or given twice.'));
  });
});

describe('parseCallee', () => {
  const child = { ...form, CallSid: `CA${'5'.repeat(32)}`, ParentCallSid: callSid };
  const query = { call: callSid, attempt: '2' };

  test('names the call for which somebody is called, and not the one of whoever answered', () => {
    const fact = { type: 'callee.answered', attempt: 2 };
    expect(parseCallee(child, query)).toStrictEqual({ callSid, fact });
    expect(parseCallee({ ...child, ParentCallSid: undefined }, query)).toStrictEqual({ callSid, fact });
  });

  test.each([
    ['1', '1'],
    ['*', '*'],
    ['#', '#'],
    ['12', '1'],
    ['', null],
    [undefined, null],
    ['x1', null],
  ])('reads the key of %j as %s', (Digits, key) => {
    expect(parseCallee({ ...child, Digits }, { ...query, key: 'yes' }).fact).toStrictEqual({
      type: 'callee.keyed',
      attempt: 2,
      key,
    });
  });

  test.each([
    [{ ...query, call: `CA${'6'.repeat(32)}` }, 'is not the one for which somebody was called'],
    [{ ...query, call: ['CA1', callSid] }, 'CallSid is missing'],
    [{ attempt: '2' }, 'CallSid is missing'],
    [{ call: callSid }, 'holds no attempt'],
    [{ ...query, attempt: '0' }, 'is not a number'],
    [{ ...query, attempt: ['1', '2'] }, 'is not a number'],
  ])('refuses %j', (wrong, why) => {
    expect(() => parseCallee(child, wrong)).toThrow(why);
  });
});

describe('the event of a webhook', () => {
  const dial = { ...form, DialCallStatus: 'busy', DialCallSid: 'CA1' };
  const event = webhookEvent('/dial-ended', { stream: '1' }, dial);

  test('is the same for one that is repeated', () => {
    expect(webhookEvent('/dial-ended', { stream: '1' }, { ...dial })).toBe(event);
  });

  test.for([
    ['path', '/status', '1', {}],
    ['stream', '/dial-ended', '2', {}],
    ['call', '/dial-ended', '1', { CallSid: `CA${'4'.repeat(32)}` }],
    ['state', '/dial-ended', '1', { CallStatus: 'completed' }],
    ['leg', '/dial-ended', '1', { DialCallSid: 'CA2' }],
    ['recording', '/dial-ended', '1', { RecordingSid: 'RE1' }],
    ['state of the recording', '/dial-ended', '1', { RecordingStatus: 'absent' }],
    ['stream', '/dial-ended', '1', { StreamSid: 'MZ2' }],
    ['state of the stream', '/dial-ended', '1', { StreamEvent: 'stream-error' }],
    ['key', '/dial-ended', '1', { Digits: '1' }],
  ] as const)('is another one for another %s', ([, path, stream, changes]) => {
    expect(webhookEvent(path, { stream }, { ...dial, ...changes })).not.toBe(event);
  });

  test('is short, whatever is sent', () => {
    const long = 'x'.repeat(60_000);
    expect(
      webhookEvent(
        '/dial-ended',
        { stream: long, call: long, attempt: long, key: long },
        { ...dial, DialCallSid: long },
      ).length,
    ).toBeLessThan(800);
    expect(webhookEvent('/dial-ended', {}, null)).toBe(`/dial-ended${' '.repeat(12)}`);
  });
});

describe('parseRecordEnded', () => {
  test.each([
    ['17', 'in-progress', 17_000, false],
    ['0', 'completed', 0, true],
    [undefined, 'in-progress', 0, false],
    ['-1', 'in-progress', 0, false],
    ['soon', 'in-progress', 0, false],
  ])('reads a length of %j and the call status %s', (RecordingDuration, CallStatus, durationMs, callOver) => {
    expect(parseRecordEnded({ ...form, RecordingDuration, CallStatus })).toStrictEqual({
      callSid,
      fact: { type: 'record.ended', durationMs, callOver },
    });
  });
});

describe('parseRecordingStatus', () => {
  const recording = { CallSid: callSid, RecordingSid: 'RE1', RecordingStatus: 'completed' };
  const stored = { type: 'recording.stored', recordingSid: 'RE1' };

  test('reads where the recording is and how long it is, from a form without the state of the call', () => {
    const fields = { ...recording, RecordingUrl: 'https://api.twilio.com/RE1', RecordingDuration: '8' };
    expect(parseRecordingStatus(fields)).toStrictEqual({
      callSid,
      fact: { ...stored, status: 'completed', durationMs: 8_000, url: 'https://api.twilio.com/RE1' },
    });
  });

  test.each(['absent', 'failed'])('says that a recording is %s', (RecordingStatus) => {
    expect(parseRecordingStatus({ ...recording, RecordingStatus })).toStrictEqual({
      callSid,
      fact: { ...stored, status: RecordingStatus, durationMs: 0, url: null },
    });
  });

  test.each(['in-progress', 'processing', 'invented'])('says nothing of a recording that is %s', (RecordingStatus) => {
    expect(parseRecordingStatus({ ...recording, RecordingStatus })).toBeNull();
  });

  test.each(['CallSid', 'RecordingSid', 'RecordingStatus'])('names %s when it is missing', (name) => {
    expect(() => parseRecordingStatus({ ...recording, [name]: undefined })).toThrow(
      fault(`${name} is missing or given twice.`),
    );
  });
});

describe('parseStreamStatus', () => {
  const failed = { CallSid: callSid, StreamSid: 'MZ1', StreamEvent: 'stream-error' };
  const error = 'Stream - WebSocket - Handshake Error';

  test.for([
    ['in a field of its own', { StreamErrorCode: '31920', StreamError: error }, '31920', error],
    ['in the text', { StreamError: '31924: protocol error' }, '31924', '31924: protocol error'],
    ['not at all', { StreamError: error }, null, error],
    ['not at all, nor the text', {}, null, null],
    ['as another number', { StreamErrorCode: '42', StreamError: '131920' }, null, '131920'],
  ] as const)('reads the code of Twilio that stands %s', ([, fields, twilioCode, text]) => {
    expect(parseStreamStatus({ ...failed, ...fields })).toStrictEqual({
      callSid,
      streamSid: 'MZ1',
      twilioCode,
      error: text,
    });
  });

  test('keeps only so much of what is written', () => {
    const long = 'x'.repeat(60_000);
    expect(parseStreamStatus({ ...failed, StreamSid: long, StreamError: long })).toStrictEqual({
      callSid,
      streamSid: 'x'.repeat(64),
      twilioCode: null,
      error: 'x'.repeat(200),
    });
  });

  test.each(['stream-started', 'stream-stopped', 'invented'])('says nothing of %s', (StreamEvent) => {
    expect(parseStreamStatus({ ...failed, StreamEvent })).toBeNull();
  });

  test.each(['CallSid', 'StreamEvent'])('names %s when it is missing', (name) => {
    expect(() => parseStreamStatus({ ...failed, [name]: undefined })).toThrow(
      fault(`${name} is missing or given twice.`),
    );
  });
});

describe('parseStatusCallback', () => {
  test('says that the call is over', () => {
    expect(parseStatusCallback({ ...form, CallStatus: 'completed' })).toStrictEqual({
      callSid,
      fact: { type: 'call.completed' },
    });
  });

  test('says nothing while the call goes on', () => {
    expect(parseStatusCallback({ ...form, CallStatus: 'in-progress' })).toBeNull();
  });
});

function fault(message: string): unknown {
  return expect.objectContaining({ code: 'webhook.invalid', message });
}
