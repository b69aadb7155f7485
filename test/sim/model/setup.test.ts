import { describe, expect, test } from 'vitest';
import { liveModel, MachineClient, thinkingSetup } from './machine-client.ts';

const argumentInvalid = { code: 1007, reason: 'Request contains an invalid argument.' };
const vertex25 = 'models/gemini-live-2.5-flash-native-audio';
const extendedThinking = thinkingSetup.model;
const flash31 = 'models/gemini-3.1-flash-live-preview';
const native25 = 'models/gemini-2.5-flash-native-audio-preview-12-2025';

describe('the setup', () => {
  test('is completed after its time, and not before', () => {
    const client = new MachineClient({ turns: [], setupMs: 300 }).open();
    client.run(299);
    expect(client.received).toEqual([]);
    client.run(1);
    expect(client.received).toEqual([{ atMs: 300, message: { setupComplete: {} } }]);
  });

  test('is refused to a client without the key, and not before it has come', () => {
    const closes = ['undefined', 'wrong', null].map((key) => {
      const client = new MachineClient({ turns: [] });
      client.connect(key);
      client.run(1000);
      expect(client.closed).toBeNull();
      client.send({ setup: { model: liveModel } });
      return client.closed;
    });
    const invalid = { code: 1007, reason: 'API key not valid. Please pass a valid API key.' };
    const missing = { code: 1008, reason: expect.stringMatching(/^Method doesn't allow unregistered callers/) };
    expect(closes).toEqual([invalid, invalid, missing]);
  });

  test('has to be the first message', () => {
    const client = new MachineClient({ turns: [] });
    client.connect('key');
    client.send({ realtimeInput: { text: 'hello' } });
    expect(client.closed).toEqual(argumentInvalid);
  });

  test('cannot be sent twice', () => {
    const client = new MachineClient({ turns: [] }).open();
    client.run(300);
    client.send({ setup: { model: liveModel } });
    expect(client.closed).toEqual(argumentInvalid);
  });

  test('takes the parameters of a tool in the dialect of the service', () => {
    const parameters = { type: 'object', properties: { query: { type: 'string' } }, required: ['query'] };
    const client = new MachineClient({ turns: [], setupMs: 0 });
    client.connect('key');
    client.send({ setup: { model: liveModel, tools: [{ functionDeclarations: [{ name: 'f', parameters }] }] } });
    client.run(0);
    expect(client.received).toEqual([{ atMs: 0, message: { setupComplete: {} } }]);
  });

  test('lets an early message pass and remembers it as a violation', () => {
    const client = new MachineClient({ turns: [] }).open();
    client.ask();
    expect(client.closed).toBeNull();
    expect(client.model.violations).toEqual([
      { atMs: 0, rule: 'GM-SETUP-2', what: 'clientContent was sent before setupComplete' },
    ]);
  });

  test('never answers when the script says so, and refuses when it says so', () => {
    const silent = new MachineClient({ turns: [], setupMs: 'never' }).open();
    silent.run(60_000);
    expect([silent.received, silent.closed]).toEqual([[], null]);
    const refusing = new MachineClient({ turns: [], refuseSetup: 'quotaExceeded' }).open();
    expect(refusing.closed).toMatchObject({
      code: 1011,
      reason: expect.stringMatching(/^You exceeded your current quota/),
    });
  });
});

describe('an unknown name', () => {
  test.each([
    [{ toolConfig: {} }, `Unknown name "toolConfig" at 'setup': Cannot find field.`],
    [
      { inputAudioTranscription: { languageCode: 'de' } },
      `Unknown name "languageCode" at 'setup.input_audio_transcription'`,
    ],
    [{ sessionResumption: { transparent: true } }, `Unknown name "transparent" at 'setup.session_resumption'`],
    [
      {
        tools: [{ functionDeclarations: [{ name: 'f', parameters: { type: 'OBJECT', additionalProperties: false } }] }],
      },
      `Unknown name "additionalProperties" at 'setup.tools[0].function_declarations[0].parame`,
    ],
  ])('in %j closes the session and is told', (setup, complaint) => {
    const { closed } = new MachineClient({ turns: [] }).open(setup);
    expect(closed).toMatchObject({ code: 1007, reason: expect.stringContaining(complaint) });
  });

  test('closes an open session too', () => {
    const client = new MachineClient({ turns: [] }).open();
    client.run(300);
    client.send({ realtimeInput: { sound: {} } });
    expect(client.closed).toEqual({
      code: 1007,
      reason: `Invalid JSON payload received. Unknown name "sound" at 'realtime_input': Cannot find field.`,
    });
  });

  test('is not needed: what is not JSON, or has two keys, is refused as well', () => {
    for (const message of [undefined, null, [], 'setup', { setup: { model: liveModel }, realtimeInput: {} }]) {
      const client = new MachineClient({ turns: [] });
      client.connect('key');
      client.send(message);
      expect(client.closed).toMatchObject({ code: 1007 });
    }
  });
});

describe('a model refuses', () => {
  const voice = { voiceConfig: { prebuiltVoiceConfig: { voiceName: 'Kore' } } };
  const blocking = [{ functionDeclarations: [{ name: 'f', behavior: 'BLOCKING' }] }];

  test.each([
    [liveModel, { generationConfig: { thinkingConfig: {} } }],
    [liveModel, { generationConfig: { enableAffectiveDialog: true } }],
    [liveModel, { generationConfig: { responseModalities: ['TEXT'] } }],
    [liveModel, { generationConfig: { responseModalities: ['AUDIO', 'TEXT'] } }],
    [liveModel, { proactivity: { proactiveAudio: false } }],
    [liveModel, { tools: [{ functionDeclarations: [{ name: 'f' }, { name: 'f' }] }] }],
    [liveModel, { tools: [{ functionDeclarations: [{ name: '1st' }] }] }],
    [extendedThinking, { ...thinkingSetup, tools: blocking }],
    [extendedThinking, { generationConfig: { thinkingConfig: { thinkingLevel: 'minimal' } } }],
    [native25, { generationConfig: { thinkingConfig: { thinkingLevel: 'LOW' } } }],
    [vertex25, { tools: blocking }],
    [vertex25, { tools: [{ functionDeclarations: [{ name: 'f', parametersJsonSchema: { type: 'object' } }] }] }],
  ])('%s with %j', (model, setup) => {
    expect(new MachineClient({ turns: [] }).open({ model, ...setup }).closed).toEqual(argumentInvalid);
  });

  test.each([
    [
      { generationConfig: { responseModalities: ['TEXT'], speechConfig: voice } },
      1007,
      'Cannot extract voices from a non-audio request.',
    ],
    [{ model: extendedThinking }, 1007, 'Thinking level must be specified'],
    [
      { model: 'models/gemini-4-live' },
      1008,
      'models/gemini-4-live is not found for API version v1beta, or is not supported for bidiGenerateContent.',
    ],
    [
      { realtimeInputConfig: { automaticActivityDetection: { startOfSpeechSensitivity: 'START_SENSITIVITY_MEDIUM' } } },
      1007,
      "Invalid value at 'setup.realtime_input_config.automatic_activity_detection.start_of_speech",
    ],
    [
      { contextWindowCompression: { triggerTokens: '4999' } },
      1007,
      "Invalid value at 'setup.context_window_compression",
    ],
  ])('%j with %i and a text of its own', (setup, code, reason) => {
    const { closed } = new MachineClient({ turns: [] }).open(setup);
    expect(closed).toMatchObject({ code, reason: expect.stringContaining(reason) });
  });
});

describe('a model takes', () => {
  test.each([
    [liveModel, { proactivity: { proactiveAudio: true }, tools: [{ googleSearch: {} }] }],
    [
      liveModel,
      { generationConfig: { responseModalities: ['AUDIO'] }, contextWindowCompression: { triggerTokens: '8000' } },
    ],
    [extendedThinking, { generationConfig: { thinkingConfig: { thinkingLevel: 'LOW', includeThoughts: true } } }],
    [flash31, { generationConfig: { thinkingConfig: { thinkingLevel: 'minimal' } } }],
    [native25, { generationConfig: { thinkingConfig: { thinkingBudget: 0 }, enableAffectiveDialog: true } }],
  ])('%s with %j', (model, setup) => {
    const client = new MachineClient({ turns: [] }).open({ model, ...setup });
    client.run(300);
    expect(client.words()).toContain('setupComplete');
  });

  test('or leaves a field it does not know without any answer, as 3.1 does', () => {
    for (const setup of [{ proactivity: {} }, { generationConfig: { enableAffectiveDialog: true } }]) {
      const client = new MachineClient({ turns: [] }).open({ model: flash31, ...setup });
      client.run(60_000);
      expect([client.received, client.closed]).toEqual([[], null]);
    }
  });
});

test('a service that does not know a field refuses the setup that holds it, and no other', () => {
  const unknownFields = ['inputAudioTranscription.languageCodes', 'proactivity'];
  const refused = new MachineClient({ turns: [], unknownFields }).open({
    inputAudioTranscription: { languageCodes: ['de-AT'] },
  });
  expect(refused.closed).toEqual({
    code: 1007,
    reason:
      `Invalid JSON payload received. Unknown name "languageCodes" at 'setup.input_audio_transcription': Cannot find field.`.slice(
        0,
        123,
      ),
  });
  const other = new MachineClient({ turns: [], unknownFields }).open({ proactivity: { proactiveAudio: true } });
  expect(other.closed).toMatchObject({ reason: expect.stringContaining(`Unknown name "proactivity" at 'setup'`) });
  expect(new MachineClient({ turns: [], unknownFields }).open({ inputAudioTranscription: {} }).closed).toBeNull();
});

test('3.1 tells when it hears the caller, by the name on the wire, and 3.8 does not', () => {
  const told = [flash31, liveModel].map((model) => {
    const client = new MachineClient({ setupMs: 0, turns: [] }).open({ model });
    client.speak();
    return client.values('voiceActivity', 'type');
  });
  expect(told).toEqual([['ACTIVITY_START', 'ACTIVITY_END'], []]);
});
