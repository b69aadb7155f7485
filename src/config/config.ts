import type { PlannedDestination, TransferDefaults } from './destinations/destination-schema.ts';
import type { ContextWebhook } from './context-variables.ts';
import type { logLevels } from './environment.ts';
import type { JournalConfig } from './journal/journal-variables.ts';
import type { TracingConfig } from './tracing-variables.ts';
import type { voices } from './model/voices.ts';
import type { ContextValues } from '../agents/context/context-values.ts';
import type { Schedule } from '../agents/hours/schedule.ts';
import type { Fallback, Patience, Voicemail } from '../call/call-settings.ts';
import type { BargeInParameters } from '../call/turns/barge-in-rule.ts';
import type { PriceTable } from '../call/usage.ts';
import type { SetupSettings } from '../gemini/setup-settings.ts';

/** What the admin decided. Optional parts that are not set are null. */
export interface Config {
  readonly http: {
    readonly port: number;
    readonly host: string;
    /** Scheme, host and port, without a slash at the end. */
    readonly publicUrl: string | null;
    /** What this process is called in its addresses; null for one without a name. */
    readonly instance: string | null;
  };
  /** How many processes answer calls behind one port; null for this one alone. */
  readonly workers: number | null;
  /** The operator's pages. */
  readonly admin: {
    /** Null: none are wanted. */
    readonly port: number | null;
    readonly host: string;
    /** Scheme, host and port by which browsers know them, if not by `host`. */
    readonly url: string | null;
    /** Scheme, host and port by which other processes of the fleet know them, if not by `host` or the machine's address. */
    readonly fleetUrl: string | null;
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
    /** Its time zone, and when its business is open. */
    readonly schedule: Schedule;
    /** The values that its texts may name, as they are when nobody knows better. */
    readonly contextDefaults: ContextValues;
  };
  /** Who is asked for these values before a call is answered; null for nobody. */
  readonly contextWebhook: ContextWebhook | null;
  /** Where callers may be connected, by the name that the model uses. */
  readonly transferDestinations: ReadonlyMap<string, PlannedDestination>;
  /** What holds for destinations that do not say otherwise. */
  readonly transfers: TransferDefaults;
  readonly fallback: Fallback;
  /** How a message is asked for, whether or not this agent takes any. */
  readonly voicemail: Voicemail;
  readonly lookupFile: string | null;
  /** Where the prompt stands, if in a file. */
  readonly promptFile: string | null;
  /** Several agents; null for the one above. */
  readonly agentsFile: string | null;
  /** Declares tools without code. */
  readonly toolsFile: string | null;
  /** The folder of the admin's own tools; `isNamed`: it must be there. `privateHosts`: of this network, which they may ask. */
  readonly toolsFolder: {
    readonly path: string;
    readonly isNamed: boolean;
    readonly privateHosts: readonly string[];
  };
  readonly limits: {
    readonly callSecondsMax: number;
    /** Of all processes that share a database or are workers, together. */
    readonly concurrentCallsMax: number;
    /** How many of them one process takes. */
    readonly callsPerProcess: number;
    /** Null: calls are taken however late the process is. */
    readonly eventLoopDelayMsMax: number | null;
    readonly drainSeconds: number;
    /** `restart` without a journal means `fallback`. */
    readonly drainTo: 'restart' | 'fallback';
  };
  /** How long callers wait for what. */
  readonly patience: Patience;
  /** When the agent yields to a caller who speaks over it; null when the model alone decides that. */
  readonly bargeIn: BargeInParameters | null;
  readonly recordDir: string | null;
  readonly journal: JournalConfig;
  /** Where traces go; null without a collector. */
  readonly tracing: TracingConfig | null;
  /** What the admin probably did not mean, one sentence each. */
  readonly warnings: readonly string[];
}
