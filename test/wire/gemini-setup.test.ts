import { once } from 'node:events';
import { GoogleGenAI } from '@google/genai';
import { describe, expect, onTestFinished, test } from 'vitest';
import { WebSocketServer } from 'ws';
import { audioInput, liveSetup, textTurn, toolResponses } from '../../src/wire/gemini-setup.ts';
import { recordedAgent as agent, wireFixtures } from './fixtures.ts';

const answers = [
  { id: 'c1', name: 'lookup_record', response: { result: 'Shipped on Monday.' }, silent: false },
  { id: 'c2', name: 'end_call', response: { result: 'The call ends.' }, silent: true },
];

describe('what the SDK writes on the socket', () => {
  // A key that the SDK drops or renames shows only here: the types say nothing about it.
  test('is exactly what the fixtures hold', async () => {
    const { baseUrl, frames } = await startListener(4);
    const client = new GoogleGenAI({ apiKey: 'test-key', httpOptions: { baseUrl, apiVersion: 'v1beta' } });
    const session = await client.live.connect({ ...liveSetup(agent), callbacks: { onmessage: () => {} } });
    session.sendRealtimeInput(audioInput(Uint8Array.of(0, 1, 2, 3)));
    session.sendClientContent(textTurn('The call was just answered.'));
    session.sendToolResponse(toolResponses(answers, agent.model));
    const written = await frames;
    session.close();

    const fixtures = wireFixtures('gemini');
    const names = ['setup', 'audio', 'text', 'tool-response'];
    expect(written).toStrictEqual(names.map((name) => JSON.parse(fixtures.get(`to-gemini-${name}`) ?? 'null')));
  });
});

describe('liveSetup', () => {
  test('leaves the voice and the tools to the model when there are none', () => {
    const { config } = liveSetup({ ...agent, voice: null, tools: [] });
    expect(config).not.toHaveProperty('speechConfig');
    expect(config).not.toHaveProperty('tools');
  });

  test('sends no field that gemini-3.8-live refuses', () => {
    const { config } = liveSetup(agent);
    for (const refused of ['thinkingConfig', 'enableAffectiveDialog', 'proactivity', 'temperature']) {
      expect(config).not.toHaveProperty(refused);
    }
  });

  test('gives extended thinking a level and only non-blocking tools', () => {
    const { config } = liveSetup({ ...agent, model: 'gemini-3.8-live-extended-thinking' });
    expect(config.thinkingConfig).toEqual({ thinkingLevel: 'LOW' });
    expect(config.tools).toMatchObject([
      { functionDeclarations: [{ behavior: 'NON_BLOCKING' }, { behavior: 'NON_BLOCKING' }] },
    ]);
  });

  test('leaves room for the conversation beside a long instruction', () => {
    const { config } = liveSetup({ ...agent, instruction: 'word '.repeat(6000) });
    expect(config.contextWindowCompression).toEqual({
      triggerTokens: '18000',
      slidingWindow: { targetTokens: '14000' },
    });
  });
});

describe('toolResponses', () => {
  test('writes no scheduling to extended thinking, which refuses it', () => {
    expect(toolResponses(answers, 'gemini-3.8-live-extended-thinking').functionResponses).toEqual([
      { id: 'c1', name: 'lookup_record', response: { result: 'Shipped on Monday.' } },
      { id: 'c2', name: 'end_call', response: { result: 'The call ends.' } },
    ]);
  });
});

/** A socket that completes every setup and gives the first frames that came in. */
async function startListener(frameCount: number): Promise<{ baseUrl: string; frames: Promise<unknown[]> }> {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  onTestFinished(() => {
    server.close();
  });
  await once(server, 'listening');
  const frames = new Promise<unknown[]>((resolve) => {
    const seen: unknown[] = [];
    server.on('connection', (socket) => {
      socket.on('message', (data: Buffer) => {
        seen.push(JSON.parse(data.toString('utf8')));
        if (seen.length === 1) socket.send('{"setupComplete":{}}');
        if (seen.length === frameCount) resolve(seen);
      });
    });
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('the listener has no port');
  return { baseUrl: `http://127.0.0.1:${address.port}`, frames };
}
