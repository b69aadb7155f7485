import { gzipSync } from 'node:zlib';
import { describe, expect, test, type TestContext } from 'vitest';
import {
  authToken,
  calledNumber,
  caller,
  fallback,
  isClosed,
  type SceneOptions,
  ServiceScene,
} from '../e2e/service-scene.ts';
import { until } from '../until.ts';
import { drain } from '../../src/host/drain.ts';
import { JournalScene, settled } from '../store/journal-scene.ts';
import { systemClock } from '../../src/system/clock.ts';
import { callForm, callSid, post, signatureOf, tokenIn } from './twilio-client.ts';

const anotherCall = `CA${'8'.repeat(32)}`;
const webhooks = [
  '/twilio/voice',
  '/twilio/stream-ended',
  '/twilio/dial-ended',
  '/twilio/voicemail-ended',
  '/twilio/recording',
  '/twilio/status',
];
const takesMessages = { FALLBACK_DESTINATION: '', FALLBACK_VOICEMAIL: 'true', VOICEMAIL_PROMPT: 'Speak.' };

describe('a webhook', () => {
  test.for(webhooks)('%s that is not signed, or wrongly, gets 403 and one line in the log', async (path, context) => {
    const scene = await open(context);
    for (const signature of ['', 'bm90IGEgc2lnbmF0dXJl']) {
      const lines = scene.log.all.length;
      const answer = await post(scene.url, path, callForm(), signature);
      expect(answer.status).toBe(403);
      expect(scene.log.all.slice(lines)).toMatchObject([{ msg: 'webhookRefused', fault: 'webhook.signatureInvalid' }]);
    }
    expect(scene.service.registry.liveCount).toBe(0);
    expect(scene.log.text).not.toContain(authToken);
  });

  test('whose query was changed after it was signed gets 403', async (context) => {
    const scene = await open(context);
    const form = callForm({ CallStatus: 'in-progress' });
    const signature = signatureOf('/twilio/stream-ended?stream=1', form);
    expect((await post(scene.url, '/twilio/stream-ended?stream=1', form, signature)).status).toBe(200);
    expect((await post(scene.url, '/twilio/stream-ended?stream=2', form, signature)).status).toBe(403);
  });

  test('whose fields were changed after it was signed gets 403', async (context) => {
    const scene = await open(context);
    const signed = callForm();
    const response = await fetch(`${scene.url}/twilio/voice`, {
      method: 'POST',
      headers: { 'x-twilio-signature': signatureOf('/twilio/voice', signed) },
      body: new URLSearchParams({ ...signed, From: '+12025550166' }),
    });
    expect(response.status).toBe(403);
  });

  test.for(webhooks)('%s without a usable CallSid gets 400', async (path, context) => {
    const scene = await open(context);
    const { CallSid: _without, ...form } = callForm({ DialCallStatus: 'busy' });
    for (const fields of [form, { ...form, CallSid: 'CA1' }, { ...form, CallSid: '../../etc/passwd' }]) {
      expect(await post(scene.url, path, fields)).toMatchObject({
        status: 400,
        text: expect.stringContaining('CallSid'),
      });
    }
    expect(scene.log.named('webhookRefused')).toHaveLength(3);
  });

  test('with a form that is too large gets 413', async (context) => {
    const scene = await open(context);
    const answer = await post(scene.url, '/twilio/voice', callForm({ Padding: 'x'.repeat(70_000) }));
    expect(answer.status).toBe(413);
  });

  test.for([
    ['an encoding that it does not have', { 'content-encoding': 'gzip' }, 'CallSid=CA7', 415],
    ['an unknown encoding', { 'content-encoding': 'pigeon' }, 'CallSid=CA7', 415],
    ['a packed form', { 'content-encoding': 'gzip' }, gzipSync('CallSid=CA7'), 415],
    ['an unknown alphabet', { 'content-type': 'application/x-www-form-urlencoded; charset=pigeon' }, 'a=b', 415],
    ['more fields than Twilio sends', {}, 'a=1&'.repeat(200), 413],
    ['a form of JSON', { 'content-type': 'application/json' }, '{"CallSid":"CA7"}', 403],
    ['a form of nothing', {}, '', 403],
  ] as const)('with %s is refused, and the service goes on', async ([, headers, body, status], context) => {
    const scene = await open(context);
    const type = { 'content-type': 'application/x-www-form-urlencoded' };
    const response = await fetch(`${scene.url}/twilio/voice`, {
      method: 'POST',
      headers: { ...type, ...headers },
      body,
    });
    expect(response.status).toBe(status);
    expect(scene.log.all.at(-1)).toMatchObject({ msg: expect.stringMatching(/^(?:request|webhook)Refused$/) });
    expect(scene.log.text.toLowerCase()).not.toContain('pigeon');
    expect((await post(scene.url, '/twilio/voice', callForm())).status).toBe(200);
  });
});

describe('a forged webhook', () => {
  const number = '12025550177';
  test.for([
    ['JSON with the type of a form', '/twilio/voice', JSON.stringify({ CallSid: callSid, From: number }), []],
    ['numbers for names', '/twilio/voice', `${number}=1&%2B${number}=2&From=3`, ['From']],
    ['a number in its path', `/twilio/voice/${number}`, 'From=1', ['From']],
    ['a number in its query', `/twilio/voice?From=${number}`, 'From=1', ['From']],
    ['a long name', '/twilio/voice', `From=1&${'N'.repeat(60_000)}=1`, ['From']],
    ['many names', '/twilio/voice', names(150).join('=1&'), names(50)],
  ] as const)('with %s leaves only names of fields in the log', async ([, path, body, fields], context) => {
    const scene = await open(context);
    const type = { 'content-type': 'application/x-www-form-urlencoded' };
    const response = await fetch(scene.url + path, { method: 'POST', headers: type, body });
    expect(response.status).toBe(403);
    const url = 'https://parley.example/twilio/voice';
    expect(scene.log.named('webhookRefused')).toMatchObject([{ fault: 'webhook.signatureInvalid', url, fields }]);
    expect(scene.log.text).not.toContain(number);
    expect(scene.log.text.length).toBeLessThan(2_000);
  });
});

/** Names that a field could have. */
function names(count: number): string[] {
  return Array.from({ length: count }, (_, at) => `Name-${at}`);
}

describe('the voice webhook', () => {
  test('is answered with a stream and its token, and opens one model session', async (context) => {
    const scene = await open(context);
    const answer = await post(scene.url, '/twilio/voice', callForm());
    expect(answer).toMatchObject({ status: 200, type: expect.stringMatching(/^text\/xml/) });
    const action = 'https://parley.example/twilio/stream-ended?stream=1#rc=5&amp;rp=ct,rt,5xx';
    expect(answer.text).toContain(`<Connect action="${action}" method="POST">`);
    expect(answer.text).toContain('<Stream url="wss://parley.example/twilio/media" statusCallback="');
    expect(tokenIn(answer.text)).toMatch(/^[\w-]{32}$/);
  });

  test('that is delivered twice gets the same bytes, and the model is asked once', async (context) => {
    const scene = await open(context);
    const form = callForm();
    const [first, second] = await Promise.all([
      post(scene.url, '/twilio/voice', form),
      post(scene.url, '/twilio/voice', form),
    ]);
    const third = await post(scene.url, '/twilio/voice', form);
    expect([second, third]).toEqual([first, first]);
    const other = await post(scene.url, '/twilio/voice', callForm({ CallSid: anotherCall }));
    await until('two sessions', () => scene.model.sessions.length === 2);
    expect(tokenIn(other.text)).not.toBe(tokenIn(first.text));
    expect(scene.service.registry.liveCount).toBe(2);
    expect(scene.log.named('callReceived')).toHaveLength(2);
  });

  test.for([
    ['the busy tone', {}, '<Reject reason="busy"/>'],
    ['a human', { FALLBACK_DESTINATION: fallback }, `<Number>${fallback}</Number>`],
    ['the voicemail', takesMessages, '<Say>Sorry. Speak.</Say><Record '],
    [
      'a human before the voicemail',
      { ...takesMessages, FALLBACK_DESTINATION: fallback },
      `<Number>${fallback}</Number>`,
    ],
  ] as const)('gives %s to a call that is one too many', async ([, env, verb], context) => {
    const scene = await open(context, { env: { FALLBACK_DESTINATION: '', MAX_CONCURRENT_CALLS: '1', ...env } });
    const first = await post(scene.url, '/twilio/voice', callForm());
    const refused = await post(scene.url, '/twilio/voice', callForm({ CallSid: anotherCall }));
    expect(refused).toMatchObject({ status: 200, text: expect.stringContaining(verb) });
    expect(refused.text).not.toContain('<Stream');
    expect(await post(scene.url, '/twilio/voice', callForm())).toEqual(first);
    expect(scene.service.registry.find(anotherCall)).toBeNull();

    await complete(scene, callSid);
    expect((await post(scene.url, '/twilio/voice', callForm({ CallSid: anotherCall }))).text).toContain('<Stream');
  });
});

describe('a call that this process does not know', () => {
  test.for([
    ['a human', { FALLBACK_DESTINATION: fallback }, /<Say>Sorry\.<\/Say><Dial .*<Number>\+12025550199<\/Number>/],
    ['a goodbye', { FALLBACK_DESTINATION: '' }, /<Say>Sorry\.<\/Say><Hangup\/>/],
    ['the voicemail', takesMessages, /<Say>Sorry\. Speak\.<\/Say><Record .*maxLength="120".*\/><Hangup\/>/],
  ] as const)('gets the apology and %s when its stream has ended', async ([, env, document], context) => {
    const scene = await open(context, { env });
    const answer = await post(scene.url, '/twilio/stream-ended', callForm({ CallStatus: 'in-progress' }));
    expect(answer).toMatchObject({ status: 200, text: expect.stringMatching(document) });
  });

  test('gets nothing when its caller has gone', async (context) => {
    const scene = await open(context);
    const answer = await post(scene.url, '/twilio/stream-ended', callForm({ CallStatus: 'completed' }));
    expect(answer.text).toMatch(/<Response\/>$/);
  });

  test('is hung up when its transfer has ended', async (context) => {
    const scene = await open(context);
    const form = callForm({ CallStatus: 'in-progress', DialCallStatus: 'completed' });
    expect((await post(scene.url, '/twilio/dial-ended', form)).text).toMatch(/<Response><Hangup\/><\/Response>$/);
  });

  test('hears the apology when nobody took its transfer, as a caller does for whom there was no room', async (context) => {
    const scene = await open(context);
    const form = callForm({ CallStatus: 'in-progress', DialCallStatus: 'busy' });
    const { text } = await post(scene.url, '/twilio/dial-ended', form);
    expect(text).toMatch(/<Say>Sorry\.<\/Say><Hangup\/>/);
  });

  test('leaves a message when nobody took its transfer, and is thanked', async (context) => {
    const scene = await open(context, { env: takesMessages });
    const busy = callForm({ CallStatus: 'in-progress', DialCallStatus: 'busy' });
    expect((await post(scene.url, '/twilio/dial-ended', busy)).text).toMatch(/<Say>Sorry\. Speak\.<\/Say><Record /);
    const said = callForm({ CallStatus: 'in-progress', RecordingDuration: '9' });
    const { text } = await post(scene.url, '/twilio/voicemail-ended', said);
    expect(text).toMatch(/<Say>Thank you\. Goodbye\.<\/Say><Hangup\/>/);
    const gone = await post(scene.url, '/twilio/voicemail-ended', { ...said, CallStatus: 'completed' });
    expect(gone.text).toMatch(/<Response\/>$/);
  });

  test('may complete, or have left a message', async (context) => {
    const scene = await open(context);
    const answer = await post(scene.url, '/twilio/status', callForm({ CallStatus: 'completed' }));
    expect(answer).toMatchObject({ status: 204, text: '' });
    expect(await post(scene.url, '/twilio/recording', recordingForm())).toMatchObject({ status: 204, text: '' });
    expect(scene.log.named('voicemailStored')).toMatchObject([{ callSid, seconds: 9 }]);
  });
});

describe('a call that was released', () => {
  const askAgain =
    '<Response><Pause length="4"/><Redirect method="POST">' +
    'https://parley.example/twilio/stream-ended?stream=1#rc=5&amp;rp=ct,rt,5xx</Redirect></Response>';

  test('is asked about again, and again, until the next process is there', async (context) => {
    const scene = await released(context);
    const asked = callForm({ CallStatus: 'in-progress' });
    const first = await post(scene.url, '/twilio/stream-ended?stream=1', asked);
    expect(first).toMatchObject({ status: 200, type: expect.stringMatching(/^text\/xml/) });
    expect(first.text.endsWith(askAgain)).toBe(true);
    expect(await post(scene.url, '/twilio/stream-ended?stream=1', asked)).toEqual(first);
    expect(await post(scene.url, '/twilio/voice', callForm())).toEqual({
      ...first,
      text: first.text.replace('?stream=1', ''),
    });
  });

  test('has no model session and takes no stream', async (context) => {
    const scene = await released(context);
    await until('the session is closed', () => isClosed(scene.model.sessions[0]));
    expect(scene.service.registry.liveCount).toBe(0);
    expect(scene.service.registry.find(callSid)).toBeNull();
    expect(scene.log.named('callReleased')).toMatchObject([{ callSid, level: 'info' }]);
    expect(scene.log.named('callEnded')).toEqual([]);
  });

  test.for([
    ['/twilio/status', 204, ''],
    ['/twilio/stream-ended?stream=1', 200, '<Response/>'],
  ] as const)('gets its end from %s, which says that its caller has gone', async ([path, status, twiml], context) => {
    const scene = await released(context);
    const answer = await post(scene.url, path, callForm({ CallStatus: 'completed' }));
    expect(answer).toMatchObject({ status, text: expect.stringMatching(`${twiml}$`) });
    await until('its end', () => scene.log.named('callEnded').length === 1);
    const record = await scene.journal.read(callSid);
    expect(record?.ended).toMatchObject({ reason: 'callerHungUp' });
    expect(record?.fence).toBe(2);
  });

  test('is not the only one that the next process gets: one of a process that is gone is not taken over any more', async (context) => {
    const journals = new JournalScene(context);
    const scene = await open(context, { parts: { journal: journals.open() } });
    const former = journals.open();
    const ofFormer = `CA${'5'.repeat(32)}`;
    former.accept(ofFormer, { from: null, to: null }, () => {});
    await settled(former, ofFormer);
    await post(scene.url, '/twilio/voice', callForm());
    const options = { clock: systemClock, msMax: 0, canHandOver: () => false, canRelease: () => true };
    await new Promise((resolve) => drain(scene.service.registry, options, resolve));
    const asked = callForm({ CallSid: ofFormer, CallStatus: 'in-progress' });
    expect((await post(scene.url, '/twilio/stream-ended?stream=1', asked)).text.endsWith(askAgain)).toBe(true);
    expect((await former.read(ofFormer))?.fence).toBe(1);
  });
});

/** A service that has released its call, and that nobody has replaced. */
async function released(context: TestContext) {
  const journal = new JournalScene(context).open();
  const scene = await open(context, { parts: { journal } });
  await post(scene.url, '/twilio/voice', callForm());
  await until('a session', () => scene.model.sessions[0]?.setup);
  const host = scene.service.registry.find(callSid);
  await new Promise<void>((resolve) => host?.release(false, resolve));
  return Object.assign(scene, { journal });
}

describe('the callback of a recording', () => {
  test('says in the log that there is a message and how long it is, and not where', async (context) => {
    const scene = await open(context, { env: takesMessages });
    await post(scene.url, '/twilio/recording', recordingForm({ RecordingStatus: 'in-progress' }));
    await post(scene.url, '/twilio/recording', recordingForm({ RecordingStatus: 'absent' }));
    expect(scene.log.named('voicemailMissing')).toMatchObject([{ callSid, status: 'absent' }]);
    await post(scene.url, '/twilio/recording', recordingForm());
    expect(scene.log.named('voicemailStored')).toMatchObject([{ callSid, status: 'completed', seconds: 9 }]);
    expect(scene.log.text).not.toContain(recordingSid);
  });

  test('tells a call whose caller has hung up that a message was left', async (context) => {
    const scene = await open(context, { env: takesMessages });
    await post(scene.url, '/twilio/voice', callForm());
    scene.service.registry.find(callSid)?.tell({ type: 'service.drained' });
    const asked = await post(scene.url, '/twilio/stream-ended?stream=1', callForm({ CallStatus: 'in-progress' }));
    expect(asked.text).toContain('<Record ');
    expect(scene.service.registry.liveCount).toBe(0);
    await complete(scene, callSid);
    expect(scene.log.named('callEnded')).toEqual([]);
    await post(scene.url, '/twilio/recording', recordingForm());
    expect(scene.log.named('callEnded')).toMatchObject([{ reason: 'leftVoicemail' }]);
  });
});

const recordingSid = `RE${'9'.repeat(32)}`;

/** What Twilio says of a recording: nothing of the call but its id. */
function recordingForm(changes: Readonly<Record<string, string>> = {}): Record<string, string> {
  return {
    CallSid: callSid,
    AccountSid: `AC${'1'.repeat(32)}`,
    RecordingSid: recordingSid,
    RecordingUrl: `https://api.twilio.com/2010-04-01/Accounts/AC1/Recordings/${recordingSid}`,
    RecordingStatus: 'completed',
    RecordingDuration: '9',
    ...changes,
  };
}

describe('the status callback', () => {
  test('ends the call and its model session, and may come twice', async (context) => {
    const scene = await open(context);
    await post(scene.url, '/twilio/voice', callForm());
    await until('a session', () => scene.model.sessions[0]?.setup);
    for (const status of ['ringing', 'in-progress']) {
      await post(scene.url, '/twilio/status', callForm({ CallStatus: status }));
    }
    expect(scene.service.registry.liveCount).toBe(1);
    expect((await complete(scene, callSid)).status).toBe(204);
    expect(scene.service.registry.liveCount).toBe(0);
    expect((await complete(scene, callSid)).status).toBe(204);
    await until('the session is closed', () => isClosed(scene.model.sessions[0]));
  });
});

describe('the server', () => {
  test('says that it lives, and whether it takes calls', async (context) => {
    const scene = await open(context, { env: { MAX_CONCURRENT_CALLS: '1' } });
    expect(await get(scene, '/healthz')).toEqual([200, '{"status":"ok"}']);
    expect(await get(scene, '/readyz')).toEqual([200, 'ready']);
    await post(scene.url, '/twilio/voice', callForm());
    for (let asked = 0; asked < 3; asked += 1) expect(await get(scene, '/readyz')).toEqual([503, 'unready']);
    expect(scene.log.named('readiness')).toMatchObject([{ ready: false, liveCalls: 1, why: 'full' }]);

    const stopped = scene.service.stop(60_000);
    expect(await get(scene, '/readyz')).toEqual([503, 'unready']);
    expect(await get(scene, '/healthz')).toEqual([200, '{"status":"ok"}']);
    await complete(scene, callSid);
    expect(await stopped).toBe(0);
  });

  test('has nothing at other paths and methods, and does not take them for forged webhooks', async (context) => {
    const scene = await open(context);
    const requests = ['/', '/favicon.ico', '/voice', '/twilio-voice', '/.env'].flatMap((path) =>
      ['GET', 'POST'].map((method) => fetch(scene.url + path, { method })),
    );
    expect((await Promise.all(requests)).map(({ status }) => status)).toEqual(requests.map(() => 404));
    expect(scene.log.named('webhookRefused')).toEqual([]);
    expect((await fetch(`${scene.url}/`)).headers.get('x-powered-by')).toBeNull();
  });

  test('does not say personal data in the log', async (context) => {
    const scene = await open(context);
    await post(scene.url, '/twilio/voice', callForm());
    await complete(scene, callSid);
    expect(scene.log.named('callReceived')).toHaveLength(1);
    for (const number of [caller, calledNumber]) expect(scene.log.text).not.toContain(number.slice(1));
  });
});

/** A service whose calls of this file are over when the test is. */
async function open(context: TestContext, options: SceneOptions = {}): Promise<ServiceScene> {
  const scene = await ServiceScene.open(context, options);
  context.onTestFinished(async () => {
    for (const call of [callSid, anotherCall]) await complete(scene, call).catch(() => {});
  });
  return scene;
}

function complete(scene: ServiceScene, call: string) {
  return post(scene.url, '/twilio/status', callForm({ CallSid: call, CallStatus: 'completed' }));
}

async function get(scene: ServiceScene, path: string): Promise<[number, unknown]> {
  const response = await fetch(scene.url + path);
  return [response.status, await response.text()];
}
