import { usualPatience } from '../call/call-settings.ts';
import { z } from 'zod';

import { about } from './about.ts';
import { adminVariables } from './admin-variables.ts';
import { bargeInVariables } from './barge-in-variables.ts';
import { contextVariables } from './context-variables.ts';
import { journalVariables } from './journal/journal-variables.ts';
import { tracingVariables } from './tracing-variables.ts';
import { peopleVariables } from './destinations/people-variables.ts';
import { modelVariables } from './model/model-variables.ts';
import {
  filePath,
  hostList,
  instanceName,
  language,
  listenHost,
  oneOf,
  publicUrl,
  sid,
  textUpTo,
  token,
  wholeNumber,
  wholeNumberOrOff,
} from './parsers.ts';
import { voices } from './model/voices.ts';

/** About 10,000 tokens, which every turn pays for again. */
export const promptCharactersMax = 40_000;

/** About a minute of speech; nobody listens longer to a greeting or an apology. */
export const sentenceCharactersMax = 1_000;

export const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

const answering = { group: 'To answer a real number' };
const agent = { group: 'The agent' };
const people = { group: 'When a person must take over' };
const limits = { group: 'Limits' };
const server = { group: 'Server' };

/** Every variable that Parley reads: name, form, default, and what it is for. Values are texts that are not empty. */
export const environment = z.object({
  GEMINI_API_KEY: token.optional().register(about, {
    ...answering,
    doc: 'Key of the Gemini API. Without it (and without GEMINI_BASE_URL) a simulated agent answers, never at a public PUBLIC_URL.',
    secret: true,
  }),
  PUBLIC_URL: publicUrl.optional().register(about, {
    ...answering,
    doc: 'Where Twilio reaches Parley, such as https://voice.example.com. Needed for calls from Twilio.',
  }),
  TWILIO_AUTH_TOKEN: token.optional().register(about, {
    ...answering,
    doc: 'Proves that requests come from Twilio. Required with a public PUBLIC_URL.',
    secret: true,
  }),
  TWILIO_SECONDARY_AUTH_TOKEN: token.optional().register(about, {
    ...answering,
    doc: 'The other auth token while tokens are rotated, taken for signatures only.',
    secret: true,
  }),
  TWILIO_WEBHOOK_SECRET: token.optional().register(about, {
    ...answering,
    doc: 'Secret of the shared key with which a Webhooks Rule of your Twilio account signs. Unset: without such a rule.',
    secret: true,
  }),
  TWILIO_SECONDARY_WEBHOOK_SECRET: token.optional().register(about, {
    ...answering,
    doc: 'Secret of the other shared key while keys are rotated.',
    secret: true,
  }),
  TWILIO_ACCOUNT_SID: sid('AC')
    .optional()
    .register(about, {
      ...answering,
      doc: 'Account whose calls Parley redirects and ends. Starts with AC.',
    }),
  TWILIO_API_KEY_SID: sid('SK')
    .optional()
    .register(about, {
      ...answering,
      doc: 'API key for those requests, used instead of the auth token. Starts with SK.',
    }),
  TWILIO_API_KEY_SECRET: token.optional().register(about, {
    ...answering,
    doc: 'Secret of that API key.',
    secret: true,
  }),

  AGENT_PROMPT: textUpTo(promptCharactersMax)
    .optional()
    .register(about, {
      ...agent,
      doc: 'Who the agent is and what it does. Rules for the telephone are added. Unset: a friendly assistant.',
    }),
  AGENT_PROMPT_FILE: filePath.optional().register(about, {
    ...agent,
    doc: 'Text file that holds the prompt, instead of AGENT_PROMPT.',
  }),
  AGENT_GREETING: textUpTo(sentenceCharactersMax)
    .default('Hello, this is Parley. How can I help you?')
    .register(about, {
      ...agent,
      doc: 'The first sentence that the caller hears.',
    }),
  AGENT_VOICE: oneOf(voices)
    .default('Kore')
    .register(about, {
      ...agent,
      doc: `One of the thirty voices of Gemini: ${voices.join(', ')}.`,
    }),
  AGENT_LANGUAGE: language.optional().register(about, {
    ...agent,
    doc: 'The only language that the agent speaks, such as German or de-AT. Unset: the language of the caller.',
  }),
  FILLER_PHRASE_FILE: filePath.optional().register(about, {
    ...agent,
    doc: 'WAV file with the words that ask a waiting caller for patience: PCM16, one channel, 8000 or 24000 Hz, at most 2.5 s. Unset: "One moment, please.", or a soft tone when AGENT_LANGUAGE is not English.',
  }),
  AGENTS_FILE: filePath.optional().register(about, {
    ...agent,
    doc: 'YAML or JSON file with several agents, each for numbers of its own. What it leaves out is as the settings here say. Unset: one agent.',
  }),
  LOOKUP_FILE: filePath.optional().register(about, {
    ...agent,
    doc: 'CSV, TSV or JSON file in which the agent may look things up, such as fixtures/data/orders.csv.',
  }),
  TOOLS_FILE: filePath.optional().register(about, {
    ...agent,
    doc: 'YAML or JSON file that declares tools without code, such as a question to a service of the web.',
  }),
  TOOLS_DIR: filePath.optional().register(about, {
    ...agent,
    doc: 'Folder of TypeScript and JavaScript files with tools of your own. Unset: tools, if there is such a folder.',
  }),
  TOOLS_PRIVATE_HOSTS: hostList.optional().register(about, {
    ...agent,
    doc: 'Hosts of this machine or its network that tools in TOOLS_DIR may ask, such as erp.internal:8443,localhost:9000. Unset: public ones alone.',
  }),

  ...contextVariables,

  ...peopleVariables,
  AGENT_APOLOGY: textUpTo(sentenceCharactersMax)
    .default('I am sorry, something went wrong on our side.')
    .register(about, {
      ...people,
      doc: 'What the caller hears when the agent fails, spoken by Twilio.',
    }),

  MAX_CALL_SECONDS: wholeNumber(30, 14_400)
    .default(1_800)
    .register(about, {
      ...limits,
      doc: 'Longest call, from 30 to 14400 seconds.',
    }),
  MAX_CONCURRENT_CALLS: wholeNumber(1, 10_000)
    .default(50)
    .register(about, {
      ...limits,
      doc: 'Calls at the same time, from 1 to 10000; with DATABASE_URL, of all processes together. Further callers get FALLBACK_DESTINATION, the voicemail, or the busy tone.',
    }),
  CALLS_PER_PROCESS: wholeNumber(1, 10_000)
    .optional()
    .register(about, {
      ...limits,
      doc: 'How many of these one process takes, where there are several. With DATABASE_URL, a full one sends further callers to another that has room. Unset: all of them.',
    }),
  MAX_EVENT_LOOP_DELAY_MS: wholeNumberOrOff(10, 10_000)
    .default(100)
    .register(about, {
      ...limits,
      doc: 'How late the process may be with its calls, from 10 to 10000 ms. Beyond it, further callers get the same as above MAX_CONCURRENT_CALLS, until it has recovered. "off": however late.',
    }),
  DRAIN_SECONDS: wholeNumber(0, 14_400)
    .default(300)
    .register(about, {
      ...limits,
      doc: 'How long a stopping service waits for its calls, from 0 to 14400 seconds.',
    }),
  DRAIN_TO: oneOf(['restart', 'fallback'])
    .default('restart')
    .register(about, {
      ...limits,
      doc: 'Where calls go that are left after DRAIN_SECONDS: restart leaves them to the next process, which needs the journal; fallback is for a shutdown for good, and for a service without a journal.',
    }),

  COMFORT_TONE_MS: wholeNumber(200, 10_000)
    .default(usualPatience.toneMs)
    .register(about, {
      ...limits,
      doc: 'Silence after which a waiting caller hears a soft tone, from 200 to 10000 ms.',
    }),
  FILLER_PHRASE_MS: wholeNumber(300, 20_000)
    .default(usualPatience.phraseMs)
    .register(about, {
      ...limits,
      doc: 'Silence after which a waiting caller hears a few words, from 300 to 20000 ms. Longer than COMFORT_TONE_MS.',
    }),
  RECOVERY_STEP_MS: wholeNumber(500, 30_000)
    .default(usualPatience.stepMs)
    .register(about, {
      ...limits,
      doc: 'How long each attempt to get an answer out of the model may take, from 500 to 30000 ms.',
    }),
  CALLER_PROMPT_MS: wholeNumber(5_000, 600_000)
    .default(usualPatience.idleMs)
    .register(about, {
      ...limits,
      doc: 'Silence of both sides after which the agent asks whether the caller is still there, from 5000 to 600000 ms.',
    }),
  MODEL_SETUP_MS: wholeNumber(500, 5_000)
    .default(usualPatience.setupMs)
    .register(about, {
      ...limits,
      doc: 'How long a model session may take to begin, from 500 to 5000 ms.',
    }),
  MODEL_OUTAGE_MS: wholeNumber(1_000, 60_000)
    .default(usualPatience.outageMs)
    .register(about, {
      ...limits,
      doc: 'Without a model session for so long, the call goes to its fallback, from 1000 to 60000 ms. Longer than MODEL_SETUP_MS.',
    }),

  ...bargeInVariables,

  ...modelVariables,

  PORT: wholeNumber(0, 65_535)
    .default(8_080)
    .register(about, {
      ...server,
      doc: 'Port to listen on, from 0 to 65535. 0 takes any free port.',
    }),
  HOST: listenHost.default('127.0.0.1').register(about, {
    ...server,
    doc: 'Address to listen on. 0.0.0.0 is reachable from other machines.',
  }),
  INSTANCE: instanceName.optional().register(about, {
    ...server,
    doc: 'Name of this process among several behind one PUBLIC_URL. It stands in all addresses of its calls (/i/a/twilio/… for "a"), by which a proxy finds the process. With DATABASE_URL, no two may have the same. Unset: there is no other.',
  }),
  WORKERS: wholeNumber(1, 64)
    .optional()
    .register(about, {
      ...server,
      doc: 'Processes that answer calls behind one port, from 1 to 64: one for each core. MAX_CONCURRENT_CALLS is shared among them. Unset: this one alone.',
    }),
  LOG_LEVEL: oneOf(logLevels)
    .default('info')
    .register(about, {
      ...server,
      doc: `One of ${logLevels.join(', ')}.`,
    }),
  ...journalVariables,
  RECORD_DIR: filePath.optional().register(about, {
    ...server,
    doc: 'Folder for call logs and audio to replay. They hold what was said. Unset: nothing is kept.',
  }),

  ...adminVariables,
  ...tracingVariables,
});
