import type { HttpMethod } from '../http-method.ts';
import type { TwilioCode } from '../twilio-codes.ts';

// What each verb of a document says, once it is read; `twiml-reader.ts` reads it.

/** A URL that a document names, and how it is requested. */
export interface Callback {
  readonly url: string;
  readonly method: HttpMethod;
}

/** `<Say>` and `<Play>` repeat `loops` times; `digits` are tones that `<Play>` sends. */
export type PromptVerb =
  | { readonly type: 'say'; readonly text: string; readonly loops: number }
  | { readonly type: 'play'; readonly url: string; readonly digits: string; readonly loops: number }
  | { readonly type: 'pause'; readonly lengthMs: number };

/** `<Gather>`: waits for keys, speech, or both (TW-TWIML-4). `numDigits` is Infinity when the document sets none. */
export interface GatherVerb {
  readonly type: 'gather';
  readonly prompts: readonly PromptVerb[];
  /** Null stands for the document's own URL. */
  readonly action: string | null;
  readonly method: HttpMethod;
  readonly takesDtmf: boolean;
  readonly takesSpeech: boolean;
  readonly numDigits: number;
  readonly timeoutMs: number;
  /** Silence that ends what is said. */
  readonly speechTimeoutMs: number;
  readonly finishOnKey: string;
  readonly actionOnEmptyResult: boolean;
}

/** `<Record>`: what the caller says after the beep (TW-TWIML-5). */
export interface RecordVerb {
  readonly type: 'record';
  /** Null stands for the document's own URL. */
  readonly action: string | null;
  readonly method: HttpMethod;
  readonly playsBeep: boolean;
  /** Silence that ends the recording. */
  readonly silenceMs: number;
  readonly lengthMsMax: number;
  /** The keys that end it. */
  readonly finishOnKey: string;
  readonly statusCallback: (Callback & { readonly events: ReadonlySet<string> }) | null;
}

/** The `<Stream>` of a `<Connect>`, or the code with which Twilio refuses it. */
export type StreamNoun =
  | {
      readonly type: 'stream';
      readonly url: string;
      readonly name: string | null;
      readonly parameters: Readonly<Record<string, string>>;
      readonly statusCallback: Callback | null;
    }
  | { readonly type: 'refused'; readonly code: TwilioCode; readonly detail: string };

/** `<Connect>` with its stream; without `action` the document goes on after it. */
export interface ConnectVerb {
  readonly type: 'connect';
  readonly action: string | null;
  readonly method: HttpMethod;
  readonly stream: StreamNoun;
}

/** How a call takes part in a conference: the attributes of `<Conference>`, or the parameters of a participant (TW-CONF-1). */
export interface ConferenceSeat {
  readonly label: string | null;
  readonly isMuted: boolean;
  readonly startsOnEnter: boolean;
  readonly endsOnExit: boolean;
  readonly participantsMax: number;
  /** What is played until the conference starts; null for Twilio's music, or silence. */
  readonly wait: Callback | null;
  /** Which changes of the conference are reported, in the words of `statusCallbackEvent`. */
  readonly statusCallback: (Callback & { readonly events: ReadonlySet<string> }) | null;
}

/** `<Dial>`: `to` is a number, a SIP address, or a conference's name. */
export interface DialVerb {
  readonly type: 'dial';
  readonly noun: 'number' | 'sip' | 'conference';
  readonly to: string;
  /** Tones that are sent to a number once it has answered. */
  readonly sendDigits: string;
  /** The document that runs at the other end before the two are connected (TW-TWIML-7); null for none. */
  readonly whisper: Callback | null;
  /** How the call takes part; null unless the noun is a conference. */
  readonly seat: ConferenceSeat | null;
  readonly action: string | null;
  readonly method: HttpMethod;
  readonly timeoutMs: number;
  readonly timeLimitMs: number;
  readonly callerId: string | null;
}

/** One verb of a document, ready to run. */
export type Verb =
  | PromptVerb
  | GatherVerb
  | RecordVerb
  | ConnectVerb
  | DialVerb
  | { readonly type: 'redirect'; readonly url: string; readonly method: HttpMethod }
  | { readonly type: 'hangup' }
  | { readonly type: 'reject'; readonly reason: 'rejected' | 'busy' }
  | { readonly type: 'notSimulated'; readonly name: string };
