import { performance } from 'node:perf_hooks';
import type { Handset } from '../../caller/handset.ts';
import { seededRandom } from '../../seeded-random.ts';
import { CarrierCall } from '../carrier-call.ts';
import type { CarrierNote, FormFields } from '../carrier-events.ts';
import type { StreamOddities } from '../carrier-settings.ts';
import type { HttpMethod } from '../http-method.ts';
import type { DialOutcomes } from '../verbs/dialling.ts';
import type { ConferenceHost } from './conference-host.ts';

/** A call to place. URLs are public ones; those of the voice URL's host are reached at `target`, and no others. */
export interface PhoneCallOptions {
  /** The voice webhook, as in `https://parley.example/twilio/voice`. */
  readonly publicUrl: string;
  readonly fallbackUrl?: string;
  readonly statusCallbackUrl?: string;
  /** The server under test, as in `http://127.0.0.1:3000`. */
  readonly target: string;
  /** Without it, requests are not signed. */
  readonly authToken?: string;
  /** The secret of the shared key that signs instead, where the account has a Webhooks Rule (TW-SIGN-3). */
  readonly webhookSecret?: string;
  readonly accountSid: string;
  /** Follows from the seed unless set; calls that live at the same time need different ones. */
  readonly callSid?: string;
  readonly from: string;
  readonly to: string;
  readonly extraFields?: FormFields;
  readonly dialOutcomes?: DialOutcomes;
  readonly ownedNumbers?: readonly string[];
  /** `POST` unless set. */
  readonly voiceMethod?: HttpMethod;
  /** The conferences that this call shares with others; without it, it has its own. */
  readonly conferences?: ConferenceHost;
  /** What the recogniser of `<Gather input="speech">` understands. */
  readonly speechResults?: readonly string[];
  readonly oddities?: StreamOddities;
  readonly duplicateVoiceWebhook?: 'firstAnswerLost' | 'bothAnswered';
  readonly actionAfterHangUp?: boolean;
  /** Decides every identifier, jitter and noise of the call. */
  readonly seed: number;
  /** Sees each entry of the timeline when it is made. */
  readonly onNote?: (note: CarrierNote) => void;
}

/** The machine of a call that is placed so. Its times are those of `performance.now()`. */
export function carrierCallOf(options: PhoneCallOptions, callSid: string, caller: Handset): CarrierCall {
  const { accountSid, from, to, extraFields, publicUrl, fallbackUrl, statusCallbackUrl, seed } = options;
  return new CarrierCall({
    call: { accountSid, callSid, from, to, ...(extraFields && { extraFields }) },
    number: {
      voiceUrl: publicUrl,
      ...(fallbackUrl !== undefined && { voiceFallbackUrl: fallbackUrl }),
      ...(statusCallbackUrl !== undefined && { statusCallbackUrl }),
      ...(options.voiceMethod && { voiceMethod: options.voiceMethod }),
      duplicateVoiceWebhook: options.duplicateVoiceWebhook ?? 'never',
    },
    caller,
    dialOutcomes: options.dialOutcomes ?? {},
    ownedNumbers: options.ownedNumbers ?? [],
    actionAfterHangUp: options.actionAfterHangUp ?? false,
    ...(options.speechResults && { speechResults: options.speechResults }),
    ...(options.oddities && { oddities: options.oddities }),
    nextRandom: seededRandom(seed),
    zeroUnixMs: Date.now() - performance.now(),
  });
}
