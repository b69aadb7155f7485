import { readFileSync } from 'node:fs';

import type { z } from 'zod';

import { environment, promptCharactersMax } from './config/environment.ts';
import type { logLevels } from './config/environment.ts';
import { defaultPrompt } from './config/instruction.ts';
import { misspeltWarnings } from './config/misspelt.ts';
import { isPublic } from './config/parsers.ts';
import type { voices } from './config/voices.ts';
import { ParleyError } from './errors.ts';

type Name = keyof typeof environment.shape;
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
  /** Without key and address, the simulated model answers. */
  readonly gemini: { readonly apiKey: string | null; readonly model: string; readonly baseUrl: string | null };
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
  };
  /** Numbers in E.164 by the name that the model uses. */
  readonly transferDestinations: ReadonlyMap<string, string>;
  readonly fallbackDestination: string | null;
  readonly lookupFile: string | null;
  readonly limits: {
    readonly callSecondsMax: number;
    readonly concurrentCallsMax: number;
    readonly drainSeconds: number;
  };
  readonly recordDir: string | null;
  /** What the admin probably did not mean, one sentence each. */
  readonly warnings: readonly string[];
}

/**
 * Turns the environment into settings. Empty variables count as unset. Throws `config.invalid` with one line per problem.
 * `readTextFile` opens AGENT_PROMPT_FILE.
 */
export function loadConfig(
  env: Readonly<Record<string, string | undefined>>,
  readTextFile: (path: string) => string = (path) => readFileSync(path, 'utf8'),
): Config {
  const given = new Map<string, string>();
  for (const [name, text] of Object.entries(env)) {
    const value = text?.trim() ?? '';
    if (value !== '') given.set(name, value);
  }
  const parsed = environment.safeParse(Object.fromEntries(given));
  const prompt = readPrompt(given, readTextFile);
  const problems = [
    ...(parsed.error?.issues ?? []).map((issue) => `${issue.path.join('.')} ${issue.message}`),
    ...combinationProblems(given),
    ...prompt.problems,
  ];
  if (!parsed.success || problems.length > 0) throw new ParleyError('config.invalid', problems.join('\n'));
  const warnings = [
    ...misspeltWarnings([...given.keys()], Object.keys(environment.shape)),
    ...openHostWarnings(parsed.data),
  ];
  return toConfig(parsed.data, prompt.text, warnings);
}

function readPrompt(
  given: ReadonlyMap<string, string>,
  readTextFile: (path: string) => string,
): { text: string; problems: string[] } {
  const path = given.get('AGENT_PROMPT_FILE');
  if (path === undefined) return { text: given.get('AGENT_PROMPT') ?? defaultPrompt, problems: [] };
  const failed = (what: string) => ({ text: '', problems: [`AGENT_PROMPT_FILE names ${path}, which ${what}.`] });
  try {
    const text = readTextFile(path).trim();
    if (text === '') return failed('is empty');
    if (text.length > promptCharactersMax) return failed(`holds more than ${promptCharactersMax} characters`);
    return { text, problems: [] };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
    return failed(`cannot be read${code}`);
  }
}

/** What is wrong although each variable alone is right. It looks at the texts, so it speaks even if some are wrong. */
function combinationProblems(given: ReadonlyMap<string, string>): string[] {
  const has = (name: Name): boolean => given.has(name);
  const problems: string[] = [];
  const isReachable = isPublic(given.get('PUBLIC_URL') ?? '');
  if (isReachable && !has('GEMINI_API_KEY') && !has('GEMINI_BASE_URL')) {
    problems.push('GEMINI_API_KEY is missing; a public PUBLIC_URL wants it, or callers would talk to a simulation.');
  }
  if (isReachable && !has('TWILIO_AUTH_TOKEN')) {
    problems.push('TWILIO_AUTH_TOKEN is missing; a public PUBLIC_URL wants it, or anybody could pose as Twilio.');
  }
  if (has('TWILIO_AUTH_TOKEN') && !has('PUBLIC_URL')) {
    problems.push(
      'PUBLIC_URL is missing; TWILIO_AUTH_TOKEN signs the address that Twilio calls, so Parley must know it.',
    );
  }
  if (has('TWILIO_API_KEY_SID') !== has('TWILIO_API_KEY_SECRET')) {
    const missing = has('TWILIO_API_KEY_SID') ? 'TWILIO_API_KEY_SECRET' : 'TWILIO_API_KEY_SID';
    problems.push(`${missing} is missing; TWILIO_API_KEY_SID and TWILIO_API_KEY_SECRET come together.`);
  }
  if ((has('TWILIO_API_KEY_SID') || has('TWILIO_API_KEY_SECRET')) && !has('TWILIO_ACCOUNT_SID')) {
    problems.push('TWILIO_ACCOUNT_SID is missing; an API key wants the account that it belongs to.');
  }
  if (has('AGENT_PROMPT') && has('AGENT_PROMPT_FILE')) {
    problems.push('AGENT_PROMPT and AGENT_PROMPT_FILE are both set; only one of them can be the prompt.');
  }
  return problems;
}

/** A container must listen on every address, so this is no error. */
function openHostWarnings({ HOST, TWILIO_AUTH_TOKEN }: Values): string[] {
  const isLocal = HOST === 'localhost' || HOST === '::1' || HOST.startsWith('127.');
  return isLocal || TWILIO_AUTH_TOKEN !== undefined
    ? []
    : [`HOST is ${HOST} and TWILIO_AUTH_TOKEN is not set: whoever reaches the port can pose as Twilio.`];
}

function toConfig(values: Values, prompt: string, warnings: readonly string[]): Config {
  const { TWILIO_API_KEY_SID: keySid, TWILIO_API_KEY_SECRET: keySecret } = values;
  return {
    http: { port: values.PORT, host: values.HOST, publicUrl: values.PUBLIC_URL ?? null },
    logLevel: values.LOG_LEVEL,
    gemini: {
      apiKey: values.GEMINI_API_KEY ?? null,
      model: values.GEMINI_MODEL,
      baseUrl: values.GEMINI_BASE_URL ?? null,
    },
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
    },
    transferDestinations: values.TRANSFER_DESTINATIONS ?? new Map(),
    fallbackDestination: values.FALLBACK_DESTINATION ?? null,
    lookupFile: values.LOOKUP_FILE ?? null,
    limits: {
      callSecondsMax: values.MAX_CALL_SECONDS,
      concurrentCallsMax: values.MAX_CONCURRENT_CALLS,
      drainSeconds: values.DRAIN_SECONDS,
    },
    recordDir: values.RECORD_DIR ?? null,
    warnings,
  };
}
