import { readFileSync } from 'node:fs';

import type { z } from 'zod';

import { combinationProblems, openHostWarnings, patienceProblems } from './combinations.ts';
import { credentialProblems, credentialWarnings } from './doubts/credential-kinds.ts';
import { placeholderProblems } from './doubts/placeholders.ts';
import { publicUrlWarnings } from './doubts/public-url.ts';
import { quotedValueProblems } from './doubts/quoted-values.ts';
import { destinationWarnings, languageWarnings, numberWarnings } from './doubts/unheard.ts';
import { type EnvFile, noEnvFile } from './env-file/env-file.ts';
import { envFileProblems, envFileWarnings } from './env-file/env-file-checks.ts';
import { envFileVariable } from './env-file/read-env-file.ts';
import { environment } from './environment.ts';
import type { logLevels } from './environment.ts';
import { misspeltWarnings } from './misspelt.ts';
import { modelProblems, modelWarnings } from './model/model-checks.ts';
import type { ReadTextFile } from './named-files/named-file.ts';
import { readNamedFiles } from './named-files/read-named-files.ts';
import { settingPath } from './package-folder.ts';
import { isOff } from './parsers.ts';
import { standardValues } from './reference.ts';
import { setupSettings } from './model/setup-of-values.ts';
import { type TracingConfig, tracingConfig } from './tracing-variables.ts';
import type { voices } from './model/voices.ts';
import type { Fallback, Patience } from '../call/call-settings.ts';
import type { PriceTable } from '../call/usage.ts';
import { ParleyError } from '../errors.ts';
import type { SetupSettings } from '../gemini/setup-settings.ts';

type Values = z.output<typeof environment>;

/** What the admin decided. Optional parts that are not set are null. */
export interface Config {
  readonly http: {
    readonly port: number;
    readonly host: string;
    /** Scheme, host and port, without a slash at the end. */
    readonly publicUrl: string | null;
  };
  /** The operator's pages. */
  readonly admin: {
    /** Null: none are wanted. */
    readonly port: number | null;
    readonly host: string;
    /** Scheme, host and port by which browsers know them, if not by `host`. */
    readonly url: string | null;
    /** Null: one is made at each start. */
    readonly token: string | null;
    /** Whether calls from the browser run tools that act. */
    readonly callsAct: boolean;
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
    /** What requests may be signed with, secondary ones included. Without an auth token no signature is checked. */
    readonly signing: { readonly authTokens: readonly string[]; readonly webhookSecrets: readonly string[] };
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
  /** The folder of the admin's own tools; `isNamed`: it must be there. */
  readonly toolsFolder: { readonly path: string; readonly isNamed: boolean };
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
  readonly journal: {
    readonly file: string | null;
    readonly keepDays: number;
    /** Whether what was said is kept when a call is over. */
    readonly keepsWords: boolean;
  };
  /** Where traces go; null without a collector. */
  readonly tracing: TracingConfig | null;
  /** What the admin probably did not mean, one sentence each. */
  readonly warnings: readonly string[];
}

/**
 * Turns the environment into settings; what it lacks is taken from the file. Empty variables count as unset. Throws `config.invalid` with
 * one line per problem, those of the file among them. `readTextFile` opens AGENT_PROMPT_FILE.
 */
export function loadConfig(
  env: Readonly<Record<string, string | undefined>>,
  readTextFile: ReadTextFile = (path) => readFileSync(path, 'utf8'),
  file: EnvFile = noEnvFile,
): Config {
  const given = givenValues(env, file);
  const parsed = environment.safeParse(Object.fromEntries(given));
  const { prompt, prices, problems: problemsOfFiles } = readNamedFiles(given, readTextFile);
  const names = Object.keys(environment.shape);
  const misplaced = new Map([
    ...credentialProblems(given),
    ...placeholderProblems(given),
    ...quotedValueProblems(given, names),
  ]);
  const further = [
    ...(parsed.error?.issues ?? []).map((issue) => `${issue.path.join('.')} ${issue.message}`),
    ...combinationProblems(given),
    ...modelProblems(given),
    ...problemsOfFiles,
    ...(parsed.success ? patienceProblems(parsed.data) : []),
  ];
  // Of a setting in a line that cannot be read, or with another thing in its place, nothing else is known.
  const isKnown = (problem: string): boolean => {
    const [name = ''] = problem.split(' ');
    return !file.unread.has(name) && !misplaced.has(name);
  };
  const problems = [...file.problems, ...envFileProblems(file), ...misplaced.values(), ...further.filter(isKnown)];
  const misspelt = misspeltWarnings([...given.keys()], [...names, envFileVariable]);
  const hints = [...envFileWarnings(file, env, standardValues(), misspelt), ...misspelt];
  // A setting that is missing is often there under another name, or in a comment.
  if (!parsed.success || problems.length > 0)
    throw new ParleyError('config.invalid', [...problems, ...hints].join('\n'));
  const warnings = [
    ...hints,
    ...openHostWarnings(parsed.data),
    ...publicUrlWarnings(given),
    ...credentialWarnings(given),
    ...destinationWarnings(given),
    ...numberWarnings(parsed.data),
    ...languageWarnings(given, parsed.data),
    ...modelWarnings(parsed.data, Object.keys(prices.perMillionTokens), parsed.data.MAX_CALL_SECONDS),
  ];
  return toConfig(parsed.data, { prompt, prices, warnings });
}

/** What the admin set, without what is empty. A variable of the process wins, also when it is empty. */
export function givenValues(
  env: Readonly<Record<string, string | undefined>>,
  file: EnvFile,
): ReadonlyMap<string, string> {
  const given = new Map<string, string>();
  const ofFile = Object.fromEntries([...file.values].map(([name, { value }]) => [name, value]));
  for (const [name, text] of Object.entries({ ...ofFile, ...env })) {
    const value = text?.trim() ?? '';
    if (value !== '') given.set(name, value);
  }
  return given;
}

function toConfig(
  values: Values,
  { prompt, prices, warnings }: Pick<Config, 'prices' | 'warnings'> & { readonly prompt: string },
): Config {
  const { TWILIO_API_KEY_SID: keySid, TWILIO_API_KEY_SECRET: keySecret } = values;
  return {
    http: { port: values.PORT, host: values.HOST, publicUrl: values.PUBLIC_URL ?? null },
    admin: {
      port: values.ADMIN_PORT,
      host: values.ADMIN_HOST,
      url: values.ADMIN_URL ?? null,
      token: values.ADMIN_TOKEN ?? null,
      callsAct: values.ADMIN_CALLS_ACT === 'true',
    },
    logLevel: values.LOG_LEVEL,
    gemini: {
      apiKey: values.GEMINI_API_KEY ?? null,
      vertex: toVertex(values),
      baseUrl: values.GEMINI_BASE_URL ?? null,
      model: values.GEMINI_MODEL,
      fallbackModel: values.GEMINI_FALLBACK_MODEL ?? null,
      sessionSecondsMax: values.GEMINI_SESSION_MAX_SECONDS,
      setup: setupSettings(values),
    },
    prices,
    twilio: {
      accountSid: values.TWILIO_ACCOUNT_SID ?? null,
      authToken: values.TWILIO_AUTH_TOKEN ?? null,
      apiKey: keySid === undefined || keySecret === undefined ? null : { sid: keySid, secret: keySecret },
      signing: {
        authTokens: thoseGiven(values.TWILIO_AUTH_TOKEN, values.TWILIO_SECONDARY_AUTH_TOKEN),
        webhookSecrets: thoseGiven(values.TWILIO_WEBHOOK_SECRET, values.TWILIO_SECONDARY_WEBHOOK_SECRET),
      },
    },
    agent: {
      prompt,
      greeting: values.AGENT_GREETING,
      voice: values.AGENT_VOICE,
      language: values.AGENT_LANGUAGE?.name ?? null,
      languageTag: values.AGENT_LANGUAGE?.tag ?? null,
      apology: values.AGENT_APOLOGY,
      fillerPhraseFile: pathOrNull(values.FILLER_PHRASE_FILE),
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
    lookupFile: pathOrNull(values.LOOKUP_FILE),
    toolsFolder: { path: settingPath(values.TOOLS_DIR ?? 'tools'), isNamed: values.TOOLS_DIR !== undefined },
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
    recordDir: pathOrNull(values.RECORD_DIR),
    journal: {
      file: isOff(values.JOURNAL_FILE) ? null : settingPath(values.JOURNAL_FILE),
      keepDays: values.JOURNAL_KEEP_DAYS,
      keepsWords: values.HISTORY_WORDS === 'keep',
    },
    tracing: tracingConfig(values),
    warnings,
  };
}

function pathOrNull(path: string | undefined): string | null {
  return path === undefined ? null : settingPath(path);
}

function toVertex(values: Values): Config['gemini']['vertex'] {
  const { GOOGLE_CLOUD_PROJECT: project, GOOGLE_CLOUD_LOCATION: location } = values;
  if (values.GOOGLE_GENAI_USE_VERTEXAI === 'false' || project === undefined || location === undefined) return null;
  return { project, location, credentialsFile: pathOrNull(values.GOOGLE_APPLICATION_CREDENTIALS) };
}

function thoseGiven(...values: readonly (string | undefined)[]): string[] {
  return values.filter((value) => value !== undefined);
}
