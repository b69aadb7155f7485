import { dials } from '../call/call-scene.ts';
import { describe, expect, test } from 'vitest';
import { askAgain, rejectBusy, renderTwiml, type TwimlLinks } from '../../src/twilio/twiml.ts';

const links: TwimlLinks = {
  streamUrl: 'wss://parley.example/twilio/media',
  streamToken: 'kJ3vX0q7',
  streamCallback: 'https://parley.example/twilio/stream-status',
  connectAction: 'https://parley.example/twilio/connect-ended',
  dialAction: 'https://parley.example/twilio/dial-ended',
  recordAction: 'https://parley.example/twilio/voicemail-ended',
  recordingCallback: 'https://parley.example/twilio/recording',
  calleeAction: 'https://parley.example/twilio/callee',
  callSid: 'CA1',
  dialTimeLimitSeconds: 1800,
  recordSilenceSeconds: 5,
  sayLanguage: null,
};

describe('renderTwiml', () => {
  test('connects the stream, whose number and retries stand in its action', () => {
    expect(body(renderTwiml({ kind: 'stream', number: 2 }, links))).toBe(
      '<Connect action="https://parley.example/twilio/connect-ended?stream=2#rc=5&amp;rp=ct,rt,5xx" method="POST">' +
        '<Stream url="wss://parley.example/twilio/media" statusCallback="https://parley.example/twilio/stream-status" ' +
        'statusCallbackMethod="POST"><Parameter name="token" value="kJ3vX0q7"/></Stream></Connect>',
    );
  });

  test('dials without a word', () => {
    expect(body(renderTwiml(dials('+15550101'), links))).toBe(
      '<Dial action="https://parley.example/twilio/dial-ended?attempt=1#rc=5&amp;rp=ct,rt,5xx" method="POST" timeout="30" ' +
        'timeLimit="1800"><Number>+15550101</Number></Dial>',
    );
  });

  test('dials somebody who must take the call, and lets the caller go on hearing the ringing', () => {
    const target = { ...dials('+15550101').target, callerId: '+15550199', ringSeconds: 12, digits: 'ww42' };
    expect(body(renderTwiml(dials('+15550101', { attempt: 2, mustAccept: true, target }), links))).toBe(
      '<Dial action="https://parley.example/twilio/dial-ended?attempt=2#rc=5&amp;rp=ct,rt,5xx" method="POST" timeout="12" ' +
        'timeLimit="1800" answerOnBridge="true" callerId="+15550199">' +
        '<Number url="https://parley.example/twilio/callee?call=CA1&amp;attempt=2#rc=5&amp;rp=ct,rt,5xx" method="POST" ' +
        'sendDigits="ww42">+15550101</Number></Dial>',
    );
  });

  test('dials a SIP address', () => {
    const address = 'sip:desk@pbx.example.com';
    const target = { ...dials(address).target, kind: 'sip' } as const;
    expect(body(renderTwiml(dials(address, { target }), links))).toContain(`<Sip>${address}</Sip>`);
    expect(body(renderTwiml(dials(address, { target, mustAccept: true }), links))).toContain(
      '<Sip url="https://parley.example/twilio/callee?call=CA1&amp;attempt=1#',
    );
  });

  test('asks whoever answers twice, takes any key, and hears of none as well', () => {
    const words = 'Call from 1. <b>Press 1.';
    expect(body(renderTwiml({ kind: 'ask', attempt: 2, words, language: 'de-AT' }, links))).toBe(
      '<Gather action="https://parley.example/twilio/callee?call=CA1&amp;attempt=2&amp;key=yes#rc=5&amp;rp=ct,rt,5xx" ' +
        'method="POST" numDigits="1" timeout="10" finishOnKey="" actionOnEmptyResult="true">' +
        '<Say language="de-AT">Call from 1. &lt;b&gt;Press 1.</Say><Pause length="1"/>' +
        '<Say language="de-AT">Call from 1. &lt;b&gt;Press 1.</Say></Gather><Hangup/>',
    );
    expect(body(renderTwiml({ kind: 'turnAway' }, links))).toBe('<Hangup/>');
    expect(renderTwiml({ kind: 'connect' }, links)).toMatch(/<Response\/>$/);
  });

  test('speaks before it dials', () => {
    const twiml = body(renderTwiml(dials('+15550101', { say: 'One moment.' }), links));
    expect(twiml).toMatch(/^<Say>One moment\.<\/Say><Dial /);
  });

  test('asks for a message, and hangs up when nothing was said', () => {
    const document = { kind: 'record', say: 'Leave a message.', secondsMax: 90 } as const;
    expect(body(renderTwiml(document, links))).toBe(
      '<Say>Leave a message.</Say>' +
        '<Record action="https://parley.example/twilio/voicemail-ended#rc=5&amp;rp=ct,rt,5xx" method="POST" maxLength="90" ' +
        'timeout="5" playBeep="true" recordingStatusCallback="https://parley.example/twilio/recording#rc=5&amp;rp=ct,rt,5xx" ' +
        'recordingStatusCallbackMethod="POST" recordingStatusCallbackEvent="completed absent"/><Hangup/>',
    );
  });

  test('hangs up without a word', () => {
    expect(body(renderTwiml({ kind: 'hangUp', say: null }, links))).toBe('<Hangup/>');
  });

  test('speaks in the language of the agent', () => {
    const twiml = renderTwiml({ kind: 'hangUp', say: 'Auf Wiederhören.' }, { ...links, sayLanguage: 'de-DE' });
    expect(body(twiml)).toBe('<Say language="de-DE">Auf Wiederhören.</Say><Hangup/>');
  });

  test('escapes what XML would take for its own', () => {
    const twiml = renderTwiml({ kind: 'hangUp', say: 'Fish & <chips> "to go"' }, { ...links, streamToken: '"<&' });
    expect(body(twiml)).toBe('<Say>Fish &amp; &lt;chips&gt; "to go"</Say><Hangup/>');
    expect(renderTwiml({ kind: 'stream', number: 1 }, { ...links, streamToken: '"<&' })).toContain(
      'value="&quot;&lt;&amp;"',
    );
  });

  test('leaves out what XML cannot hold', () => {
    expect(said('We\u0000 are\u001b sorry\ud83d.')).toBe('We are sorry.');
  });

  test('speaks at most 4096 characters, and cuts none of them in two', () => {
    expect(said('a'.repeat(4096))).toBe('a'.repeat(4096));
    expect(said(`${'a'.repeat(4095)}😀😀`)).toBe(`${'a'.repeat(4095)}😀`);
  });

  test('does nothing', () => {
    expect(renderTwiml({ kind: 'nothing' }, links)).toBe('<?xml version="1.0" encoding="UTF-8"?><Response/>');
  });
});

test('rejectBusy refuses the call with the busy tone', () => {
  expect(body(rejectBusy())).toBe('<Reject reason="busy"/>');
});

test.each([
  [3, '?stream=3'],
  [null, ''],
])(
  'askAgain has the question about stream %j asked again, after a pause, with the retries of the first',
  (stream, query) => {
    expect(body(askAgain(links.connectAction, stream))).toBe(
      '<Pause length="4"/>' +
        `<Redirect method="POST">https://parley.example/twilio/connect-ended${query}#rc=5&amp;rp=ct,rt,5xx</Redirect>`,
    );
  },
);

function said(text: string): string {
  return body(renderTwiml({ kind: 'hangUp', say: text }, links)).replace(/^<Say>(.*)<\/Say><Hangup\/>$/s, '$1');
}

/** What stands between `<Response>` and `</Response>`. */
function body(twiml: string): string {
  const [, inside] = /^<\?xml version="1\.0" encoding="UTF-8"\?><Response>(.*)<\/Response>$/s.exec(twiml) ?? [];
  if (inside === undefined) throw new TypeError(`not one response: ${twiml}`);
  return inside;
}
