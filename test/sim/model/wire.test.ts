import { describe, expect, test } from 'vitest';
import { isJsonObject } from '../../../src/encoding/json.ts';
import { parseClientMessage } from '../../../src/sim/model/protocol/client-message.ts';
import { decodeBytes } from '../../../src/sim/model/protocol/proto-json.ts';
import { liveModel, MachineClient, serviceOf } from './machine-client.ts';

const flash31 = 'models/gemini-3.1-flash-live-preview';
const native25 = 'models/gemini-2.5-flash-native-audio-preview-12-2025';
const turns = [{ steps: [{ say: 'short' }] }, { steps: [{ say: 'short' }] }];

const setup = {
  model: liveModel,
  generationConfig: {
    responseModalities: ['AUDIO'],
    speechConfig: { voiceConfig: { prebuiltVoiceConfig: { voiceName: 'Kore' } }, languageCode: 'en-US' },
    candidateCount: 1,
    stopSequences: ['Goodbye.'],
    temperature: 0.7,
    topP: 0.9,
    topK: 40,
    maxOutputTokens: 4096,
    presencePenalty: 0.5,
    frequencyPenalty: -0.5,
    seed: 7,
    mediaResolution: 'MEDIA_RESOLUTION_LOW',
  },
  systemInstruction: { parts: [{ text: 'You answer the order desk.' }], role: 'user' },
  tools: [
    {
      functionDeclarations: [
        {
          name: 'look_up',
          behavior: 'BLOCKING',
          parameters: {
            type: 'OBJECT',
            properties: {
              query: { type: 'STRING', description: 'What to look for', minLength: '1' },
              parts: { type: 'ARRAY', items: { type: 'STRING', nullable: true }, maxItems: 3 },
              limit: { type: 'INTEGER', minimum: 1, default: 10, example: 5 },
            },
            required: ['query'],
            propertyOrdering: ['query', 'parts', 'limit'],
          },
        },
      ],
    },
    { googleSearch: {} },
  ],
  realtimeInputConfig: {
    automaticActivityDetection: {
      startOfSpeechSensitivity: 'START_SENSITIVITY_HIGH',
      prefixPaddingMs: 20,
      silenceDurationMs: 600,
    },
    activityHandling: 'START_OF_ACTIVITY_INTERRUPTS',
    turnCoverage: 'TURN_INCLUDES_ONLY_ACTIVITY',
  },
  inputAudioTranscription: { languageCodes: ['en-US'] },
  outputAudioTranscription: {},
  sessionResumption: {},
  contextWindowCompression: { triggerTokens: '12000', slidingWindow: { targetTokens: '6000' } },
  safetySettings: [{ category: 'HARM_CATEGORY_HARASSMENT', threshold: 'BLOCK_NONE' }],
  labels: { team: 'orders' },
};

describe('a message', () => {
  test.each([
    { setup },
    { realtimeInput: { audio: { data: 'AAA=', mimeType: 'audio/pcm;rate=16000' } } },
    { realtimeInput: { activityStart: {} } },
    { realtimeInput: { audioStreamEnd: true } },
    {
      clientContent: {
        turns: [
          { role: 'user', parts: [{ text: 'Where is my order?' }] },
          { role: 'model', parts: [{ functionCall: { id: '1', name: 'look_up', args: {} } }] },
          { role: 'user', parts: [{ functionResponse: { id: '1', name: 'look_up', response: {} } }] },
        ],
        turnComplete: true,
      },
    },
    {
      toolResponse: {
        functionResponses: [{ id: '1', name: 'f', response: {}, scheduling: 'SILENT', willContinue: false }],
      },
    },
  ])('spelled as the proto does is the same: %j', (message) => {
    const read = parseClientMessage(message);
    expect(read.ok).toBe(true);
    expect(parseClientMessage(spelledAsProto(message))).toEqual(read);
  });

  test('keeps the names inside of a tool answer, of arguments and of a JSON schema', () => {
    const response = { in_stock: 0, nextDelivery: null };
    const answer = { tool_response: { function_responses: [{ id: '1', name: 'f', response }] } };
    expect(parseClientMessage(answer)).toMatchObject({
      message: { toolResponse: { functionResponses: [{ response }] } },
    });
    const parametersJsonSchema = { type: 'object', properties: { order_id: { type: 'string' } } };
    const tools = [{ function_declarations: [{ name: 'f', parameters_json_schema: parametersJsonSchema }] }];
    expect(parseClientMessage({ setup: { model: liveModel, tools } })).toMatchObject({
      message: { setup: { tools: [{ functionDeclarations: [{ parametersJsonSchema }] }] } },
    });
  });

  test('leaves a field unset with null, and writes numbers as strings', () => {
    const read = parseClientMessage({
      setup: { model: liveModel, generationConfig: { seed: '7', topP: '0.9', temperature: null }, tools: null },
    });
    expect(read).toEqual({
      ok: true,
      message: { setup: { model: liveModel, generationConfig: { seed: 7, topP: 0.9 } } },
    });
  });

  test('is refused for a name in neither spelling, which is told as it was written', () => {
    const { closed } = new MachineClient({ turns: [] }).open({ generation_config: { top_p: 1, top_q: null } });
    expect(closed).toEqual({
      code: 1007,
      reason: `Invalid JSON payload received. Unknown name "top_q" at 'setup.generation_config': Cannot find field.`,
    });
  });
});

test.each([
  ['+/8=', [251, 255]],
  ['-_8=', [251, 255]],
  ['-_8', [251, 255]],
  ['AAEC', [0, 1, 2]],
  ['A', null],
  ['A?==', null],
])('the bytes of %s are %j', (text, bytes) => {
  expect(decodeBytes(text)).toEqual(bytes && Uint8Array.from(bytes));
});

test('audio in the alphabet for URLs is heard', () => {
  const client = opened();
  const pcm = Uint8Array.from({ length: 640 }, (_, at) => (at * 7) % 256);
  const data = Buffer.from(pcm).toString('base64url');
  expect(data).toMatch(/-.*_|_.*-/);
  client.send({ realtime_input: { audio: { data, mime_type: 'audio/pcm;rate=16000' } } });
  expect(client.closed).toBeNull();
  expect(client.model.audioReceived()).toEqual(pcm);
});

test.each(['codeExecution', 'urlContext', 'googleMaps', 'fileSearch', 'computerUse', 'googleSearchRetrieval'])(
  '%s is a tool that no live model takes',
  (kind) => {
    const { closed } = new MachineClient({ turns: [] }).open({ tools: [{ [kind]: {} }] });
    expect(closed).toEqual({ code: 1007, reason: 'Request contains an invalid argument.' });
  },
);

test('mediaChunks are ignored by 3.8, refused by 3.1 and heard by 2.5', () => {
  const mediaChunks = [{ data: Buffer.alloc(640, 1).toString('base64'), mimeType: 'audio/pcm;rate=16000' }];
  const outcomes = [liveModel, flash31, native25].map((model) => {
    const client = opened({ model });
    client.send({ realtimeInput: { mediaChunks } });
    const { closed, report } = client;
    return [closed, report.audio.receivedMs, report.violations.map(({ rule }) => rule)];
  });
  const reason = 'realtime_input.media_chunks is deprecated. Use audio, video, or text instead.';
  expect(outcomes).toEqual([
    [null, 0, ['GM-AUDIO-1']],
    [{ code: 1007, reason }, 0, []],
    [null, 20, []],
  ]);
});

test.for<[why: string, video: object, closed: string | null]>([
  ['a JPEG', { data: '/9j/4A==', mimeType: 'image/jpeg' }, null],
  ['a PNG', { data: 'iVBORw0KGgo=', mimeType: 'image/png' }, null],
  ['what is no picture', { data: 'AAAA', mimeType: 'image/jpeg' }, 'Request contains an invalid argument.'],
  ['another type', { data: '/9j/4A==', mimeType: 'video/mp4' }, 'Request contains an invalid argument.'],
  [
    'what is not base64',
    { data: '?', mimeType: 'image/jpeg' },
    "Invalid value at 'realtime_input.video.data' (TYPE_BYTES), Base64 decoding failed",
  ],
])('a picture is counted, or ends the session: %s', ([, video, reason]) => {
  const client = opened();
  client.send({ realtimeInput: { video } });
  expect(client.closed).toEqual(reason === null ? null : { code: 1007, reason });
  expect(client.report.pictures.count).toBe(reason === null ? 1 : 0);
});

function opened(more: object = {}): MachineClient {
  const client = new MachineClient(serviceOf({ turns, repeat: true, latencyMs: 0 })).open({ ...more });
  client.run(0);
  return client;
}

/** Every name in the other spelling. */
function spelledAsProto(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(spelledAsProto);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      spelledAsProto(member),
    ]),
  );
}
