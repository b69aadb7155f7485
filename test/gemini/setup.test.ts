import { once } from 'node:events';
import { GoogleGenAI, type LiveConnectConfig } from '@google/genai';
import { describe, expect, onTestFinished, test } from 'vitest';
import { WebSocketServer } from 'ws';
import { ParleyError } from '../../src/errors.ts';
import type { SetupSettings } from '../../src/gemini/setup-settings.ts';
import type { ToolAnswer } from '../../src/call/effects.ts';
import {
  activityInput,
  audioInput,
  audioMessage,
  liveSetup,
  pictureInput,
  textTurn,
  toolResponses,
} from '../../src/gemini/setup.ts';
import { parseClientMessage } from '../../src/sim/model/protocol/client-message.ts';
import { recordedAgent as agent, wireFixtures } from '../wire-fixtures.ts';

const answers: ToolAnswer[] = [
  { id: 'c1', name: 'lookup_record', response: { result: 'Shipped on Monday.' }, scheduling: 'whenIdle' },
  { id: 'c2', name: 'end_call', response: { result: 'The call ends.' }, scheduling: 'silent' },
];

describe('what the SDK writes on the socket', () => {
  // A key that the SDK drops or renames shows only here: the types say nothing about it.
  test('is exactly what the fixtures hold', async () => {
    const { baseUrl, frames } = await startListener(7);
    const client = new GoogleGenAI({ apiKey: 'test-key', httpOptions: { baseUrl, apiVersion: 'v1beta' } });
    const session = await client.live.connect({ ...liveSetup(agent), callbacks: { onmessage: () => {} } });
    session.sendRealtimeInput(activityInput.start);
    session.sendRealtimeInput(audioInput(Uint8Array.of(0, 1, 2, 3)));
    session.sendRealtimeInput(activityInput.end);
    session.sendRealtimeInput(pictureInput(Uint8Array.of(0xff, 0xd8, 0xff, 0xe0)));
    session.sendClientContent(textTurn('The call was just answered.'));
    session.sendToolResponse(toolResponses(answers, agent));
    const written = await frames;
    session.close();

    const fixtures = wireFixtures('gemini');
    const names = ['setup', 'activity-start', 'audio', 'activity-end', 'picture', 'text', 'tool-response'];
    expect(written).toStrictEqual(names.map((name) => JSON.parse(fixtures.get(`to-gemini-${name}`) ?? 'null')));
    expect(JSON.parse(audioMessage(Uint8Array.of(0, 1, 2, 3)))).toStrictEqual(written[2]);
  });
});

describe('a model that takes no JSON Schema', () => {
  const thinking = { ...agent, model: 'gemini-3.8-live-extended-thinking' };

  // What the SDK makes of the schema has to be what we gave it: it rewrites those that it takes for JSON Schema.
  test('is given the parameters in its own dialect, and the service reads them', async () => {
    const { baseUrl, frames } = await startListener(1);
    const client = new GoogleGenAI({ apiKey: 'test-key', httpOptions: { baseUrl, apiVersion: 'v1beta' } });
    const session = await client.live.connect({ ...liveSetup(thinking), callbacks: { onmessage: () => {} } });
    const [setup] = await frames;
    session.close();
    const parsed = parseClientMessage(setup);
    expect('message' in parsed && parsed.message.setup?.tools?.[0]?.functionDeclarations?.[0]).toEqual({
      name: 'lookup_record',
      description: 'Looks up an order.',
      behavior: 'NON_BLOCKING',
      parameters: { type: 'OBJECT', properties: { query: { type: 'STRING' } }, required: ['query'] },
    });
  });

  test('is not set up with a tool whose parameters cannot be said in it', () => {
    const parameters = { type: 'object', properties: { sizes: { type: 'array', prefixItems: [] } } };
    const measure = { name: 'measure', description: 'Measures.', behavior: 'blocking', parameters } as const;
    expect(() => liveSetup({ ...thinking, tools: [measure] })).toThrow(
      new ParleyError(
        'config.invalid',
        'The tool measure cannot be declared to gemini-3.8-live-extended-thinking, which takes no JSON Schema: "prefixItems" at sizes of its parameters has no equivalent.',
      ),
    );
    expect(() => liveSetup({ ...agent, tools: [measure] })).not.toThrow();
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
    const { config } = liveSetup({ ...agent, systemInstruction: 'word '.repeat(6000) });
    expect(config.contextWindowCompression).toEqual({
      triggerTokens: '18000',
      slidingWindow: { targetTokens: '14000' },
    });
  });
});

describe('a session', () => {
  test('continues an earlier one by its handle, and tells an recap behind the instruction', () => {
    const { config } = liveSetup(agent, { handle: 'h1', recap: 'The caller asked for A1042.' });
    expect(config.sessionResumption).toEqual({ handle: 'h1' });
    expect(config.systemInstruction).toBe('You answer the order desk.\n\nThe caller asked for A1042.');
  });

  test('begins anew without a handle and without an recap', () => {
    const { config } = liveSetup(agent, { handle: null, recap: null });
    expect(config).toEqual(liveSetup(agent).config);
    expect(config.sessionResumption).toEqual({});
    expect(config.systemInstruction).toBe('You answer the order desk.');
  });
});

describe('the settings', () => {
  test.each<[string, Partial<SetupSettings>, object]>([
    [
      'of the detection arrive in its fields',
      { speechDetection: { startSensitivity: 'low', endSensitivity: 'high', prefixMs: 200, silenceMs: 800 } },
      {
        realtimeInputConfig: {
          automaticActivityDetection: {
            startOfSpeechSensitivity: 'START_SENSITIVITY_LOW',
            endOfSpeechSensitivity: 'END_SENSITIVITY_HIGH',
            prefixPaddingMs: 200,
            silenceDurationMs: 800,
          },
        },
      },
    ],
    [
      'can turn detection off',
      { turnDetection: 'manual' },
      { realtimeInputConfig: { automaticActivityDetection: { disabled: true } } },
    ],
    [
      'can forbid interruptions',
      { interruptions: false },
      { realtimeInputConfig: { activityHandling: 'NO_INTERRUPTION' } },
    ],
    ['can add Google Search', { googleSearch: true }, { tools: [{}, { googleSearch: {} }] }],
    [
      'can add fields, which stand beside the own ones',
      {
        extra: {
          generationConfig: { maxOutputTokens: 2000 },
          realtimeInputConfig: { turnCoverage: 'TURN_INCLUDES_ALL_INPUT' },
          inputAudioTranscription: { languageCodes: ['de-AT'] },
          outputAudioTranscription: { mode: 'SMART' },
          safetySettings: [{ category: 'HARM_CATEGORY_HARASSMENT', threshold: 'OFF' }],
        },
      },
      {
        maxOutputTokens: 2000,
        realtimeInputConfig: {
          turnCoverage: 'TURN_INCLUDES_ALL_INPUT',
          automaticActivityDetection: { silenceDurationMs: 600 },
        },
        inputAudioTranscription: { languageCodes: ['de-AT'] },
        outputAudioTranscription: { mode: 'SMART' },
        safetySettings: [{ category: 'HARM_CATEGORY_HARASSMENT', threshold: 'OFF' }],
        responseModalities: ['AUDIO'],
      },
    ],
  ])('%s', (_what, settings, expected) => {
    expect(setupWith(settings)).toMatchObject(expected);
  });

  test.each([
    ['both', true, true],
    ['caller', true, false],
    ['agent', false, true],
    ['none', false, false],
  ] as const)('write down with transcription "%s" the caller: %s, and the agent: %s', (transcription, caller, own) => {
    const config = setupWith({ transcription });
    expect(['inputAudioTranscription' in config, 'outputAudioTranscription' in config]).toEqual([caller, own]);
  });

  test('can switch compression and resumption off', () => {
    const config = setupWith({ compression: null, resumption: false });
    expect(config).not.toHaveProperty('contextWindowCompression');
    expect(config).not.toHaveProperty('sessionResumption');
  });

  test('never ask for a later compression than the service takes', () => {
    const config = setupWith({ compression: { triggerTokens: 100_000, targetTokens: 90_000 } }, 'word '.repeat(20_000));
    expect(config.contextWindowCompression).toEqual({
      triggerTokens: '128000',
      slidingWindow: { targetTokens: '118000' },
    });
  });

  test('count the recap into what compression must leave alone', () => {
    const { config } = liveSetup(agent, { handle: null, recap: 'a'.repeat(2998 - agent.systemInstruction.length) });
    expect(config.contextWindowCompression?.triggerTokens).toBe('9000');
  });
});

describe('each model', () => {
  const settings = { ...agent.settings, languageCode: 'de-AT', thinkingLevel: 'high' as const };
  const extra = { generationConfig: { thinkingConfig: { includeThoughts: true } } };

  test('gets a thinking level only where it wants one', () => {
    expect(setupOf('gemini-3.8-live')).not.toHaveProperty('thinkingConfig');
    expect(setupOf('gemini-3.8-live-extended-thinking').thinkingConfig).toEqual({ thinkingLevel: 'HIGH' });
    expect(setupOf('gemini-live-2.5-flash-native-audio')).not.toHaveProperty('thinkingConfig');
  });

  test('gets the further fields of thinking beside its level', () => {
    const config = liveSetup({
      ...agent,
      model: 'gemini-3.8-live-extended-thinking',
      settings: { ...settings, extra },
    }).config;
    expect(config.thinkingConfig).toEqual({ thinkingLevel: 'HIGH', includeThoughts: true });
  });

  test('gets a language code only where it does something', () => {
    expect(setupOf('gemini-3.8-live').speechConfig).not.toHaveProperty('languageCode');
    expect(setupOf('gemini-live-2.5-flash-native-audio').speechConfig).toEqual({
      voiceConfig: { prebuiltVoiceConfig: { voiceName: 'Kore' } },
      languageCode: 'de-AT',
    });
  });

  test('is told of its tools as it takes them', () => {
    const parameters = { type: 'OBJECT', properties: { query: { type: 'STRING' } }, required: ['query'] };
    expect(setupOf('gemini-live-2.5-flash-native-audio').tools).toEqual([
      {
        functionDeclarations: [
          { name: 'lookup_record', description: 'Looks up an order.', parameters },
          { name: 'end_call', description: 'Ends the call.' },
        ],
      },
    ]);
    const parametersJsonSchema = agent.tools[0]?.parameters;
    expect(setupOf('gemini-3.8-live').tools).toMatchObject([
      { functionDeclarations: [{ behavior: 'BLOCKING', parametersJsonSchema }, { behavior: 'NON_BLOCKING' }] },
    ]);
  });

  test('gets the language of the transcript, unless a field of the setup says another', () => {
    const told = [
      {},
      { extra: { inputAudioTranscription: { languageCodes: ['nl'] } } },
      { transcription: 'agent' as const },
    ];
    expect(told.map((more) => setupWith({ transcriptionLanguage: 'de-AT', ...more }).inputAudioTranscription)).toEqual([
      { languageCodes: ['de-AT'] },
      { languageCodes: ['nl'] },
      undefined,
    ]);
  });

  test('that is unknown is set up like gemini-3.8-live', () => {
    expect(setupOf('gemini-4-live')).toEqual(setupOf('gemini-3.8-live'));
  });

  function setupOf(model: string): LiveConnectConfig {
    return liveSetup({ ...agent, model, settings }).config;
  }
});

describe('toolResponses', () => {
  test('writes neither ids nor scheduling to a model that has none', () => {
    expect(toolResponses(answers, { ...agent, model: 'gemini-live-2.5-flash-native-audio' }).functionResponses).toEqual(
      [
        { name: 'lookup_record', response: { result: 'Shipped on Monday.' } },
        { name: 'end_call', response: { result: 'The call ends.' } },
      ],
    );
  });

  test('writes no scheduling to extended thinking, which refuses it', () => {
    expect(toolResponses(answers, { ...agent, model: 'gemini-3.8-live-extended-thinking' }).functionResponses).toEqual([
      { id: 'c1', name: 'lookup_record', response: { result: 'Shipped on Monday.' } },
      { id: 'c2', name: 'end_call', response: { result: 'The call ends.' } },
    ]);
  });
});

function setupWith(settings: Partial<SetupSettings>, systemInstruction = agent.systemInstruction): LiveConnectConfig {
  return liveSetup({ ...agent, systemInstruction, settings: { ...agent.settings, ...settings } }).config;
}

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
