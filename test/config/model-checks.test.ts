import { describe, expect, test } from 'vitest';
import { loadConfig } from '../../src/config/load/load-config.ts';
import { settingPath } from '../../src/config/package-folder.ts';
import { manualTurnsRefusal } from '../../src/config/model/turn-detection-checks.ts';
import { modelRules } from '../../src/gemini/models.ts';
import { problemsOf } from './problems.ts';

const thinking = 'gemini-3.8-live-extended-thinking';
const vertex25 = 'gemini-live-2.5-flash-native-audio';
const vertex = {
  GOOGLE_GENAI_USE_VERTEXAI: 'true',
  GOOGLE_CLOUD_PROJECT: 'order-desk',
  GOOGLE_CLOUD_LOCATION: 'us-central1',
};

describe('a model', () => {
  test.each(['GEMINI_MODEL', 'GEMINI_FALLBACK_MODEL'])('that was shut down is refused as %s with its date', (name) => {
    expect(problemsOf({ [name]: 'gemini-live-2.5-flash-preview' })).toEqual([
      `${name} is "gemini-live-2.5-flash-preview", which was shut down on 2025-12-09; it wants one of gemini-3.8-live, ${thinking}.`,
    ]);
  });

  test('that only writes down what is said is refused, as a preview too', () => {
    expect(problemsOf({ GEMINI_MODEL: 'gemini-3.5-transcribe-live-preview' })).toEqual([
      `GEMINI_MODEL is "gemini-3.5-transcribe-live-preview", which only writes down what is said; it wants one of gemini-3.8-live, ${thinking}.`,
    ]);
  });

  test('that exists elsewhere only is refused', () => {
    expect(problemsOf({ GEMINI_MODEL: vertex25 })).toEqual([
      `GEMINI_MODEL is "${vertex25}", which exists on Vertex AI only; it wants one of gemini-3.8-live, ${thinking}.`,
    ]);
    expect(problemsOf({ ...vertex, GEMINI_MODEL: vertex25 })).toEqual([]);
  });

  test('that nobody knows is taken with two warnings', () => {
    expect(loadConfig({ GEMINI_MODEL: 'gemini-4-live' }).warnings).toEqual([
      'GEMINI_MODEL is "gemini-4-live", which Parley does not know: it is treated like gemini-3.8-live.',
      'There is no price for gemini-4-live: its calls are reported without a cost. PRICE_TABLE_FILE can bring one.',
    ]);
  });

  test('is no fallback for itself', () => {
    expect(problemsOf({ GEMINI_MODEL: thinking, GEMINI_FALLBACK_MODEL: thinking })).toEqual([
      `GEMINI_FALLBACK_MODEL is "${thinking}"; it wants another model than GEMINI_MODEL.`,
    ]);
    expect(problemsOf({ GEMINI_FALLBACK_MODEL: 'gemini-3.8-live' })).toHaveLength(1);
  });
});

describe('thinking', () => {
  test('is refused when no model of the call thinks', () => {
    expect(problemsOf({ GEMINI_THINKING_LEVEL: 'low' })).toEqual([
      `GEMINI_THINKING_LEVEL is set, but gemini-3.8-live would refuse it; it wants ${thinking}, or no value.`,
    ]);
  });

  test.each([
    [thinking, 'gemini-3.8-live'],
    ['gemini-3.8-live', thinking],
  ])('is taken with %s before %s: only the one that thinks gets it', (model, fallback) => {
    const env = { GEMINI_MODEL: model, GEMINI_FALLBACK_MODEL: fallback, GEMINI_THINKING_LEVEL: 'medium' };
    expect(loadConfig(env).gemini.setup.thinkingLevel).toBe('medium');
  });
});

describe('manual turn detection', () => {
  test('is what the model is set up with, and otherwise its rules decide', () => {
    expect(loadConfig({ TURN_DETECTION: 'manual' }).gemini.setup.turnDetection).toBe('manual');
    expect(loadConfig({}).gemini.setup.turnDetection).toBeNull();
    expect(problemsOf({ TURN_DETECTION: 'hybrid' })).toEqual([
      'TURN_DETECTION is "hybrid"; it wants one of automatic, manual.',
    ]);
  });

  test.each([
    ['GEMINI_VAD_SILENCE_MS', '600'],
    ['GEMINI_VAD_START_SENSITIVITY', 'high'],
    ['GEMINI_VAD_END_SENSITIVITY', 'low'],
    ['GEMINI_VAD_PREFIX_MS', '100'],
  ])('has no use for %s', (name, value) => {
    expect(problemsOf({ TURN_DETECTION: 'manual', [name]: value })).toEqual([
      `${name} is set, but TURN_DETECTION is manual: then Parley hears the caller, and not the model.`,
    ]);
    expect(problemsOf({ TURN_DETECTION: 'automatic', [name]: value })).toEqual([]);
  });

  test('contradicts an agent that cannot be interrupted', () => {
    const env = { GEMINI_INTERRUPTIONS: 'false' };
    expect(problemsOf({ ...env, TURN_DETECTION: 'manual' })).toEqual([
      'GEMINI_INTERRUPTIONS is false, but TURN_DETECTION is manual: then Parley tells the model when it is interrupted.',
    ]);
    expect(problemsOf(env)).toEqual([]);
  });

  test('leaves it to nobody else when the agent yields', () => {
    expect(problemsOf({ BARGE_IN: 'off', TURN_DETECTION: 'manual' })).toEqual([
      'BARGE_IN is off, but TURN_DETECTION is manual: then the model cannot tell that the caller speaks over the agent.',
    ]);
    expect(problemsOf({ BARGE_IN: 'off' })).toEqual([]);
  });

  test('is warned of with a model on which nobody has reported', () => {
    expect(loadConfig({ TURN_DETECTION: 'manual', GEMINI_MODEL: thinking }).warnings).toEqual([
      `TURN_DETECTION is manual, and nobody has reported that ${thinking} takes it: npm run probe -- --only manual-activity asks it.`,
    ]);
    expect(loadConfig({ TURN_DETECTION: 'manual' }).warnings).toEqual([]);
  });

  test('is refused with a model that is known to refuse it', () => {
    const rules = modelRules('gemini-3.8-live');
    expect(manualTurnsRefusal('manual', { ...rules, manualTurns: 'refused' })).toBe(
      'refuses it that Parley tells when the caller speaks',
    );
    expect(manualTurnsRefusal('automatic', { ...rules, manualTurns: 'refused' })).toBeNull();
    expect(manualTurnsRefusal('manual', rules)).toBeNull();
  });
});

describe('compression', () => {
  test('wants room for two turns between its limits', () => {
    const env = { GEMINI_COMPRESSION_TRIGGER_TOKENS: '6000' };
    expect(problemsOf({ ...env, GEMINI_COMPRESSION_TARGET_TOKENS: '5001' })).toEqual([
      'GEMINI_COMPRESSION_TARGET_TOKENS is 5001; it wants at most 5000, which is 1000 less than GEMINI_COMPRESSION_TRIGGER_TOKENS.',
    ]);
    expect(problemsOf({ ...env, GEMINI_COMPRESSION_TARGET_TOKENS: '5000' })).toEqual([]);
  });

  test('that is off is warned of when calls may outlast the session', () => {
    const env = { GEMINI_COMPRESSION: 'false', MAX_CALL_SECONDS: '901' };
    expect(loadConfig(env).warnings).toEqual([
      'GEMINI_COMPRESSION is false, and MAX_CALL_SECONDS is 901: Google ends such a conversation after 900 seconds.',
    ]);
    expect(loadConfig(env).gemini.setup.compression).toBeNull();
    expect(loadConfig({ ...env, MAX_CALL_SECONDS: '900' }).warnings).toEqual([]);
  });
});

test('resumption that is off is warned of when calls may outlast a connection', () => {
  const env = { GEMINI_RESUMPTION: 'false', GEMINI_SESSION_MAX_SECONDS: '540', MAX_CALL_SECONDS: '541' };
  expect(loadConfig(env).warnings).toEqual([
    'GEMINI_RESUMPTION is false, and MAX_CALL_SECONDS is 541: after 540 seconds the model remembers only an account of the call.',
  ]);
  expect(loadConfig({ ...env, MAX_CALL_SECONDS: '540' }).warnings).toEqual([]);
});

describe('a field of the setup with a variable of its own', () => {
  test.each([
    ['GEMINI_TEMPERATURE', ['2.1', '-0.1', 'warm', '1e0', '0,7']],
    ['GEMINI_TOP_P', ['1.01', '-1']],
    ['GEMINI_TOP_K', ['0', '1001', '1.5']],
    ['GEMINI_MAX_OUTPUT_TOKENS', ['0', '65537']],
    ['GEMINI_CANDIDATE_COUNT', ['0', '9']],
    ['GEMINI_PRESENCE_PENALTY', ['-2.5', '3']],
    ['GEMINI_FREQUENCY_PENALTY', ['-2.5', '3']],
    ['GEMINI_MEDIA_RESOLUTION', ['MEDIA_RESOLUTION_LOW']],
    ['GEMINI_TURN_COVERAGE', ['all']],
  ])('%s refuses %j', (name, values) => {
    for (const value of values) {
      expect(problemsOf({ [name]: value })).toEqual([expect.stringContaining(`${name} is "${value}"; it wants`)]);
    }
  });

  test('sends nothing when it is unset', () => {
    expect(loadConfig({}).gemini.setup.extra).toEqual({});
    expect(loadConfig({ GEMINI_TOP_K: '40' }).gemini.setup.extra).toEqual({ generationConfig: { topK: 40 } });
  });

  test('is not decided a second time in GEMINI_SETUP_JSON, which may add others beside it', () => {
    expect(
      problemsOf({
        GEMINI_TEMPERATURE: '1',
        GEMINI_TURN_COVERAGE: 'activity',
        GEMINI_SETUP_JSON: JSON.stringify({
          generationConfig: { temperature: 1, topP: 1 },
          realtimeInputConfig: { turnCoverage: 'TURN_INCLUDES_ALL_INPUT' },
        }),
      }),
    ).toEqual([
      'GEMINI_TEMPERATURE is set, and GEMINI_SETUP_JSON holds generationConfig.temperature; only one of them can decide.',
      'GEMINI_TURN_COVERAGE is set, and GEMINI_SETUP_JSON holds realtimeInputConfig.turnCoverage; only one of them can decide.',
    ]);
    const beside = { GEMINI_TEMPERATURE: '1', GEMINI_SETUP_JSON: JSON.stringify({ generationConfig: { topP: 1 } }) };
    expect(loadConfig(beside).gemini.setup.extra).toEqual({ generationConfig: { temperature: 1, topP: 1 } });
  });

  test('is refused where the backend is known to refuse its value', () => {
    const covering = { GEMINI_TURN_COVERAGE: 'activity-and-video' };
    expect(problemsOf({ ...vertex, ...covering })).toEqual([
      'GEMINI_TURN_COVERAGE holds realtimeInputConfig.turnCoverage.TURN_INCLUDES_AUDIO_ACTIVITY_AND_ALL_VIDEO, but gemini-3.8-live refuses the value on Vertex AI.',
    ]);
    expect(problemsOf(covering)).toEqual([]);
  });
});

describe('GEMINI_SETUP_JSON', () => {
  test.each([
    ['generationConfig', 'is not JSON.'],
    ['[]', 'is not a JSON object.'],
    ['{"mood":1}', 'holds mood, which Parley does not know.'],
    [
      '{"generationConfig":{"temprature":1,"topP":"x"}}',
      'has a wrong generationConfig.topP: it wants a number from 0 to 1.',
      'holds generationConfig.temprature, which Parley does not know.',
    ],
    [
      '{"generationConfig":{"temperature":3}}',
      'has a wrong generationConfig.temperature: it wants a number from 0 to 2.',
    ],
    [
      '{"inputAudioTranscription":{"languageCode":"de"}}',
      'holds inputAudioTranscription.languageCode, which Parley does not know.',
    ],
    ['{"safetySettings":[{"category":"HARM_CATEGORY_HARASSMENT"}]}', 'lacks safetySettings.0.threshold.'],
    ['{"model":"x"}', 'holds model, which GEMINI_MODEL decides.'],
    ['{"sessionResumption":{}}', 'holds sessionResumption, which GEMINI_RESUMPTION decides.'],
    [
      '{"realtimeInputConfig":{"automaticActivityDetection":{"disabled":true}}}',
      'holds realtimeInputConfig.automaticActivityDetection, which TURN_DETECTION and the variables GEMINI_VAD_… decide.',
    ],
    [
      '{"generationConfig":{"thinkingConfig":{"thinkingLevel":"LOW"}}}',
      'holds generationConfig.thinkingConfig.thinkingLevel, which GEMINI_THINKING_LEVEL decides.',
    ],
  ])('%s is refused by the name of the field', (json, ...wrong) => {
    expect(problemsOf({ GEMINI_SETUP_JSON: json })).toEqual(wrong.map((what) => `GEMINI_SETUP_JSON ${what}`));
  });

  test('is held against the rules of both models', () => {
    const env = {
      GEMINI_FALLBACK_MODEL: thinking,
      GEMINI_SETUP_JSON:
        '{"generationConfig":{"thinkingConfig":{"includeThoughts":true}},"proactivity":{},"labels":{}}',
    };
    expect(problemsOf(env)).toEqual([
      'GEMINI_SETUP_JSON holds proactivity, but gemini-3.8-live decides by itself when to speak and refuses the field.',
      'GEMINI_SETUP_JSON holds generationConfig.thinkingConfig, but gemini-3.8-live does not think and refuses the field.',
      'GEMINI_SETUP_JSON holds labels, but gemini-3.8-live takes the field on Vertex AI only.',
      `GEMINI_SETUP_JSON holds proactivity, but ${thinking} decides by itself when to speak and refuses the field.`,
      `GEMINI_SETUP_JSON holds labels, but ${thinking} takes the field on Vertex AI only.`,
    ]);
  });

  test('may say nothing about a transcription that is off', () => {
    const env = { GEMINI_SETUP_JSON: '{"inputAudioTranscription":{"languageCodes":["de"]}}' };
    expect(problemsOf({ ...env, GEMINI_TRANSCRIPTION: 'agent' })).toEqual([
      'GEMINI_SETUP_JSON holds inputAudioTranscription, but GEMINI_TRANSCRIPTION is agent.',
    ]);
    expect(problemsOf({ ...env, GEMINI_TRANSCRIPTION: 'caller' })).toEqual([]);
  });

  test('arrives in the settings as it is written', () => {
    const extra = {
      generationConfig: { temperature: 1, topP: 0.9, topK: 40, maxOutputTokens: 2000, seed: -7 },
      realtimeInputConfig: { turnCoverage: 'TURN_INCLUDES_ALL_INPUT' },
      inputAudioTranscription: { languageCodes: ['de'], customVocabulary: ['Parley'] },
      outputAudioTranscription: { mode: 'SMART', wordTimestamp: true, diarization: false },
      safetySettings: [{ category: 'HARM_CATEGORY_HARASSMENT', threshold: 'OFF' }],
    };
    expect(loadConfig({ GEMINI_SETUP_JSON: JSON.stringify(extra) }).gemini.setup.extra).toEqual(extra);
  });
});

describe('Vertex AI', () => {
  const account = { type: 'service_account', client_email: 'parley@order-desk.example', private_key: 'hush hush' };

  test('wants a project and a location', () => {
    expect(problemsOf({ GOOGLE_GENAI_USE_VERTEXAI: 'true' })).toEqual([
      'GOOGLE_CLOUD_PROJECT is missing; GOOGLE_GENAI_USE_VERTEXAI wants it.',
      'GOOGLE_CLOUD_LOCATION is missing; GOOGLE_GENAI_USE_VERTEXAI wants it.',
    ]);
  });

  test('signs in with the file of a service account, or as the machine', () => {
    const file = { GOOGLE_APPLICATION_CREDENTIALS: 'key.json' };
    expect(loadConfig({ ...vertex, ...file }, () => JSON.stringify(account)).gemini.vertex).toEqual({
      project: 'order-desk',
      location: 'us-central1',
      credentialsFile: settingPath('key.json'),
    });
    expect(loadConfig(vertex).gemini.vertex?.credentialsFile).toBeNull();
  });

  test('is a way to a model for a public service', () => {
    const env = { ...vertex, PUBLIC_URL: 'https://voice.example.com', TWILIO_AUTH_TOKEN: 'token' };
    expect(problemsOf(env)).toEqual([]);
  });

  test('has no live sessions at the global location', () => {
    expect(problemsOf({ ...vertex, GOOGLE_CLOUD_LOCATION: 'global' })).toEqual([
      'GOOGLE_CLOUD_LOCATION is "global", where no live session can be had; it wants a region such as us-central1, us or eu.',
    ]);
    expect(problemsOf({ GOOGLE_CLOUD_LOCATION: 'global' })).toEqual([]);
  });

  test('refuses the turn coverage of all video', () => {
    const turnCoverage = 'TURN_INCLUDES_AUDIO_ACTIVITY_AND_ALL_VIDEO';
    const env = { GEMINI_SETUP_JSON: JSON.stringify({ realtimeInputConfig: { turnCoverage } }) };
    expect(problemsOf({ ...vertex, ...env })).toEqual([
      `GEMINI_SETUP_JSON holds realtimeInputConfig.turnCoverage.${turnCoverage}, but gemini-3.8-live refuses the value on Vertex AI.`,
    ]);
    expect(problemsOf(env)).toEqual([]);
  });

  test('and a key are not both taken', () => {
    expect(problemsOf({ ...vertex, GEMINI_API_KEY: 'key' })).toEqual([
      'GEMINI_API_KEY and GOOGLE_GENAI_USE_VERTEXAI are both set; only one of them can be the way to the model.',
    ]);
  });

  test.each([
    ['', ['is empty']],
    ['key', ['is not JSON']],
    ['{}', ['lacks type']],
    [
      '{"type":"web"}',
      [
        'has a wrong type: it wants one of service_account, external_account, impersonated_service_account, authorized_user',
      ],
    ],
    [JSON.stringify({ type: 'service_account' }), ['lacks client_email', 'lacks private_key']],
    [JSON.stringify({ ...account, private_key: 7 }), ['has a wrong private_key: it wants a text']],
  ])('refuses a file of credentials by what is missing, and shows nothing of it', (text, wrong) => {
    const problems = problemsOf({ ...vertex, GOOGLE_APPLICATION_CREDENTIALS: 'key.json' }, () => text);
    expect(problems).toEqual(
      wrong.map((what) => `GOOGLE_APPLICATION_CREDENTIALS names ${settingPath('key.json')}, which ${what}.`),
    );
  });

  test('that is off leaves the variables of other programs alone', () => {
    const env = {
      GOOGLE_CLOUD_PROJECT: 'order-desk',
      GOOGLE_CLOUD_LOCATION: 'us',
      GOOGLE_APPLICATION_CREDENTIALS: 'missing.json',
    };
    expect(loadConfig(env)).toEqual(loadConfig({}));
  });
});

test('a variable that is wrong by itself is not blamed for others', () => {
  expect(
    problemsOf({ GEMINI_MODEL: 'models/x', GEMINI_THINKING_LEVEL: 'low', GEMINI_SETUP_JSON: '{"labels":{}}' }),
  ).toEqual(['GEMINI_MODEL is "models/x"; it wants a model id, without "models/".']);
});
