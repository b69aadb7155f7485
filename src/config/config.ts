import { readFileSync } from 'node:fs';

import type { z } from 'zod';

import { combinationProblems, isOff, openHostWarnings, patienceProblems } from './combinations.ts';
import { credentialsProblems } from './credentials-file.ts';
import { environment, promptCharactersMax } from './environment.ts';
import type { logLevels } from './environment.ts';
import { defaultPrompt } from './system-instruction.ts';
import { misspeltWarnings } from './misspelt.ts';
import { modelProblems, modelWarnings } from './model/model-checks.ts';
import { fileProblem, readNamedFile, type ReadTextFile } from './named-file.ts';
import { parsePriceTable } from './price-table.ts';
import { builtInPrices } from './prices.ts';
import { extraSetup } from './model/setup-fields.ts';
import type { voices } from './model/voices.ts';
import type { Fallback, Patience } from '../call/call-settings.ts';
import type { PriceTable } from '../call/usage.ts';
import { ParleyError } from '../errors.ts';
import { type SetupSettings, standardSetup } from '../gemini/setup-settings.ts';

/** Price tables and key files are a few thousand characters long. */
const jsonCharactersMax = 100_000;

type Values = z.output<typeof environment>;

/** What the admin decided. Optional parts that are not set are null. */
export interface Config {
  readonly http: {
    readonly port: number;
    readonly host: string;
    /** Scheme, host and port, without a slash at the end. */
    readonly publicUrl: string | null;
  };
  readonly logLevel: (typeof logLevels)[number];
  /** Without key, project and address, the simulated model answers. */
  readonly gemini: {
    readonly apiKey: string | null;
    /** A Google Cloud project through which the model is reached, instead of a key. */
    readonly vertex: {
      readonly project: string;
      readonly location: string;
      /** Null when the machine itself signs in. */
      readonly credentialsFile: string | null;
    } | null;
    readonly baseUrl: string | null;
    readonly model: string;
    /** Takes the call when the first model cannot be opened. */
    readonly fallbackModel: string | null;
    /** How long a connection is used before it is replaced. */
    readonly sessionSecondsMax: number;
    readonly setup: SetupSettings;
  };
  /** What the models cost. */
  readonly prices: PriceTable;
  readonly twilio: {
    readonly accountSid: string | null;
    readonly authToken: string | null;
    readonly apiKey: { readonly sid: string; readonly secret: string } | null;
  };
  readonly agent: {
    readonly prompt: string;
    readonly greeting: string;
    readonly voice: (typeof voices)[number];
    /** The name of a language in English. */
    readonly language: string | null;
    /** The language's tag, for what Twilio's own voice speaks. */
    readonly languageTag: string | null;
    readonly apology: string;
    /** A WAV file with the words that cover a silence; null for those that Parley brings along. */
    readonly fillerPhraseFile: string | null;
  };
  /** Numbers in E.164 by the name that the model uses. */
  readonly transferDestinations: ReadonlyMap<string, string>;
  readonly fallback: Fallback;
  readonly lookupFile: string | null;
  readonly limits: {
    readonly callSecondsMax: number;
    readonly concurrentCallsMax: number;
    readonly drainSeconds: number;
    /** `restart` without a journal means `fallback`. */
    readonly drainTo: 'restart' | 'fallback';
  };
  /** How long callers wait for what. */
  readonly patience: Patience;
  readonly recordDir: string | null;
  /** `file` is null when no journal is wanted. */
  readonly journal: { readonly file: string | null; readonly keepDays: number };
  /** What the admin probably did not mean, one sentence each. */
  readonly warnings: readonly string[];
}

/**
 * Turns the environment into settings. Empty variables count as unset. Throws `config.invalid` with one line per problem.
 * `readTextFile` opens AGENT_PROMPT_FILE.
 */
export function loadConfig(
  env: Readonly<Record<string, string | undefined>>,
  readTextFile: ReadTextFile = (path) => readFileSync(path, 'utf8'),
): Config {
  const given = new Map<string, string>();
  for (const [name, text] of Object.entries(env)) {
    const value = text?.trim() ?? '';
    if (value !== '') given.set(name, value);
  }
  const parsed = environment.safeParse(Object.fromEntries(given));
  const prompt = readPrompt(given, readTextFile);
  const prices = readPrices(given, readTextFile);
  const problems = [
    ...(parsed.error?.issues ?? []).map((issue) => `${issue.path.join('.')} ${issue.message}`),
    ...combinationProblems(given),
    ...modelProblems(given),
    ...prompt.problems,
    ...prices.problems,
    ...credentialsFileProblems(given, readTextFile),
  ];
  if (parsed.success) problems.push(...patienceProblems(parsed.data));
  if (!parsed.success || problems.length > 0) throw new ParleyError('config.invalid', problems.join('\n'));
  const warnings = [
    ...misspeltWarnings([...given.keys()], Object.keys(environment.shape)),
    ...openHostWarnings(parsed.data),
    ...modelWarnings(parsed.data, Object.keys(prices.table.perMillionTokens), parsed.data.MAX_CALL_SECONDS),
  ];
  return toConfig(parsed.data, { prompt: prompt.text, prices: prices.table, warnings });
}

function readPrompt(
  given: ReadonlyMap<string, string>,
  readTextFile: ReadTextFile,
): { text: string; problems: string[] } {
  const path = given.get('AGENT_PROMPT_FILE');
  if (path === undefined) return { text: given.get('AGENT_PROMPT') ?? defaultPrompt, problems: [] };
  const file = readNamedFile('AGENT_PROMPT_FILE', path, promptCharactersMax, readTextFile);
  return 'problem' in file ? { text: '', problems: [file.problem] } : { text: file.text, problems: [] };
}

function readPrices(
  given: ReadonlyMap<string, string>,
  readTextFile: ReadTextFile,
): { table: PriceTable; problems: string[] } {
  const path = given.get('PRICE_TABLE_FILE');
  if (path === undefined) return { table: builtInPrices, problems: [] };
  const file = readNamedFile('PRICE_TABLE_FILE', path, jsonCharactersMax, readTextFile);
  if ('problem' in file) return { table: builtInPrices, problems: [file.problem] };
  const read = parsePriceTable(file.text);
  if ('prices' in read) return { table: read.prices, problems: [] };
  return { table: builtInPrices, problems: read.problems.map((what) => fileProblem('PRICE_TABLE_FILE', path, what)) };
}

/** Only Vertex AI signs in with the file, and other programs use the variable as well. */
function credentialsFileProblems(given: ReadonlyMap<string, string>, readTextFile: ReadTextFile): string[] {
  const name = 'GOOGLE_APPLICATION_CREDENTIALS';
  const path = given.get(name);
  if (path === undefined || given.get('GOOGLE_GENAI_USE_VERTEXAI') !== 'true') return [];
  const file = readNamedFile(name, path, jsonCharactersMax, readTextFile);
  if ('problem' in file) return [file.problem];
  return credentialsProblems(file.text).map((what) => fileProblem(name, path, what));
}

function toConfig(
  values: Values,
  { prompt, prices, warnings }: Pick<Config, 'prices' | 'warnings'> & { readonly prompt: string },
): Config {
  const { TWILIO_API_KEY_SID: keySid, TWILIO_API_KEY_SECRET: keySecret } = values;
  return {
    http: { port: values.PORT, host: values.HOST, publicUrl: values.PUBLIC_URL ?? null },
    logLevel: values.LOG_LEVEL,
    gemini: {
      apiKey: values.GEMINI_API_KEY ?? null,
      vertex: toVertex(values),
      baseUrl: values.GEMINI_BASE_URL ?? null,
      model: values.GEMINI_MODEL,
      fallbackModel: values.GEMINI_FALLBACK_MODEL ?? null,
      sessionSecondsMax: values.GEMINI_SESSION_MAX_SECONDS,
      setup: toSetup(values),
    },
    prices,
    twilio: {
      accountSid: values.TWILIO_ACCOUNT_SID ?? null,
      authToken: values.TWILIO_AUTH_TOKEN ?? null,
      apiKey: keySid === undefined || keySecret === undefined ? null : { sid: keySid, secret: keySecret },
    },
    agent: {
      prompt,
      greeting: values.AGENT_GREETING,
      voice: values.AGENT_VOICE,
      language: values.AGENT_LANGUAGE?.name ?? null,
      languageTag: values.AGENT_LANGUAGE?.tag ?? null,
      apology: values.AGENT_APOLOGY,
      fillerPhraseFile: values.FILLER_PHRASE_FILE ?? null,
    },
    transferDestinations: values.TRANSFER_DESTINATIONS ?? new Map(),
    fallback: {
      number: values.FALLBACK_DESTINATION ?? null,
      voicemail:
        values.FALLBACK_VOICEMAIL === 'true'
          ? {
              prompt: values.VOICEMAIL_PROMPT,
              thanks: values.VOICEMAIL_THANKS,
              secondsMax: values.VOICEMAIL_MAX_SECONDS,
            }
          : null,
    },
    lookupFile: values.LOOKUP_FILE ?? null,
    limits: {
      callSecondsMax: values.MAX_CALL_SECONDS,
      concurrentCallsMax: values.MAX_CONCURRENT_CALLS,
      drainSeconds: values.DRAIN_SECONDS,
      drainTo: values.DRAIN_TO,
    },
    patience: {
      toneMs: values.COMFORT_TONE_MS,
      phraseMs: values.FILLER_PHRASE_MS,
      stepMs: values.RECOVERY_STEP_MS,
      idleMs: values.CALLER_PROMPT_MS,
      setupMs: values.MODEL_SETUP_MS,
      outageMs: values.MODEL_OUTAGE_MS,
    },
    recordDir: values.RECORD_DIR ?? null,
    journal: {
      file: isOff(values.JOURNAL_FILE) ? null : values.JOURNAL_FILE,
      keepDays: values.JOURNAL_KEEP_DAYS,
    },
    warnings,
  };
}

function toVertex(values: Values): Config['gemini']['vertex'] {
  const { GOOGLE_CLOUD_PROJECT: project, GOOGLE_CLOUD_LOCATION: location } = values;
  if (values.GOOGLE_GENAI_USE_VERTEXAI === 'false' || project === undefined || location === undefined) return null;
  return { project, location, credentialsFile: values.GOOGLE_APPLICATION_CREDENTIALS ?? null };
}

function toSetup(values: Values): SetupSettings {
  return {
    speechDetection: {
      startSensitivity: values.GEMINI_VAD_START_SENSITIVITY,
      endSensitivity: values.GEMINI_VAD_END_SENSITIVITY,
      prefixMs: values.GEMINI_VAD_PREFIX_MS,
      silenceMs: values.GEMINI_VAD_SILENCE_MS,
    },
    interruptions: values.GEMINI_INTERRUPTIONS === 'true',
    thinkingLevel: values.GEMINI_THINKING_LEVEL ?? standardSetup.thinkingLevel,
    compression:
      values.GEMINI_COMPRESSION === 'false'
        ? null
        : {
            triggerTokens: values.GEMINI_COMPRESSION_TRIGGER_TOKENS,
            targetTokens: values.GEMINI_COMPRESSION_TARGET_TOKENS,
          },
    resumption: values.GEMINI_RESUMPTION === 'true',
    transcription: values.GEMINI_TRANSCRIPTION,
    googleSearch: values.GEMINI_GOOGLE_SEARCH === 'true',
    languageCode: values.AGENT_LANGUAGE?.tag ?? null,
    // On Vertex AI nobody has reported whether it is taken.
    transcriptionLanguage: values.GOOGLE_GENAI_USE_VERTEXAI === 'true' ? null : (values.AGENT_LANGUAGE?.tag ?? null),
    extra: extraSetup(values),
  };
}
