import type { Handset } from '../caller/handset.ts';
import type { FormFields } from './carrier-events.ts';
import type { HttpMethod } from './http-method.ts';
import type { DialOutcomes } from './verbs/dialling.ts';
import type { NextRandom } from '../seeded-random.ts';

/** What a call's webhooks say about it. `from` and `to` are E.164, or text such as `anonymous`. */
export interface CallIdentity {
  readonly accountSid: string;
  readonly callSid: string;
  readonly from: string;
  readonly to: string;
  /** Fields that only some calls have, such as `StirVerstat`, `ForwardedFrom` or `CallerName`. */
  readonly extraFields?: FormFields;
}

/** What is configured at Twilio for the number; URLs are the public ones. */
interface NumberSettings {
  readonly voiceUrl: string;
  /** `POST` unless set. */
  readonly voiceMethod?: HttpMethod;
  readonly voiceFallbackUrl?: string;
  readonly statusCallbackUrl?: string;
  /**
   * Whether the voice webhook arrives twice (TW-HOOK-4). `firstAnswerLost`: Twilio asks again and only the second answer counts.
   * `bothAnswered`: both answers run, and the stream of the second displaces that of the first (TW-CLOSE-4).
   */
  readonly duplicateVoiceWebhook: 'never' | 'firstAnswerLost' | 'bothAnswered';
}

/**
 * What a media stream may do although no stream has been seen to: none of it is excluded by Twilio (TW-STREAM-2, TW-STREAM-4,
 * TW-STREAM-8).
 */
export interface StreamOddities {
  /** The version that `connected` names. */
  readonly version?: string;
  /** Whether a message with an event that nobody knows follows `start`. */
  readonly unknownEvent?: boolean;
  /** The sizes of payloads, taken in turn; 160 bytes unless set. */
  readonly payloadBytes?: readonly number[];
  /** Whether the numbers of `mediaFormat` are texts. */
  readonly formatAsText?: boolean;
  /** Whether the server's pings are answered: they are unless this is false. */
  readonly answersPings?: boolean;
}

/** What a simulated call is made of. */
export interface CarrierCallSettings {
  readonly call: CallIdentity;
  readonly number: NumberSettings;
  readonly caller: Handset;
  readonly dialOutcomes: DialOutcomes;
  /** Numbers that may be shown as caller ID besides the two parties of the call. */
  readonly ownedNumbers: readonly string[];
  /** Whether Twilio still requests the action of `<Connect>` or `<Dial>` when the caller has hung up: it is not documented. */
  readonly actionAfterHangUp: boolean;
  /** What the recogniser of `<Gather input="speech">` understands, one text after the other; without one it understands nothing. */
  readonly speechResults?: readonly string[];
  readonly oddities?: StreamOddities;
  /** For identifiers and jitter. */
  readonly nextRandom: NextRandom;
  /** What time 0 of the call's clock is on the calendar, for the timestamps in callbacks. */
  readonly zeroUnixMs: number;
}
