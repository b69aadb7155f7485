import { expect, test } from 'vitest';

import { loadConfig } from '../../src/config/load/load-config.ts';
import { about } from '../../src/config/about.ts';
import { type DialTarget, usualAnnouncement } from '../../src/call/phone/destination.ts';
import { usualBargeIn } from '../../src/call/turns/barge-in-rule.ts';
import { environment } from '../../src/config/environment.ts';
import { defaultPrompt } from '../../src/config/system-instruction.ts';
import { builtInPrices } from '../../src/config/prices.ts';
import { standardSetup } from '../../src/gemini/setup-settings.ts';
import { settingPath } from '../../src/config/package-folder.ts';
import { problemsOf } from './problems.ts';

const accountSid = `AC${'0123456789abcdef'.repeat(2)}`;
const authToken = '0123456789abcdef'.repeat(2);
const keySid = `SK${'0123456789abcdef'.repeat(2)}`;

test('an empty environment gives a service that only this machine can reach, with the simulated model', () => {
  expect(loadConfig({})).toEqual({
    http: { port: 8080, host: '127.0.0.1', publicUrl: null, instance: null },
    workers: null,
    admin: { port: 8081, host: '127.0.0.1', url: null, fleetUrl: null, token: null, callsAct: false },
    logLevel: 'info',
    gemini: {
      apiKey: null,
      vertex: null,
      baseUrl: null,
      model: 'gemini-3.8-live',
      fallbackModel: null,
      sessionSecondsMax: 540,
      setup: standardSetup,
    },
    prices: builtInPrices,
    twilio: { accountSid: null, authToken: null, apiKey: null, signing: { authTokens: [], webhookSecrets: [] } },
    agent: {
      prompt: defaultPrompt,
      greeting: 'Hello, this is Parley. How can I help you?',
      voice: 'Kore',
      language: null,
      languageTag: null,
      apology: 'I am sorry, something went wrong on our side.',
      fillerPhraseFile: null,
      schedule: { week: null, holidays: [], timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone },
      contextDefaults: new Map(),
    },
    contextWebhook: null,
    transfers: { country: null, accept: 'press1', announcement: usualAnnouncement },
    transferDestinations: new Map(),
    fallback: { number: null, voicemail: null },
    voicemail: {
      prompt: 'Please leave a message after the tone.',
      thanks: 'Thank you. Goodbye.',
      secondsMax: 120,
    },
    lookupFile: null,
    promptFile: null,
    agentsFile: null,
    toolsFile: null,
    toolsFolder: { path: settingPath('tools'), isNamed: false, privateHosts: [] },
    limits: {
      callSecondsMax: 1800,
      concurrentCallsMax: 50,
      callsPerProcess: 50,
      eventLoopDelayMsMax: 100,
      drainSeconds: 300,
      drainTo: 'restart',
    },
    recordDir: null,
    patience: { toneMs: 1500, phraseMs: 4000, stepMs: 4000, idleMs: 15_000, setupMs: 4000, outageMs: 15_000 },
    bargeIn: usualBargeIn,
    journal: { database: null, file: settingPath('data/journal.sqlite'), keepDays: 30, keepsWords: true },
    tracing: null,
    warnings: [],
  });
});

test('a full environment arrives in every setting', () => {
  const env = {
    PORT: '0',
    HOST: '0.0.0.0',
    PUBLIC_URL: 'https://Voice.parley.dev/',
    INSTANCE: 'voice-2',
    WORKERS: '1',
    LOG_LEVEL: 'debug',
    GEMINI_API_KEY: 'key',
    GEMINI_MODEL: 'gemini-3.8-live-extended-thinking',
    GEMINI_FALLBACK_MODEL: 'gemini-3.8-live',
    GEMINI_BASE_URL: 'http://127.0.0.1:9000/',
    GEMINI_SESSION_MAX_SECONDS: '600',
    GEMINI_RESUMPTION: 'false',
    GEMINI_COMPRESSION: 'true',
    GEMINI_COMPRESSION_TRIGGER_TOKENS: '6000',
    GEMINI_COMPRESSION_TARGET_TOKENS: '3000',
    GEMINI_TRANSCRIPTION: 'caller',
    TURN_DETECTION: 'automatic',
    GEMINI_VAD_START_SENSITIVITY: 'low',
    GEMINI_VAD_END_SENSITIVITY: 'high',
    GEMINI_VAD_PREFIX_MS: '200',
    GEMINI_VAD_SILENCE_MS: '700',
    GEMINI_INTERRUPTIONS: 'false',
    GEMINI_THINKING_LEVEL: 'high',
    GEMINI_GOOGLE_SEARCH: 'true',
    GEMINI_TEMPERATURE: '0.7',
    GEMINI_TOP_P: '0.95',
    GEMINI_TOP_K: '40',
    GEMINI_MAX_OUTPUT_TOKENS: '2000',
    GEMINI_CANDIDATE_COUNT: '1',
    GEMINI_PRESENCE_PENALTY: '-0.5',
    GEMINI_FREQUENCY_PENALTY: '1',
    GEMINI_MEDIA_RESOLUTION: 'low',
    GEMINI_TURN_COVERAGE: 'all-input',
    GEMINI_SETUP_JSON: '{"generationConfig":{"seed":7},"safetySettings":[]}',
    PRICE_TABLE_FILE: 'prices.json',
    GOOGLE_GENAI_USE_VERTEXAI: 'false',
    TWILIO_ACCOUNT_SID: accountSid,
    TWILIO_AUTH_TOKEN: authToken,
    TWILIO_SECONDARY_AUTH_TOKEN: 'fedcba9876543210fedcba9876543210',
    TWILIO_WEBHOOK_SECRET: 'shared',
    TWILIO_SECONDARY_WEBHOOK_SECRET: 'shared-too',
    TWILIO_API_KEY_SID: keySid,
    TWILIO_API_KEY_SECRET: 'secret',
    AGENT_PROMPT_FILE: 'prompt.txt',
    AGENT_GREETING: 'Good day.',
    AGENT_VOICE: 'Puck',
    AGENT_LANGUAGE: 'de-AT',
    AGENT_APOLOGY: 'Sorry.',
    FILLER_PHRASE_FILE: 'moment.wav',
    AGENTS_FILE: 'agents.yaml',
    LOOKUP_FILE: 'orders.csv',
    TOOLS_FILE: 'tools.yaml',
    TOOLS_DIR: '/etc/parley/tools',
    TIME_ZONE: 'europe/vienna',
    BUSINESS_HOURS: 'Sun 10-12',
    HOLIDAYS_FILE: 'holidays.txt',
    CONTEXT_DEFAULTS: 'customer=our customer',
    CONTEXT_WEBHOOK: 'https://crm.parley.dev/call?key=1',
    CONTEXT_WEBHOOK_SECRET: 'webhook-secret',
    TOOLS_PRIVATE_HOSTS: 'erp.internal, localhost:9000,[::1]:80',
    TRANSFER_DESTINATIONS: 'support=+49 30 901820, sales = 01 2345678x42',
    TRANSFER_ACCEPT: 'none',
    TRANSFER_ANNOUNCEMENT: 'Anruf von {{caller}}.',
    PHONE_COUNTRY: 'at',
    FALLBACK_DESTINATION: '01 2345679',
    FALLBACK_VOICEMAIL: 'true',
    VOICEMAIL_PROMPT: 'Speak.',
    VOICEMAIL_THANKS: 'Bye.',
    VOICEMAIL_MAX_SECONDS: '600',
    MAX_CALL_SECONDS: '30',
    MAX_CONCURRENT_CALLS: '20',
    CALLS_PER_PROCESS: '10',
    MAX_EVENT_LOOP_DELAY_MS: 'off',
    DRAIN_SECONDS: '0',
    DRAIN_TO: 'fallback',
    RECORD_DIR: 'calls',
    COMFORT_TONE_MS: '1000',
    BARGE_IN: 'usual',
    BARGE_IN_HOLD_MS: '200',
    BARGE_IN_MS: '500',
    FILLER_PHRASE_MS: '2000',
    RECOVERY_STEP_MS: '3000',
    CALLER_PROMPT_MS: '20000',
    MODEL_SETUP_MS: '2500',
    MODEL_OUTAGE_MS: '9000',
    DATABASE_URL: 'postgres://parley:p%40ss@db.example.com/parley?sslmode=verify-full',
    JOURNAL_FILE: 'off',
    JOURNAL_KEEP_DAYS: '7',
    HISTORY_WORDS: 'off',
    ADMIN_PORT: 'OFF',
    ADMIN_HOST: '0.0.0.0',
    ADMIN_URL: 'https://admin.parley.dev/',
    ADMIN_FLEET_URL: 'https://10.0.0.7:8443/',
    ADMIN_TOKEN: 'a-token-of-an-operator',
    ADMIN_CALLS_ACT: 'true',
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318/',
    OTEL_EXPORTER_OTLP_HEADERS: 'api-key=a%20secret, tenant=one',
    OTEL_SERVICE_NAME: 'front-desk',
  };
  const unset = Object.keys(environment.shape).filter((name) => !(name in env));
  expect(unset).toEqual([
    'AGENT_PROMPT',
    'HOLIDAYS',
    'TRANSFER_DESTINATIONS_FILE',
    'GOOGLE_CLOUD_PROJECT',
    'GOOGLE_CLOUD_LOCATION',
    'GOOGLE_APPLICATION_CREDENTIALS',
  ]);
  const prices = { ...builtInPrices, date: '2026-11-01' };
  const readTextFile = (path: string) => {
    if (path === settingPath('holidays.txt')) return '# Closed\n12-25 closed Christmas Day\n';
    return path === settingPath('prices.json') ? JSON.stringify(prices) : `You are in ${path}.\n`;
  };
  expect(loadConfig(env, readTextFile)).toEqual({
    http: { port: 0, host: '0.0.0.0', publicUrl: 'https://voice.parley.dev', instance: 'voice-2' },
    workers: 1,
    admin: {
      port: null,
      host: '0.0.0.0',
      url: 'https://admin.parley.dev',
      fleetUrl: 'https://10.0.0.7:8443',
      token: 'a-token-of-an-operator',
      callsAct: true,
    },
    logLevel: 'debug',
    gemini: {
      apiKey: 'key',
      vertex: null,
      baseUrl: 'http://127.0.0.1:9000',
      model: 'gemini-3.8-live-extended-thinking',
      fallbackModel: 'gemini-3.8-live',
      sessionSecondsMax: 600,
      setup: {
        turnDetection: 'automatic',
        speechDetection: { startSensitivity: 'low', endSensitivity: 'high', prefixMs: 200, silenceMs: 700 },
        interruptions: false,
        thinkingLevel: 'high',
        compression: { triggerTokens: 6000, targetTokens: 3000 },
        resumption: false,
        transcription: 'caller',
        googleSearch: true,
        languageCode: 'de-AT',
        transcriptionLanguage: 'de-AT',
        extra: {
          generationConfig: {
            temperature: 0.7,
            topP: 0.95,
            topK: 40,
            maxOutputTokens: 2000,
            candidateCount: 1,
            presencePenalty: -0.5,
            frequencyPenalty: 1,
            mediaResolution: 'MEDIA_RESOLUTION_LOW',
            seed: 7,
          },
          realtimeInputConfig: { turnCoverage: 'TURN_INCLUDES_ALL_INPUT' },
          safetySettings: [],
        },
      },
    },
    prices,
    twilio: {
      accountSid,
      authToken,
      apiKey: { sid: keySid, secret: 'secret' },
      signing: {
        authTokens: [authToken, 'fedcba9876543210fedcba9876543210'],
        webhookSecrets: ['shared', 'shared-too'],
      },
    },
    agent: {
      prompt: `You are in ${settingPath('prompt.txt')}.`,
      greeting: 'Good day.',
      voice: 'Puck',
      language: 'Austrian German',
      languageTag: 'de-AT',
      apology: 'Sorry.',
      fillerPhraseFile: settingPath('moment.wav'),
      schedule: {
        week: [[], [], [], [], [], [], [{ fromMinute: 600, toMinute: 720 }]],
        holidays: [{ when: { kind: 'yearly', month: 12, dayOfMonth: 25 }, spans: [], name: 'Christmas Day' }],
        timeZone: 'Europe/Vienna',
      },
      contextDefaults: new Map([['customer', 'our customer']]),
    },
    contextWebhook: { url: 'https://crm.parley.dev/call?key=1', secret: 'webhook-secret' },
    transferDestinations: new Map([
      ['support', planned({ address: '+4930901820' })],
      ['sales', planned({ address: '+4312345678', digits: 'ww42' })],
    ]),
    fallback: { number: '+4312345679', voicemail: { prompt: 'Speak.', thanks: 'Bye.', secondsMax: 600 } },
    voicemail: { prompt: 'Speak.', thanks: 'Bye.', secondsMax: 600 },
    transfers: { country: 'AT', accept: 'none', announcement: 'Anruf von {{caller}}.' },
    lookupFile: settingPath('orders.csv'),
    promptFile: settingPath('prompt.txt'),
    agentsFile: settingPath('agents.yaml'),
    toolsFile: settingPath('tools.yaml'),
    toolsFolder: {
      path: '/etc/parley/tools',
      isNamed: true,
      privateHosts: ['erp.internal', 'localhost:9000', '[::1]:80'],
    },
    limits: {
      callSecondsMax: 30,
      concurrentCallsMax: 20,
      callsPerProcess: 10,
      eventLoopDelayMsMax: null,
      drainSeconds: 0,
      drainTo: 'fallback',
    },
    recordDir: settingPath('calls'),
    patience: { toneMs: 1000, phraseMs: 2000, stepMs: 3000, idleMs: 20_000, setupMs: 2500, outageMs: 9000 },
    bargeIn: { ...usualBargeIn, holdMs: 200, yieldMs: 500 },
    journal: {
      database: 'postgres://parley:p%40ss@db.example.com/parley?sslmode=verify-full&uselibpqcompat=true',
      file: null,
      keepDays: 7,
      keepsWords: false,
    },
    tracing: {
      endpoint: 'http://127.0.0.1:4318',
      headers: new Map([
        ['api-key', 'a secret'],
        ['tenant', 'one'],
      ]),
      serviceName: 'front-desk',
    },
    warnings: [],
  });
});

test('signatures cannot be checked without the address that they sign', () => {
  expect(problemsOf({ TWILIO_AUTH_TOKEN: 'token' })).toEqual([
    'PUBLIC_URL is missing; TWILIO_AUTH_TOKEN signs the address that Twilio calls, so Parley must know it.',
  ]);
});

test.each(['0.0.0.0', '::', '192.0.2.7'])('a service on %s that checks no signatures starts with a warning', (host) => {
  expect(loadConfig({ HOST: host }).warnings).toEqual([
    `HOST is ${host} and TWILIO_AUTH_TOKEN is not set: whoever reaches the port can pose as Twilio.`,
  ]);
});

test("a port that calls and the operator's pages both want is named", () => {
  const both =
    "PORT and ADMIN_PORT are both 8081, so there will be no operator's pages: set ADMIN_PORT to another port, or to off.";
  expect(loadConfig({ PORT: '8081' }).warnings).toEqual([both]);
  expect(loadConfig({ PORT: '8081', ADMIN_PORT: 'off' }).warnings).toEqual([]);
  expect(loadConfig({ PORT: '8081', ADMIN_HOST: '127.0.0.2' }).warnings).toEqual([]);
  expect(loadConfig({ PORT: '8081', HOST: '0.0.0.0' }).warnings).toContain(both);
  expect(loadConfig({ PORT: '0', ADMIN_PORT: '0' }).warnings).toEqual([]);
});

test("the operator's pages in plain text beyond this machine are a warning, and a token that can be guessed is refused", () => {
  const open = { ADMIN_HOST: '0.0.0.0' };
  expect(loadConfig(open).warnings).toEqual([
    expect.stringMatching(/^ADMIN_HOST is 0\.0\.0\.0 and ADMIN_URL names no https/),
  ]);
  expect(loadConfig({ ...open, ADMIN_URL: 'https://admin.parley.dev' }).warnings).toEqual([]);
  expect(loadConfig({ ...open, ADMIN_PORT: 'off' }).warnings).toEqual([]);
  for (const [wrong, words] of [
    ['10.0.0.7:8081', 'does not start with https:// or http://'],
    ['http://10.0.0.7:x', 'is not an address'],
    ['ftp://10.0.0.7', 'does not start with https:// or http://'],
    ['http://10.0.0.7:8081/pages', 'holds a path'],
  ] as const)
    expect(problemsOf({ ADMIN_FLEET_URL: wrong })).toEqual([
      expect.stringContaining(`ADMIN_FLEET_URL ${words}; it wants`),
    ]);
  expect(problemsOf({ ADMIN_TOKEN: 'hush-hush' })).toEqual([
    'ADMIN_TOKEN is too short; it wants at least 16 characters.',
  ]);
  expect(problemsOf({ ADMIN_PORT: '65536' })).toEqual([
    'ADMIN_PORT is "65536"; it wants a whole number from 0 to 65535, or off.',
  ]);
});

test('empty and blank values count as unset', () => {
  const blank = Object.fromEntries(Object.keys(environment.shape).map((name, index) => [name, index % 2 ? '' : ' \t']));
  expect(loadConfig(blank)).toEqual(loadConfig({}));
});

test('one error names every problem, one line each', () => {
  const problems = problemsOf({
    PORT: 'eighty',
    LOG_LEVEL: 'loud',
    GEMINI_MODEL: 'models/gemini-3.8-live',
    PUBLIC_URL: 'https://voice.example.com',
    AGENT_PROMPT: 'Be kind.',
    AGENT_PROMPT_FILE: 'prompt.txt',
    TWILIO_API_KEY_SID: keySid,
  });
  expect(problems).toEqual([
    'GEMINI_MODEL is "models/gemini-3.8-live"; it wants a model id, without "models/".',
    'PORT is "eighty"; it wants a whole number from 0 to 65535.',
    'LOG_LEVEL is "loud"; it wants one of fatal, error, warn, info, debug, trace, silent.',
    'GEMINI_API_KEY is missing; a public PUBLIC_URL wants it, or callers would talk to a simulation.',
    'TWILIO_AUTH_TOKEN is missing; a public PUBLIC_URL wants it, or anybody could pose as Twilio.',
    'TWILIO_API_KEY_SECRET is missing; TWILIO_API_KEY_SID and TWILIO_API_KEY_SECRET come together.',
    'TWILIO_ACCOUNT_SID is missing; an API key wants the account that it belongs to.',
    'AGENT_PROMPT and AGENT_PROMPT_FILE are both set; only one of them can be the prompt.',
    `AGENT_PROMPT_FILE names ${settingPath('prompt.txt')}, which cannot be read: it does not exist.`,
  ]);
});

test.each([
  ['PORT', '65536', 'is "65536"; it wants a whole number from 0 to 65535.'],
  ['PORT', '-1', 'is "-1"; it wants a whole number from 0 to 65535.'],
  ['PORT', '80.5', 'is "80.5"; it wants a whole number from 0 to 65535.'],
  ['MAX_CALL_SECONDS', '29', 'is "29"; it wants a whole number from 30 to 14400.'],
  ['MAX_CONCURRENT_CALLS', '0', 'is "0"; it wants a whole number from 1 to 10000.'],
  ['MAX_EVENT_LOOP_DELAY_MS', '9', 'is "9"; it wants a whole number from 10 to 10000, or off.'],
  ['WORKERS', '0', 'is "0"; it wants a whole number from 1 to 64.'],
  ['DRAIN_SECONDS', '5m', 'is "5m"; it wants a whole number from 0 to 14400.'],
  ['DRAIN_TO', 'voicemail', 'is "voicemail"; it wants one of restart, fallback.'],
  ['GEMINI_SESSION_MAX_SECONDS', '3001', 'is "3001"; it wants a whole number from 60 to 3000.'],
  ['GEMINI_VAD_SILENCE_MS', '100', 'is "100"; it wants a whole number from 200 to 3000.'],
  ['GEMINI_VAD_PREFIX_MS', '1001', 'is "1001"; it wants a whole number from 0 to 1000.'],
  ['GEMINI_VAD_START_SENSITIVITY', 'medium', 'is "medium"; it wants one of high, low.'],
  ['GEMINI_COMPRESSION_TRIGGER_TOKENS', '4999', 'is "4999"; it wants a whole number from 5000 to 100000.'],
  ['GEMINI_THINKING_LEVEL', 'minimal', 'is "minimal"; it wants one of low, medium, high.'],
  ['GEMINI_INTERRUPTIONS', 'yes', 'is "yes"; it wants one of true, false.'],
  ['GOOGLE_CLOUD_LOCATION', 'The Moon', 'is "The Moon"; it wants a location such as us-central1 or eu.'],
  ['HOST', 'http://0.0.0.0', 'is "http://0.0.0.0"; it wants an IP address or a host name.'],
  ...['2a', 'a/b', 'A', 'a'.repeat(33), 'ü'].map((name): [string, string, string] => [
    'INSTANCE',
    name,
    `is "${name}"; it wants a name of at most 32 small letters, digits and dashes that begins with a letter, such as a or voice-2.`,
  ]),
  ['AGENT_LANGUAGE', 'qq', 'is "qq"; it wants the name of a language or its tag, such as German or de-AT.'],
  ...['xx-yy-zz', 'zh-tw-hant', 'sr-rs-latn', 'pt-br-pt', 'zh-yue'].map((tag): [string, string, string] => [
    'AGENT_LANGUAGE',
    tag,
    `is "${tag}"; it wants the name of a language or its tag, such as German or de-AT.`,
  ]),
  ['AGENT_GREETING', 'a'.repeat(1001), 'is too long; it wants at most 1000 characters.'],
  [
    'GEMINI_BASE_URL',
    'ws://127.0.0.1',
    'does not start with https:// or http://; it wants https:// or http:// and a host, such as http://127.0.0.1:9000.',
  ],
  [
    'FALLBACK_DESTINATION',
    '112',
    'is an emergency number, to which no caller may be sent; put the number of a person in its place.',
  ],
  ['TWILIO_ACCOUNT_SID', 'AC123', 'has the wrong form; it wants AC and 32 hexadecimal digits.'],
  [
    'LOOKUP_FILE',
    '~/orders.csv',
    'is "~/orders.csv"; it wants a path without "~" at its beginning and without line breaks.',
  ],
  [
    'GEMINI_API_KEY',
    'two words',
    'has the wrong form; it wants one word without spaces, of plain letters, digits and signs.',
  ],
])('%s=%s is refused', (name, value, problem) => {
  expect(problemsOf({ [name]: value })).toEqual([`${name} ${problem}`]);
});

test.each([
  ['voice.example.com', 'does not start with https:// or http://'],
  ['https://', 'is not an address'],
  ['wss://voice.example.com', 'does not start with https:// or http://'],
  ['https://user:word@voice.example.com', 'holds a user name or a password'],
  ['https://voice.example.com/?a=1', 'holds a query or a fragment'],
  ['https://voice.example.com/#', 'holds a query or a fragment'],
  ['https://voice.example.com/parley', 'holds a path'],
  ['http://voice.example.com', 'is public but not encrypted'],
])('PUBLIC_URL=%s is refused', (url, problem) => {
  expect(problemsOf({ PUBLIC_URL: url, TWILIO_AUTH_TOKEN: 'token', GEMINI_API_KEY: 'key' })).toEqual([
    `PUBLIC_URL ${problem}; it wants https://, a host, and nothing behind it, such as https://voice.example.com.`,
  ]);
});

test.each(['http://localhost:8080', 'http://127.0.0.1:8080/', 'http://[::1]:8080', 'http://parley.localhost'])(
  'PUBLIC_URL=%s is this machine, and needs neither encryption, token nor key',
  (url) => {
    expect(loadConfig({ PUBLIC_URL: url }).http.publicUrl).toBe(url.replace(/\/$/, ''));
  },
);

test('a public service wants a model: its key, or the address of another server', () => {
  const env = { PUBLIC_URL: 'https://voice.example.com', TWILIO_AUTH_TOKEN: 'token' };
  expect(problemsOf(env)).toEqual([
    'GEMINI_API_KEY is missing; a public PUBLIC_URL wants it, or callers would talk to a simulation.',
  ]);
  expect(problemsOf({ ...env, GEMINI_API_KEY: 'key' })).toEqual([]);
  expect(problemsOf({ ...env, GEMINI_BASE_URL: 'http://127.0.0.1:9000' })).toEqual([]);
});

test('what adds to a check of signatures is refused where there is none', () => {
  const alone = {
    TWILIO_SECONDARY_AUTH_TOKEN: 'token',
    TWILIO_WEBHOOK_SECRET: 'shared',
    TWILIO_SECONDARY_WEBHOOK_SECRET: 'shared-too',
  };
  expect(Object.entries(alone).flatMap(([name, value]) => problemsOf({ [name]: value }))).toEqual([
    'TWILIO_AUTH_TOKEN is missing; TWILIO_SECONDARY_AUTH_TOKEN alone has no signature checked.',
    'TWILIO_AUTH_TOKEN is missing; TWILIO_WEBHOOK_SECRET alone has no signature checked.',
    'TWILIO_WEBHOOK_SECRET is missing; TWILIO_SECONDARY_WEBHOOK_SECRET alone has no signature checked.',
  ]);
});

test('calls are handed to the next process by the journal: who wants that cannot be without one', () => {
  expect(problemsOf({ DRAIN_TO: 'restart', JOURNAL_FILE: 'off' })).toEqual([
    'DRAIN_TO is restart and JOURNAL_FILE is off; the next process learns of the calls from the journal, so use a file, DATABASE_URL, or DRAIN_TO=fallback.',
  ]);
  expect(problemsOf({ DRAIN_TO: 'restart', JOURNAL_FILE: 'Off' })).toHaveLength(1);
  const database = { DATABASE_URL: 'postgres://localhost/parley', JOURNAL_FILE: 'off' };
  for (const env of [
    { JOURNAL_FILE: 'off' },
    { DRAIN_TO: 'fallback', JOURNAL_FILE: 'off' },
    { DRAIN_TO: 'restart' },
    { DRAIN_TO: 'restart', ...database },
  ]) {
    expect(problemsOf(env)).toEqual([]);
  }
});

test.each(['off', 'OFF', 'Off'])('JOURNAL_FILE=%s keeps no journal, and makes no file of that name', (file) => {
  expect(loadConfig({ JOURNAL_FILE: file }).journal.file).toBeNull();
});

test.each(['parley', 'mysql://root@localhost/parley', 'postgres://localhost', 'postgres://a:b@c/d@localhost/x/y'])(
  'DATABASE_URL=%s is no address of a database, and no message shows it',
  (address) => {
    expect(problemsOf({ DATABASE_URL: address })).toEqual([
      'DATABASE_URL has the wrong form; it wants an address such as postgres://user:password@host/database, with characters such as @, / and # of a password written as %40, %2F and %23.',
    ]);
  },
);

test('a database that is spoken to without encryption is warned of, unless it is on this machine', () => {
  expect(loadConfig({ DATABASE_URL: 'postgres://db.example.com/parley' }).warnings).toEqual([
    expect.stringContaining('The database at db.example.com is spoken to without encryption.'),
  ]);
  expect(loadConfig({ DATABASE_URL: 'postgres://localhost/parley' }).warnings).toEqual([]);
});

test('a name that only begins like this machine is public', () => {
  expect(problemsOf({ PUBLIC_URL: 'https://localhost.example.com', GEMINI_API_KEY: 'key' })).toHaveLength(1);
});

test('every wrong transfer destination is named, without its number', () => {
  const form = '; it wants name=number, the name in small letters, digits and "-".';
  expect(
    problemsOf({
      TRANSFER_DESTINATIONS: 'support=+12025550100,,support=+12025550101,sales=0155501,Desk=+12025550102,a=b=c',
    }),
  ).toEqual([
    `TRANSFER_DESTINATIONS has a wrong entry 2${form}`,
    'TRANSFER_DESTINATIONS names "support" twice; it wants each name once.',
    `TRANSFER_DESTINATIONS has a wrong entry 5${form}`,
    'TRANSFER_DESTINATIONS for "sales" lacks its country; write it with + and the country, such as +43 1 2345678, or set PHONE_COUNTRY.',
    'TRANSFER_DESTINATIONS for "a" is no telephone number; it wants +, the country and the number, such as +43 1 2345678.',
  ]);
});

test('a wrong voice is answered with all thirty', () => {
  const [problem] = problemsOf({ AGENT_VOICE: 'Bob' });
  expect(problem).toMatch(/^AGENT_VOICE is "Bob"; it wants one of Achernar, (\w+, ){28}Zubenelgenubi\.$/);
});

test.each([
  ['', 'is empty'],
  ['\uFEFF \n', 'is empty'],
  [Buffer.from('\uFEFFBe kind.', 'utf16le').toString(), 'is not UTF-8 throughout; save it as UTF-8'],
  [Buffer.from('Grüezi', 'latin1').toString(), 'is not UTF-8 throughout; save it as UTF-8'],
  ['a'.repeat(40_001), 'holds more than 40000 characters'],
])('a prompt file that cannot be a prompt is refused by its path', (text, problem) => {
  expect(problemsOf({ AGENT_PROMPT_FILE: 'prompt.txt' }, () => text)).toEqual([
    `AGENT_PROMPT_FILE names ${settingPath('prompt.txt')}, which ${problem}.`,
  ]);
});

test.each([
  ['de', 'German'],
  ['Brazilian Portuguese', 'Brazilian Portuguese'],
  ['Français', 'Français'],
])('AGENT_LANGUAGE=%s is told to the model as %s', (language, name) => {
  expect(loadConfig({ AGENT_LANGUAGE: language }).agent.language).toBe(name);
});

test('no message holds the value of a secret', () => {
  const secrets = Object.entries(environment.shape).flatMap(([name, schema]) =>
    about.get(schema)?.secret ? [name] : [],
  );
  expect(secrets).toEqual([
    'GEMINI_API_KEY',
    'TWILIO_AUTH_TOKEN',
    'TWILIO_SECONDARY_AUTH_TOKEN',
    'TWILIO_WEBHOOK_SECRET',
    'TWILIO_SECONDARY_WEBHOOK_SECRET',
    'TWILIO_API_KEY_SECRET',
    'CONTEXT_WEBHOOK',
    'CONTEXT_WEBHOOK_SECRET',
    'DATABASE_URL',
    'ADMIN_TOKEN',
    'OTEL_EXPORTER_OTLP_HEADERS',
  ]);
  for (const name of secrets) {
    const message = problemsOf({ [name]: 'hush hush', PORT: 'x' }).join('\n');
    expect(message).toContain(name);
    expect(message).not.toContain('hush');
  }
});

test.each([
  ['AGENT_PROMT', 'AGENT_PROMPT'],
  ['GEMINI_APIKEY', 'GEMINI_API_KEY'],
  ['MAX_CALLS_SECOND', 'MAX_CALL_SECONDS'],
  ['GOOGLE_CLOUD_PROJEKT', 'GOOGLE_CLOUD_PROJECT'],
  ['CALLER_PROMT_MS', 'CALLER_PROMPT_MS'],
  ['MODEL_SETUP_M', 'MODEL_SETUP_MS'],
  ['RECOVERY_STEPS_MS', 'RECOVERY_STEP_MS'],
  ['DRAIN_SECOND', 'DRAIN_SECONDS'],
  ['JOURNAL_FIL', 'JOURNAL_FILE'],
  ['RECORD_DIRR', 'RECORD_DIR'],
  ['TWILIO_AUTH_TOKE', 'TWILIO_AUTH_TOKEN'],
  ['PUBLIC_UR', 'PUBLIC_URL'],
  ['VOICEMAIL_PROMP', 'VOICEMAIL_PROMPT'],
  ['LOG_LEVE', 'LOG_LEVEL'],
  ['AGNET_GREETING', 'AGENT_GREETING'],
  ['GEMINI_VAD_SILENCE', 'GEMINI_VAD_SILENCE_MS'],
  ['TWILIO_ACCOUNT', 'TWILIO_ACCOUNT_SID'],
])('the unknown %s is a warning that names %s', (name, meant) => {
  expect(loadConfig({ [name]: 'x' }).warnings).toEqual([`${name} is not a setting of Parley; did you mean ${meant}?`]);
});

test('variables of other programs, and short names, are no warning', () => {
  const others =
    'PATH HOME HOSTNAME HOSTTYPE NODE_ENV NODE_OPTIONS LOGNAME LOG LOG_FILE LOG_DIR LANG LANGUAGE TERM TZ USER SHELL PWD TMPDIR ' +
    'PORTS POR PROT POST COVER AGENT npm_config_loglevel npm_package_name INIT_CWD HTTP_PROXY MAX_OLD MODEL_PATH PUBLIC_DIR ' +
    'JOURNAL_STREAM INVOCATION_ID GOOGLE_API_KEY SSH_AGENT_PID SSH_AUTH_SOCK XDG_DATA_DIRS COLORTERM';
  expect(loadConfig(Object.fromEntries(others.split(' ').map((name) => [name, 'x']))).warnings).toEqual([]);
});

test.each(['api-key', '=secret', 'api-key=%zz', 'one=1,,two=2'])(
  'headers %j for the collector are not understood, and not shown',
  (text) => {
    expect(problemsOf({ OTEL_EXPORTER_OTLP_HEADERS: text })).toEqual([
      expect.stringMatching(
        /^OTEL_EXPORTER_OTLP_HEADERS has a wrong entry [12]; it wants name=value, several with "," between them\.$/,
      ),
    ]);
  },
);

/** A destination as the settings of the full environment make it. */
function planned(target: Partial<DialTarget>) {
  return {
    targets: [{ kind: 'number', address: '', callerId: null, ringSeconds: 30, digits: '', ...target }],
    accept: 'none',
    announcement: 'Anruf von {{caller}}.',
    language: null,
    hours: null,
    afterHours: { kind: 'tell' },
  };
}
