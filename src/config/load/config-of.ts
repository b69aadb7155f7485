import type { z } from 'zod';
import type { environment } from '../environment.ts';
import type { People } from '../destinations/people.ts';
import { bargeInOf } from '../barge-in-variables.ts';
import { contextWebhookOf, scheduleOf } from '../context-variables.ts';
import type { NamedFiles } from '../named-files/read-named-files.ts';
import { journalOf } from '../journal/journal-variables.ts';
import { settingPath } from '../package-folder.ts';
import { setupSettings } from '../model/setup-of-values.ts';
import { tracingConfig } from '../tracing-variables.ts';
import type { Config } from '../config.ts';

type Values = z.output<typeof environment>;

/** What is read with more than one variable, or from files. */
type ReadElsewhere = Omit<NamedFiles, 'problems'> & Omit<People, 'problems' | 'wrongPlaces'> & Pick<Config, 'warnings'>;

/** The settings that these values of variables come to, with what the named files hold. */
export function configOf(values: Values, elsewhere: ReadElsewhere): Config {
  const { prices, destinations, transfers, fallbackNumber, warnings } = elsewhere;
  const voicemail = voicemailOf(values);
  return {
    http: {
      port: values.PORT,
      host: values.HOST,
      publicUrl: values.PUBLIC_URL ?? null,
      instance: values.INSTANCE ?? null,
    },
    workers: values.WORKERS ?? null,
    admin: adminOf(values),
    logLevel: values.LOG_LEVEL,
    gemini: geminiOf(values),
    prices,
    twilio: twilioOf(values),
    agent: agentOf(values, elsewhere),
    contextWebhook: contextWebhookOf(values),
    transfers,
    transferDestinations: destinations,
    fallback: { number: fallbackNumber, voicemail: values.FALLBACK_VOICEMAIL === 'true' ? voicemail : null },
    voicemail,
    lookupFile: pathOrNull(values.LOOKUP_FILE),
    promptFile: pathOrNull(values.AGENT_PROMPT_FILE),
    agentsFile: pathOrNull(values.AGENTS_FILE),
    toolsFile: pathOrNull(values.TOOLS_FILE),
    toolsFolder: {
      path: settingPath(values.TOOLS_DIR ?? 'tools'),
      isNamed: values.TOOLS_DIR !== undefined,
      privateHosts: values.TOOLS_PRIVATE_HOSTS ?? [],
    },
    limits: limitsOf(values),
    patience: patienceOf(values),
    bargeIn: bargeInOf(values),
    recordDir: pathOrNull(values.RECORD_DIR),
    journal: journalOf(values),
    tracing: tracingConfig(values),
    warnings,
  };
}

function adminOf(values: Values): Config['admin'] {
  return {
    port: values.ADMIN_PORT,
    host: values.ADMIN_HOST,
    url: values.ADMIN_URL ?? null,
    fleetUrl: values.ADMIN_FLEET_URL ?? null,
    token: values.ADMIN_TOKEN ?? null,
    callsAct: values.ADMIN_CALLS_ACT === 'true',
  };
}

function geminiOf(values: Values): Config['gemini'] {
  return {
    apiKey: values.GEMINI_API_KEY ?? null,
    vertex: toVertex(values),
    baseUrl: values.GEMINI_BASE_URL ?? null,
    model: values.GEMINI_MODEL,
    fallbackModel: values.GEMINI_FALLBACK_MODEL ?? null,
    sessionSecondsMax: values.GEMINI_SESSION_MAX_SECONDS,
    setup: setupSettings(values),
  };
}

function twilioOf(values: Values): Config['twilio'] {
  const { TWILIO_API_KEY_SID: keySid, TWILIO_API_KEY_SECRET: keySecret } = values;
  const authTokens = [values.TWILIO_AUTH_TOKEN, values.TWILIO_SECONDARY_AUTH_TOKEN];
  const webhookSecrets = [values.TWILIO_WEBHOOK_SECRET, values.TWILIO_SECONDARY_WEBHOOK_SECRET];
  return {
    accountSid: values.TWILIO_ACCOUNT_SID ?? null,
    authToken: values.TWILIO_AUTH_TOKEN ?? null,
    apiKey: keySid === undefined || keySecret === undefined ? null : { sid: keySid, secret: keySecret },
    signing: {
      authTokens: authTokens.filter((one) => one !== undefined),
      webhookSecrets: webhookSecrets.filter((one) => one !== undefined),
    },
  };
}

function agentOf(values: Values, { prompt, holidays }: ReadElsewhere): Config['agent'] {
  return {
    prompt: prompt.text,
    greeting: values.AGENT_GREETING,
    voice: values.AGENT_VOICE,
    language: values.AGENT_LANGUAGE?.name ?? null,
    languageTag: values.AGENT_LANGUAGE?.tag ?? null,
    apology: values.AGENT_APOLOGY,
    fillerPhraseFile: pathOrNull(values.FILLER_PHRASE_FILE),
    schedule: scheduleOf(values, holidays),
    contextDefaults: values.CONTEXT_DEFAULTS ?? new Map(),
  };
}

function voicemailOf(values: Values): Config['voicemail'] {
  return {
    prompt: values.VOICEMAIL_PROMPT,
    thanks: values.VOICEMAIL_THANKS,
    secondsMax: values.VOICEMAIL_MAX_SECONDS,
  };
}

function limitsOf(values: Values): Config['limits'] {
  return {
    callSecondsMax: values.MAX_CALL_SECONDS,
    concurrentCallsMax: values.MAX_CONCURRENT_CALLS,
    callsPerProcess: values.CALLS_PER_PROCESS ?? values.MAX_CONCURRENT_CALLS,
    eventLoopDelayMsMax: values.MAX_EVENT_LOOP_DELAY_MS,
    drainSeconds: values.DRAIN_SECONDS,
    drainTo: values.DRAIN_TO,
  };
}

function patienceOf(values: Values): Config['patience'] {
  return {
    toneMs: values.COMFORT_TONE_MS,
    phraseMs: values.FILLER_PHRASE_MS,
    stepMs: values.RECOVERY_STEP_MS,
    idleMs: values.CALLER_PROMPT_MS,
    setupMs: values.MODEL_SETUP_MS,
    outageMs: values.MODEL_OUTAGE_MS,
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
