import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { encodeBase64 } from '../../../src/encoding/base64.ts';
import { simulatedApiKey, startModelServer } from '../../../src/sim/model/hosts/server.ts';
import { until } from '../../until.ts';
import { agentClips as clips, connect, greeting, serving } from './sdk-client.ts';

const path = '//ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent';

describe('the SDK', () => {
  test('connects, is greeted with the whole clip, and has its tool call answered', async () => {
    const steps = [{ call: { name: 'look_up', args: { query: 'A1042' } } }, { say: 'goodbye', text: 'Goodbye.' }];
    const server = await serving({ turns: [{ steps }], latencyMs: 0, setupMs: 0, speed: 100 });
    const client = await connect(server.url);
    client.session.sendClientContent(greeting);
    const { toolCall } = await client.until((message) => message.toolCall !== undefined);
    const { id = '', name = '', args } = toolCall?.functionCalls?.[0] ?? {};
    expect([name, args]).toEqual(['look_up', { query: 'A1042' }]);
    client.session.sendToolResponse({ functionResponses: { id, name, response: { result: 'Shipped.' } } });
    await client.until((message) => message.serverContent?.generationComplete === true);

    const audio = client.received.flatMap((message) => message.serverContent?.modelTurn?.parts ?? []);
    const heard = Buffer.concat(audio.map((part) => Buffer.from(part.inlineData?.data ?? '', 'base64')));
    expect(heard.equals(clips.get('goodbye')?.pcm ?? new Uint8Array())).toBe(true);
    expect(server.sessions[0]?.violations).toEqual([]);
  });

  test('has its audio received byte for byte', async () => {
    const server = await serving({ turns: [], setupMs: 0 });
    const client = await connect(server.url);
    const pcm = Uint8Array.from({ length: 640 }, (_, i) => i % 251);
    for (let i = 0; i < 3; i++) {
      client.session.sendRealtimeInput({ audio: { data: encodeBase64(pcm), mimeType: 'audio/pcm;rate=16000' } });
    }
    client.session.sendClientContent(greeting);
    const session = server.sessions[0];
    await until(
      'the greeting is asked for',
      () => session?.timeline.some(({ message }) => JSON.stringify(message).includes('Greet')) === true,
    );
    expect(session?.audioReceived()).toEqual(Uint8Array.from([...pcm, ...pcm, ...pcm]));
    expect(session?.setup).toMatchObject({ setup: { model: 'models/gemini-3.8-live' } });
  });

  test('is turned away with the code and the text of the real service', async () => {
    const server = await serving({ turns: [], refuseSetup: 'quotaExceeded' });
    await expect(connect(server.url, {}, 'wrong')).rejects.toThrow(/code 1007.*API key not valid/);
    await expect(connect(server.url, { thinkingConfig: {} })).rejects.toThrow(/code 1007.*invalid argument/);
    await expect(connect(server.url)).rejects.toThrow(/code 1011.*exceeded your current quota/);
  });

  test('is told at the upgrade with an HTTP status', async () => {
    const server = await serving({ turns: [] }, { upgrade: 503 });
    await expect(connect(server.url)).rejects.toThrow(/503/);
    expect(server.sessions).toEqual([]);
  });
});

describe('the socket', () => {
  test('carries pretty-printed JSON in binary frames: 26 bytes for setupComplete', async () => {
    const server = await serving({ turns: [], setupMs: 0 });
    const socket = await open(server.url, `${path}?key=${simulatedApiKey}`);
    socket.send(JSON.stringify({ setup: { model: 'models/gemini-3.8-live' } }));
    const [data, isBinary] = await once(socket, 'message');
    expect([String(data), isBinary]).toEqual(['{\n  "setupComplete": {}\n}\n', true]);
    expect(Buffer.byteLength(String(data))).toBe(26);
  });

  test('takes the key in a header, and speaks TLS where it has a certificate', async () => {
    const tls = { key: pem('key'), cert: pem('cert') };
    const server = await serving({ turns: [], setupMs: 0 }, { tls });
    expect(server.url).toMatch(/^https:/);
    const headers = { 'x-goog-api-key': simulatedApiKey };
    const socket = new WebSocket(server.url.replace('http', 'ws') + path, { headers, ca: tls.cert });
    await once(socket, 'open');
    socket.send(JSON.stringify({ setup: { model: 'models/gemini-3.8-live' } }));
    const [data] = await once(socket, 'message');
    expect(JSON.parse(String(data))).toEqual({ setupComplete: {} });
  });

  test('closes on a frame that is not JSON', async () => {
    const server = await serving({ turns: [] });
    const socket = await open(server.url, `${path}?key=${simulatedApiKey}`);
    socket.send('setup please');
    const [code, reason] = await once(socket, 'close');
    expect([code, String(reason)]).toEqual([1007, 'Invalid JSON payload received.']);
  });

  test('is lost without a close frame where the script drops it', async () => {
    const server = await serving({ turns: [], setupMs: 0, timed: [{ atMs: 0, step: { drop: true } }] });
    const socket = await open(server.url, `${path}?key=${simulatedApiKey}`);
    socket.send(JSON.stringify({ setup: { model: 'models/gemini-3.8-live' } }));
    const [code] = await once(socket, 'close');
    expect(code).toBe(1006);
  });

  test('is not offered at another path', async () => {
    const server = await serving({ turns: [] });
    await expect(open(server.url, '/ws/something.else')).rejects.toThrow(/404/);
  });

  test('is never opened where the upgrade gets no answer, and the server closes all the same', async () => {
    const server = await serving({ turns: [] }, { upgrade: 'never' });
    const socket = new WebSocket(server.url.replace('http', 'ws') + path, { handshakeTimeout: 100 });
    await expect(once(socket, 'open')).rejects.toThrow('Opening handshake has timed out');
  });
});

test('each connection is refused, closed or left as the script says of it, and its report tells what it was told', async () => {
  const server = await serving({
    turns: [],
    setupMs: 0,
    sessions: [{ upgrade: 403 }, { timed: [{ atMs: 0, step: { close: 'restarting' } }] }],
  });
  await expect(connect(server.url)).rejects.toThrow(/403/);
  await connect(server.url);
  await until('the session ends', () => server.sessions[0]?.report().end ?? undefined);
  await connect(server.url);
  const reports = server.sessions.map((session) => session.report());
  expect(reports.map(({ session }) => session)).toEqual([2, 3]);
  expect(reports.map(({ end }) => end?.by ?? null)).toEqual([{ code: 1012, reason: '' }, null]);
  expect(reports[1]?.setup).toEqual({
    model: 'models/gemini-3.8-live',
    systemInstruction: 'You answer the order desk.',
    handle: null,
  });
});

test('a ping is answered as late as the script says', async () => {
  const server = await serving({ turns: [], setupMs: 0, pongMs: 150 });
  const socket = await open(server.url, `${path}?key=${simulatedApiKey}`);
  socket.send(JSON.stringify({ setup: { model: 'models/gemini-3.8-live' } }));
  await once(socket, 'message');
  const sentMs = performance.now();
  socket.ping();
  await once(socket, 'pong');
  expect(performance.now() - sentMs).toBeGreaterThan(140);
});

test('two sessions of one server can resume each other', async () => {
  const turns = [
    { steps: [{ say: 'goodbye', text: 'first' }], ends: 'early' as const },
    { steps: [{ say: 'goodbye', text: 'second' }] },
  ];
  const server = await serving({ turns, latencyMs: 0, setupMs: 0, speed: 100 });
  const first = await connect(server.url, { sessionResumption: {} });
  first.session.sendClientContent(greeting);
  const update = await first.until((message) => message.sessionResumptionUpdate?.resumable === true);
  const handle = update.sessionResumptionUpdate?.newHandle ?? '';
  await expect(connect(server.url, { sessionResumption: { handle } })).rejects.toThrow(/code 1011/);
  first.session.close();
  await until('the client leaves', () => server.sessions[0]?.timeline.at(-1)?.from === 'client');
  const second = await connect(server.url, { sessionResumption: { handle } });
  second.session.sendClientContent(greeting);
  const spoken = await second.until((message) => message.serverContent?.outputTranscription !== undefined);
  expect(spoken.serverContent?.outputTranscription?.text).toBe('second');
});

test('a script that cannot be used does not start a server', async () => {
  await expect(startModelServer({ script: { turns: [{ steps: [{ say: 'nothing' }] }] }, clips })).rejects.toThrow(
    'No such clip: nothing',
  );
});

function pem(what: 'key' | 'cert'): string {
  return readFileSync(new URL(`../../../fixtures/tls/loopback-${what}.pem`, import.meta.url), 'utf8');
}

async function open(url: string, target: string): Promise<WebSocket> {
  const socket = new WebSocket(url.replace('http', 'ws') + target);
  await once(socket, 'open');
  return socket;
}
