import { once } from 'node:events';
import { describe, expect, test, type TestContext } from 'vitest';
import { WebSocketServer } from 'ws';
import { systemClock } from '../../src/system/clock.ts';
import { Refusals } from '../../src/system/refusals.ts';
import { WebSocketEnd } from '../../src/system/web-socket/web-socket.ts';
import { MediaHandshakes } from '../../src/twilio/media-handshake.ts';
import { authToken, type SceneOptions, ServiceScene } from '../e2e/service-scene.ts';
import { LogLines } from '../log-lines.ts';
import { until } from '../until.ts';
import { callForm, callSid, post, RawStream, streamSid, tokenIn, upgradeSignature } from './twilio-client.ts';

/** One frame of 160 bytes as the model gets it: 20 ms of PCM16 at 16 kHz. */
const pcmBytesPerFrame = 640;

describe('an upgrade', () => {
  test.for([
    ['without a signature', '/twilio/media', '', 403],
    ['with a wrong signature', '/twilio/media', 'bm90IGEgc2lnbmF0dXJl', 403],
    ['at another path', '/twilio/voice', undefined, 404],
    ['at a path below', '/twilio/media/.websocket', undefined, 404],
    ['with a query', '/twilio/media?token=1', undefined, 404],
  ] as const)('%s is refused before the handshake', async ([, path, signature, status], context) => {
    const { scene } = await ringing(context);
    await expect(RawStream.open(scene.url, path, signature)).rejects.toThrow(String(status));
    expect(scene.log.text).not.toContain(authToken);
  });

  test('is signed over the address, with or without its slash and port', async (context) => {
    const { scene } = await ringing(context);
    expect((await RawStream.open(scene.url)).closeCode).toBeNull();
    const address = 'wss://parley.example';
    const signatures = [`${address}:443/twilio/media`, `${address}/twilio/media/`].map(upgradeSignature);
    for (const signature of signatures) {
      expect((await RawStream.open(scene.url, '/twilio/media', signature)).closeCode).toBeNull();
    }
  });
});

describe('a media socket', () => {
  test('that sends no start in time is closed', async (context) => {
    const sockets = new WebSocketServer({ port: 0, host: '127.0.0.1' });
    await once(sockets, 'listening');
    context.onTestFinished(() => sockets.close());
    const log = new LogLines();
    const refusals = new Refusals(systemClock, log.logger);
    const parts = { clock: systemClock, callsMax: 1, findCall: () => null, refusals, log: log.logger };
    const handshakes = new MediaHandshakes(parts);
    sockets.on('connection', (socket, { socket: connection }) =>
      handshakes.accept(new WebSocketEnd(socket, connection), null, 50),
    );
    const address = sockets.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const stream = await RawStream.open(`http://127.0.0.1:${port}`, '/', '');
    stream.send({ event: 'connected', protocol: 'Call', version: '1.0.0' });
    expect(await stream.closed()).toBe(1008);
    expect(log.named('streamRefused')).toMatchObject([{ fault: 'stream.startMissing' }]);
  });

  test('that talks on without a start is closed', async (context) => {
    const { scene } = await ringing(context);
    const stream = await RawStream.open(scene.url);
    stream.speak(5);
    expect(await stream.closed()).toBe(1008);
  });

  test.for([
    ['a wrong token of the right length', 'x'.repeat(32)],
    ['a short token', 'x'],
    ['a token of other letters, whose bytes are more', 'é'.repeat(32)],
    ['an empty token', ''],
    ['a token that is no text', 7],
    ['no token', undefined],
  ] as const)('with %s is closed, and the call still gets its stream', async ([, token], context) => {
    const { scene, token: right } = await ringing(context);
    const wrong = await RawStream.open(scene.url);
    wrong.start(token);
    wrong.speak(5);
    expect(await wrong.closed()).toBe(1008);
    const stream = await RawStream.open(scene.url);
    stream.start(right);
    await until('the stream starts', () => scene.log.named('streamStarted').length === 1);
    expect(stream.closeCode).toBeNull();
  });

  test('for a call that is unknown, or has ended, is closed', async (context) => {
    const { scene, token } = await ringing(context);
    const unknown = await RawStream.open(scene.url);
    unknown.start(token, `CA${'0'.repeat(32)}`);
    expect(await unknown.closed()).toBe(1008);
    await post(scene.url, '/twilio/status', callForm({ CallStatus: 'completed' }));
    const late = await RawStream.open(scene.url);
    late.start(token);
    expect(await late.closed()).toBe(1008);
    const faults = scene.log.named('streamRefused').map(({ fault }) => fault);
    expect(faults).toEqual(['stream.tokenInvalid', 'stream.tokenInvalid']);
  });

  test('with a token that was used before is closed, and the one that used it goes on', async (context) => {
    const { scene, stream, token } = await talking(context);
    const second = await RawStream.open(scene.url);
    second.start(token);
    expect(await second.closed()).toBe(1008);
    await goesOn(scene, stream);
  });

  test('wins alone when two race with one token', async (context) => {
    const { scene, token } = await ringing(context);
    const streams = await Promise.all([RawStream.open(scene.url), RawStream.open(scene.url)]);
    for (const stream of streams) stream.start(token);
    await until('one is closed', () => streams.some(({ closeCode }) => closeCode !== null));
    await until('one has started', () => scene.log.named('streamStarted').length > 0);
    expect(streams.filter(({ closeCode }) => closeCode === 1008)).toHaveLength(1);
    expect(scene.log.named('streamStarted')).toHaveLength(1);
    expect(scene.log.named('streamRefused')).toHaveLength(1);
  });
});

describe('a stream', () => {
  test('skips what cannot be used, and the call goes on', async (context) => {
    const { scene, stream } = await talking(context);
    for (const frame of unusable) {
      stream.send(frame);
      stream.send(frame);
      await goesOn(scene, stream);
    }
    // The first of a kind is one line; more of it must not flood the log.
    expect(scene.log.named('frameRejected').map(({ fault }) => fault)).toEqual([
      'stream.frameNotJson',
      'stream.frameInvalid',
      'stream.frameBinary',
      'stream.eventUnknown',
      'stream.sidMismatch',
    ]);
    await post(scene.url, '/twilio/status', callForm({ CallStatus: 'completed' }));
    await until('the call ends', () => scene.log.named('callEnded').length === 1);
    expect(scene.log.named('callEnded')).toMatchObject([{ messagesRejected: 2 * unusable.length }]);
  });

  test('that sends too many bad frames is closed, and the call comes back with a fresh one', async (context) => {
    const { scene, stream, token } = await talking(context);
    for (let sent = 0; sent < 50; sent += 1) stream.send('junk');
    await goesOn(scene, stream);
    stream.send('junk');
    expect(await stream.closed()).toBe(1008);
    await comesBack(scene, token);
  });

  test('with a frame of more than 64 KiB is closed alone, and the call comes back', async (context) => {
    const { scene, stream, token } = await talking(context);
    const bystander = await RawStream.open(scene.url);
    stream.send(media('A'.repeat(70_000)));
    expect(await stream.closed()).toBe(1009);
    await comesBack(scene, token);
    expect(bystander.closeCode).toBeNull();
  });

  test('that is lost without a word leaves the call to come back', async (context) => {
    const { scene, stream, token } = await talking(context);
    stream.socket.terminate();
    await comesBack(scene, token);
    expect(scene.log.named('streamRefused')).toEqual([]);
  });

  test.concurrent('that answers pings no more is taken for dead, and the call comes back', async (context) => {
    const { scene, stream, token } = await talking(context);
    stream.socket.pause();
    await until('the stream is given up', () => scene.log.named('phase').some(({ to }) => to === 'betweenStreams'));
    await comesBack(scene, token);
    expect(scene.log.named('streamRefused')).toEqual([]);
  });

  test.concurrent('of a muted phone stays, because pings are answered', async (context) => {
    const { stream } = await talking(context);
    let pings = 0;
    stream.socket.on('ping', () => (pings += 1));
    await until('more pings than may go unanswered', () => pings > 4);
    expect(stream.closeCode).toBeNull();
  });

  test('gives way to a second one that was asked for', async (context) => {
    const { scene, stream } = await talking(context);
    const answer = await post(scene.url, '/twilio/stream-ended', callForm({ CallStatus: 'in-progress' }));
    expect(await stream.closed()).toBe(1000);
    const second = await RawStream.open(scene.url);
    second.start(tokenIn(answer.text));
    await goesOn(scene, second);
  });

  test('that has given way can no longer be heard, nor end the call', async (context) => {
    const { scene, stream } = await talking(context);
    // It does not see that it is closed, as behind a slow network.
    stream.socket.pause();
    const { text } = await post(scene.url, '/twilio/stream-ended?stream=1', callForm({ CallStatus: 'in-progress' }));
    const second = await RawStream.open(scene.url);
    second.start(tokenIn(text));
    await until('the second stream starts', () => scene.log.named('streamStarted').length === 2);
    stream.speak(30);
    for (let sent = 0; sent < 60; sent += 1) stream.send('junk');
    stream.send({ event: 'stop', sequenceNumber: '200', streamSid, stop: { accountSid: 'AC1', callSid } });
    stream.socket.terminate();
    await goesOn(scene, second);
    expect(scene.log.named('frameRejected')).toEqual([]);
    expect(scene.model.sessions).toHaveLength(1);
  });

  test('whose end is told late, when another one runs, ends nothing', async (context) => {
    const { scene, stream } = await talking(context);
    stream.socket.terminate();
    const path = '/twilio/stream-ended?stream=1';
    const form = callForm({ CallStatus: 'in-progress' });
    const { text } = await post(scene.url, path, form);
    const second = await RawStream.open(scene.url);
    second.start(tokenIn(text));
    await until('the second stream starts', () => scene.log.named('streamStarted').length === 2);
    expect((await post(scene.url, path, form)).text).toBe(text);
    await goesOn(scene, second);
  });

  test('that comes late does not use up the token of the next one', async (context) => {
    const { scene, token } = await ringing(context);
    const { text } = await post(scene.url, '/twilio/stream-ended?stream=1', callForm({ CallStatus: 'in-progress' }));
    const late = await RawStream.open(scene.url);
    late.start(token);
    expect(await late.closed()).toBe(1008);
    const next = await RawStream.open(scene.url);
    next.start(tokenIn(text));
    await until('the stream starts', () => scene.log.named('streamStarted').length === 1);
    expect(next.closeCode).toBeNull();
  });
});

function media(payload: unknown) {
  return {
    event: 'media',
    sequenceNumber: '9',
    streamSid,
    media: { track: 'inbound', chunk: '9', timestamp: '180', payload },
  };
}

/** Twice as many are fewer than it takes to be cut off. */
const unusable = [
  'media',
  'null',
  '[]',
  Uint8Array.of(1, 2, 3),
  { event: 'video', sequenceNumber: '9', streamSid },
  { event: 7, sequenceNumber: '9', streamSid },
  { ...media('AAAA'), streamSid: 'MZ0' },
  { ...media('AAAA'), sequenceNumber: 9 },
  media(7),
  media('????'),
  // Base64 without its padding.
  media('AAA'),
  media(''),
  { ...media('AAAA'), media: { ...media('AAAA').media, track: 'outbound' } },
  { event: 'mark', sequenceNumber: '9', streamSid, mark: {} },
  { event: 'dtmf', sequenceNumber: '9', streamSid, dtmf: { digit: 'A' } },
  { event: 'start', sequenceNumber: '9', streamSid, start: {} },
];

/** A call that Twilio has told us of, and the token for its stream. It is over when the test is. */
async function ringing(context: TestContext, options: SceneOptions = {}) {
  const scene = await ServiceScene.open(context, options);
  const { text } = await post(scene.url, '/twilio/voice', callForm());
  context.onTestFinished(async () => {
    await post(scene.url, '/twilio/status', callForm({ CallStatus: 'completed' }));
  });
  return { scene, token: tokenIn(text) };
}

/** A call whose caller has spoken over the greeting, so that the model hears whatever is said. */
async function talking(context: TestContext) {
  const { scene, token } = await ringing(context);
  const stream = await RawStream.open(scene.url);
  stream.start(token);
  await until('the greeting is heard', () => stream.received.some(({ event }) => event === 'media'));
  stream.speak(40);
  // Silence goes out while the greeting plays; with the 35th frame of speech the caller gets the word.
  await until('the model hears the caller', () => heardBytes(scene) >= (34 + 40) * pcmBytesPerFrame);
  return { scene, stream, token };
}

async function goesOn(scene: ServiceScene, stream: RawStream): Promise<void> {
  const before = heardBytes(scene);
  stream.speak(10);
  await until('the model hears the caller', () => heardBytes(scene) >= before + 10 * pcmBytesPerFrame);
  // On a busy machine silence is filled in between the frames.
  expect(heardBytes(scene)).toBeGreaterThanOrEqual(before + 10 * pcmBytesPerFrame);
  expect(stream.closeCode).toBeNull();
}

/** Twilio asks what comes next, and the call goes on in a new stream with a new token. */
async function comesBack(scene: ServiceScene, oldToken: string): Promise<void> {
  const { text } = await post(scene.url, '/twilio/stream-ended', callForm({ CallStatus: 'in-progress' }));
  expect(text).toContain('<Stream');
  expect(tokenIn(text)).not.toBe(oldToken);
  const stream = await RawStream.open(scene.url);
  stream.start(tokenIn(text));
  await until('the stream starts', () => scene.log.named('streamStarted').length === 2);
  await goesOn(scene, stream);
  expect(scene.model.sessions).toHaveLength(1);
}

function heardBytes(scene: ServiceScene): number {
  return scene.model.sessions[0]?.audioReceived().length ?? 0;
}
