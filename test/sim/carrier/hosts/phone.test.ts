import twilio from 'twilio';
import { afterEach, expect, test } from 'vitest';
import type { WebSocket } from 'ws';
import type { PlaceCallOptions } from '../../../../src/sim/carrier/hosts/phone.ts';
import { placeCall } from '../../../../src/sim/carrier/hosts/phone.ts';
import { accountSid, codec, mark, voice } from '../call-bench.ts';
import { SmallServer } from './small-server.ts';

const authToken = '12345';
const publicUrl = 'https://parley.example/twilio/voice';
const connect =
  '<Response><Connect action="/after"><Stream url="wss://parley.example/media"><Parameter name="t" value="1"/></Stream></Connect></Response>';

let server: SmallServer;
afterEach(() => server.close());

test('a call is signed, streams both ways, and ends with the hang-up of the caller', async () => {
  server = await SmallServer.start({ '/twilio/voice': connect, '/twilio/status': '' }, (message, socket) => {
    if (message.event !== 'start') return;
    send(socket, message.streamSid, voice(400));
    send(socket, message.streamSid, mark('greeting'));
  });
  const clips = new Map([['hello', new Uint8Array(1600).fill(0x20)]]);
  const steps = [
    { waitFor: 'agentSpeaking' },
    { waitFor: 'agentQuiet', ms: 100 },
    { say: 'hello' },
    { hangUp: true },
  ] as const;
  const report = await call({ script: { steps }, clips, statusCallbackUrl: 'https://parley.example/twilio/status' })
    .ended;

  const [voiceWebhook, status] = server.requests;
  expect(voiceWebhook).toMatchObject({ method: 'POST', path: '/twilio/voice' });
  expect(voiceWebhook?.headers).toMatchObject({
    'user-agent': 'TwilioProxy/1.1',
    'content-type': expect.stringContaining('application/x-www-form-urlencoded'),
  });
  const signature = String(voiceWebhook?.headers['x-twilio-signature']);
  expect(twilio.validateRequest(authToken, signature, publicUrl, voiceWebhook?.form ?? {})).toBe(true);
  expect(status?.form).toMatchObject({ CallStatus: 'completed', CallSid: report.callSid });

  const [socket] = server.sockets;
  expect(Object.keys(socket?.headers ?? {}).toSorted()).toEqual([
    'accept-encoding',
    'connection',
    'host',
    'sec-websocket-key',
    'sec-websocket-version',
    'upgrade',
    'user-agent',
    'x-twilio-signature',
  ]);
  expect(socket?.headers).toMatchObject({ host: 'parley.example', 'user-agent': 'Twilio.TmeWs/1.0' });
  const upgradeSignature = String(socket?.headers['x-twilio-signature']);
  expect(twilio.validateRequest(authToken, upgradeSignature, 'wss://parley.example/media', {})).toBe(true);
  expect(socket?.messages.map(({ event }) => event).filter((event) => event !== 'media')).toEqual([
    'connected',
    'start',
    'mark',
    'stop',
  ]);
  expect([1000, 1005]).toContain(socket?.closeCode);

  expect(report).toMatchObject({ endReason: 'callerHungUp', status: 'completed' });
  const firstMedia = report.timeline.find(({ kind }) => kind === 'stream.firstMedia');
  const startedAtMs = report.streams[0]?.startedAtMs ?? 0;
  const heardFromByte = Math.ceil(((firstMedia?.atMs ?? 0) - startedAtMs) * 8);
  expect(report.heard.indexOf(0x10)).toBe(heardFromByte);
  expect(report.heard.lastIndexOf(0x10)).toBe(heardFromByte + 3199);
  expect(report.said.filter((code) => code === 0x20)).toHaveLength(1600);
  expect(report.said.indexOf(0x20)).toBeGreaterThan(heardFromByte + 3200);
});

test('the media cadence does not drift, even when the process stalls', async () => {
  let stalled = false;
  server = await SmallServer.start({ '/twilio/voice': connect }, ({ event }) => {
    if (event !== 'media' || stalled) return;
    stalled = true;
    const untilMs = performance.now() + 150;
    while (performance.now() < untilMs);
  });
  const report = await call({ script: { steps: [{ pauseMs: 1000 }, { hangUp: true }] } }).ended;

  const { startedAtMs = 0, endedAtMs = 0, framesSent = 0 } = report.streams[0] ?? {};
  // The first frame is due 90 to 155 ms after the start; the rounding to frames costs less than two.
  const dueMs = endedAtMs - startedAtMs;
  expect(framesSent * 20).toBeGreaterThanOrEqual(dueMs - 155 - 20);
  expect(framesSent * 20).toBeLessThanOrEqual(dueMs - 90 + 20);
});

test('our close leads to the action, and from there to the end', async () => {
  server = await SmallServer.start(
    { '/twilio/voice': connect, '/after': '<Response><Hangup/></Response>' },
    (message, socket) => {
      if (message.event === 'start') socket.close(1000);
    },
  );
  const report = await call({}).ended;

  expect(report.endReason).toBe('hangupVerb');
  expect(server.requests.map(({ path }) => path)).toEqual(['/twilio/voice', '/after']);
  expect(report.timeline).toContainEqual(
    expect.objectContaining({ kind: 'stream.ended', by: 'serverClosed', code: 1000 }),
  );
});

test('a lost network shows the server 1006 without stop', async () => {
  server = await SmallServer.start({ '/twilio/voice': connect, '/after': '<Response/>' });
  const phone = call({
    onNote: ({ kind }) => {
      if (kind === 'stream.started') phone.loseNetwork();
    },
  });
  const report = await phone.ended;
  await expect.poll(() => server.sockets[0]?.closeCode).toBe(1006);

  expect(server.sockets[0]?.messages.map(({ event }) => event)).not.toContain('stop');
  expect(report.endReason).toBe('documentEnded');
});

test('a fault of the network itself ends this call alone, and whoever waits for it learns why', async () => {
  server = await SmallServer.start({ '/twilio/voice': connect, '/after': '<Response/>' });
  const phone = call({
    onNote: ({ kind }) => {
      if (kind === 'stream.started') throw new Error('The network broke.');
    },
  });
  await expect(phone.ended).rejects.toThrow('The network broke.');
  await expect.poll(() => server.sockets[0]?.closeCode).toBe(1006);
  // What comes afterwards does nothing.
  phone.hangUp();
});

test('a refused upgrade is 31920, and the action is requested', async () => {
  const wrongPath = connect.replace('parley.example/media', 'parley.example/medio');
  server = await SmallServer.start({ '/twilio/voice': wrongPath, '/after': '<Response/>' });
  const report = await call({}).ended;

  expect(report.timeline).toContainEqual(
    expect.objectContaining({ kind: 'problem', code: 31920, detail: 'status 400' }),
  );
  expect(server.requests.at(-1)?.path).toBe('/after');
});

test('a GET action carries its form in the signed query', async () => {
  const byGet = connect.replace('<Connect ', '<Connect method="GET" ');
  server = await SmallServer.start({ '/twilio/voice': byGet, '/after': '<Response/>' }, (message, socket) => {
    if (message.event === 'start') socket.close(1000);
  });
  const report = await call({}).ended;

  const action = server.requests.at(-1);
  expect(action).toMatchObject({ method: 'GET', path: expect.stringContaining(`CallSid=${report.callSid}`) });
  const signature = String(action?.headers['x-twilio-signature']);
  expect(twilio.validateRequest(authToken, signature, `https://parley.example${action?.path ?? ''}`, {})).toBe(true);
});

test('a port of the public URL is not signed', async () => {
  server = await SmallServer.start({ '/twilio/voice': '<Response/>' });
  await call({ publicUrl: 'https://parley.example:8443/twilio/voice' }).ended;

  const [request] = server.requests;
  const signature = String(request?.headers['x-twilio-signature']);
  expect(signature).toBe(twilio.getExpectedTwilioSignature(authToken, publicUrl, request?.form ?? {}));
});

test('a server that is not there is tried twice', async () => {
  server = await SmallServer.start({});
  const { url } = server;
  await server.close();
  const phone = call({
    target: url,
    onNote: ({ kind }) => {
      if (kind === 'problem') phone.hangUp();
    },
  });
  const report = await phone.ended;

  expect(report.timeline).toContainEqual(expect.objectContaining({ kind: 'problem', code: 11205 }));
});

test('a host other than the one under test is never reached', async () => {
  const elsewhere = '<Response><Redirect>https://elsewhere.example/voice</Redirect></Response>';
  server = await SmallServer.start({ '/twilio/voice': elsewhere });
  const phone = call({
    onNote: ({ kind }) => {
      if (kind === 'problem') phone.hangUp();
    },
  });

  expect((await phone.ended).timeline).toContainEqual(expect.objectContaining({ kind: 'problem', code: 11205 }));
});

test('a service that dies behind a proxy gets the call back, if its action may be tried again', async () => {
  const retried = connect.replace('action="/after"', 'action="/after#rc=3&amp;rp=5xx"');
  server = await SmallServer.start(
    { '/twilio/voice': retried, '/after': '<Response><Hangup/></Response>' },
    ({ event }, socket) => {
      if (event !== 'start') return;
      server.failures.push(502, 502, 503);
      socket.terminate();
    },
  );
  const report = await call({}).ended;

  expect(report.timeline).toContainEqual(expect.objectContaining({ kind: 'stream.ended', code: 1006 }));
  expect(report.endReason).toBe('hangupVerb');
  const actions = server.requests.filter(({ path }) => path === '/after');
  expect(actions).toHaveLength(4);
  expect(new Set(actions.map(({ headers }) => headers['i-twilio-idempotency-token'])).size).toBe(1);
});

test('a service that dies and leaves nobody behind loses the call', async () => {
  server = await SmallServer.start({ '/twilio/voice': connect });
  const phone = call({
    onNote: ({ kind }) => {
      if (kind === 'stream.started') void server.die();
      if (kind === 'verb.say') phone.hangUp();
    },
  });
  const { timeline } = await phone.ended;

  expect(timeline).toContainEqual(expect.objectContaining({ kind: 'webhook.retried', purpose: 'connectAction' }));
  expect(timeline).toContainEqual(expect.objectContaining({ kind: 'problem', code: 11205 }));
});

test('a half-open socket carries nothing in either direction while the call goes on', async () => {
  server = await SmallServer.start({ '/twilio/voice': connect, '/after': '<Response><Pause/></Response>' });
  const phone = call({
    onNote: ({ kind }) => {
      if (kind === 'stream.started') phone.loseNetwork('halfOpen');
    },
  });
  const report = await phone.ended;

  expect(report.timeline).toContainEqual(expect.objectContaining({ kind: 'problem', code: 31924 }));
  expect(server.sockets[0]?.messages.map(({ event }) => event)).toEqual(['connected', 'start']);
  expect(report.endReason).toBe('documentEnded');
});

test('a socket that has gone silent answers no ping, and neither side is told', async () => {
  const ponged: string[] = [];
  server = await SmallServer.start({ '/twilio/voice': connect }, ({ event }, socket) => {
    if (event !== 'start') return;
    socket.on('pong', () => ponged.push('pong'));
    phone.loseNetwork('silent');
    socket.ping();
  });
  const phone = call({ script: { steps: [{ pauseMs: 600 }, { hangUp: true }] } });
  const report = await phone.ended;

  expect(ponged).toEqual([]);
  expect(server.sockets[0]?.messages.filter(({ event }) => event === 'media').length).toBeLessThan(3);
  expect(report.timeline.some(({ kind }) => kind === 'problem')).toBe(false);
});

test.each([
  [true, 1],
  [false, 0],
])('a phone network that answers pings (%j) sends a pong for %i of them', async (answersPings, count) => {
  let pongs = 0;
  server = await SmallServer.start({ '/twilio/voice': connect }, ({ event }, socket) => {
    if (event !== 'start') return;
    socket.on('pong', () => (pongs += 1));
    socket.ping();
  });
  await call({ script: { steps: [{ pauseMs: 600 }, { hangUp: true }] }, oddities: { answersPings } }).ended;
  expect(pongs).toBe(count);
});

test('a message is recorded over HTTP, and the report holds it', async () => {
  const clips = new Map([['message', new Uint8Array(3200).fill(0x20)]]);
  server = await SmallServer.start({
    '/twilio/voice': '<Response><Record action="/stored" playBeep="false"/></Response>',
    '/stored': '<Response/>',
  });
  const report = await call({ clips, script: { steps: [{ say: 'message' }, { hangUp: true }] } }).ended;

  const action = server.requests.find(({ path }) => path === '/stored');
  expect(action?.form).toMatchObject({ Digits: 'hangup', RecordingSid: report.recordings[0]?.recordingSid });
  expect(report.recordings[0]?.audio.filter((code) => code === 0x20)).toHaveLength(3200);
});

function call(options: Partial<PlaceCallOptions>): ReturnType<typeof placeCall> {
  return placeCall({
    publicUrl,
    target: server.url,
    authToken,
    accountSid,
    from: '+15005550006',
    to: '+15005550001',
    script: { steps: [] },
    codec,
    seed: 7,
    ...options,
  });
}

function send(socket: WebSocket, streamSid: string, message: object): void {
  socket.send(JSON.stringify({ streamSid, ...message }));
}
