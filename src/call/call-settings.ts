import type { Destination } from './phone/destination.ts';
import type { ToolTerms } from './tooling/tool-terms.ts';
import type { BargeInParameters } from './turns/barge-in-rule.ts';

/** What a call needs to know from the configuration. The header of every call log holds it, so it has no secret. */
export interface CallSettings {
  /** The words with which the agent shall greet the caller. */
  readonly greeting: string;
  /** Spoken by Twilio's own voice when the agent cannot go on. */
  readonly apology: string;
  /** Who calls, as Twilio gave it; null where it was withheld. */
  readonly caller: string | null;
  /** By name: the model only ever names a destination. */
  readonly destinations: Readonly<Record<string, Destination>>;
  readonly fallback: Fallback;
  /** After this long with the agent, the agent says goodbye. */
  readonly callMsMax: number;
  /** How the first model behaves, and the one that takes over when no session of the first can be had. */
  readonly model: { readonly first: ModelBehavior; readonly fallback: ModelBehavior | null };
  /** A model session is replaced after this long, before the service ends it (GM-GOAWAY-1). */
  readonly sessionMsMax: number;
  readonly patience: Patience;
  /** When the agent yields to a caller who speaks over it; null when only the model decides that. */
  readonly bargeIn: BargeInParameters | null;
  /** The tools that the model is offered, by name. */
  readonly tools: Readonly<Record<string, ToolTerms>>;
}

/** How long the caller waits for what, in ms, while words are expected of the model (`src/call/watchdog`) or a session is missing. */
export interface Patience {
  /** Silence until a comfort tone is heard. */
  readonly toneMs: number;
  /** Silence until a filler phrase is heard. */
  readonly phraseMs: number;
  /** From one step of the escalation to the next. */
  readonly stepMs: number;
  /** Until a setup must be answered. */
  readonly setupMs: number;
  /** Silence of both sides until the caller is asked. */
  readonly idleMs: number;
  /** Time without any session until the call goes to its fallback. */
  readonly outageMs: number;
}

/**
 * A reply takes 0.9 to 2.5 s, a setup 0.3 to 2.5 s (GM-SETUP-3). So a second and a half of silence is still a pause, and four
 * are a fault.
 */
export const usualPatience: Patience = {
  toneMs: 1_500,
  phraseMs: 4_000,
  stepMs: 4_000,
  idleMs: 15_000,
  setupMs: 4_000,
  outageMs: 15_000,
};

/** What becomes of a call when the agent cannot go on: a person, else a voicemail, else a goodbye. */
export interface Fallback {
  /** In E.164; null when there is nobody. */
  readonly number: string | null;
  /** Null when no message is taken. */
  readonly voicemail: Voicemail | null;
}

/** How a message is taken from a caller for whom nobody is there. Twilio's own voice speaks the words. */
export interface Voicemail {
  /** Asks for a message; the beep follows. */
  readonly prompt: string;
  /** Spoken when the message is over. */
  readonly thanks: string;
  /** The longest message, 5 to 600. */
  readonly secondsMax: number;
}

/**
 * How the model of a session behaves, as far as a call must know it: when it greets (GM-GREET-1), what says that it is idle
 * (GM-TURN-1), whether the caller's turn ends only while audio keeps arriving (GM-VAD-2), what becomes of pictures (GM-VIDEO-1), and who
 * tells when the caller speaks (GM-VAD-6).
 */
export interface ModelBehavior {
  /** `byItself`: it speaks first without being asked, so its system instruction holds the greeting. */
  readonly greeting: 'onRequest' | 'byItself';
  readonly turnEnd: 'turnCompleted' | 'interactionIdle';
  readonly callerAudio: 'unbroken' | 'mayPause';
  /** `shortenSession`: it takes them, and without compression the service then ends the session early. */
  readonly pictures: 'taken' | 'shortenSession' | 'refused';
  readonly turnDetection: TurnDetection;
}

/** Who tells when the caller speaks: `automatic`, the service by itself, or `manual`, Parley, which marks each turn (GM-VAD-6). */
export type TurnDetection = 'automatic' | 'manual';
