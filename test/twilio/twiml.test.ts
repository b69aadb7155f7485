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
  dialTimeoutSeconds: 25,
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
    expect(body(renderTwiml({ kind: 'dial', number: '+15550101', say: null }, links))).toBe(
      '<Dial action="https://parley.example/twilio/dial-ended#rc=5&amp;rp=ct,rt,5xx" method="POST" timeout="25" ' +
        'timeLimit="1800"><Number>+15550101</Number></Dial>',
    );
  });

  test('speaks before it dials', () => {
    const twiml = body(renderTwiml({ kind: 'dial', number: '+15550101', say: 'One moment.' }, links));
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
