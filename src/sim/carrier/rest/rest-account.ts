import type { CallStatus, RestUpdate } from '../carrier-events.ts';
import type { ConferenceBridge } from '../conference/conference-bridge.ts';
import type { ConferenceOrder } from '../conference/conference-events.ts';
import type { HttpMethod } from '../http-method.ts';
import type { NextRandom } from '../../seeded-random.ts';

/** A call as the REST API sees it. */
export interface RestCall {
  readonly status: CallStatus;
  readonly from?: string;
  readonly to?: string;
  /** `inbound` unless set. */
  readonly direction?: 'inbound' | 'outbound-api';
  update(update: RestUpdate): void;
}

/** The conferences of an account as the REST API sees them. An order is carried out before `order` returns. */
export interface RestConferences {
  readonly bridge: ConferenceBridge;
  order(order: ConferenceOrder): void;
  /** For the identifiers of new calls. */
  readonly nextRandom: NextRandom;
  /** What time 0 of the conferences' clock is on the calendar. */
  readonly zeroUnixMs: number;
}

/** A telephone number of the account, and what Twilio does with its calls (TW-REST-5). An update changes it. */
export interface RestNumber {
  readonly sid: string;
  /** In E.164. */
  readonly phoneNumber: string;
  /** Whether the number takes calls, and not only messages. */
  readonly takesCalls: boolean;
  friendlyName: string;
  /** Empty when there is none, and so are the others. */
  voiceUrl: string;
  voiceMethod: HttpMethod;
  voiceFallbackUrl: string;
  voiceFallbackMethod: HttpMethod;
  statusCallback: string;
  statusCallbackMethod: HttpMethod;
  /** With one of these, the addresses above are not asked. */
  voiceApplicationSid: string | null;
  trunkSid: string | null;
}

/** What the REST API of an account knows. */
export interface RestAccount {
  readonly accountSid: string;
  /** `active` and `Full` unless set (TW-REST-6). */
  readonly status?: 'active' | 'suspended' | 'closed';
  readonly type?: 'Trial' | 'Full';
  /** The token that signs, if the account shows it. */
  readonly primaryToken?: string;
  readonly numbers?: readonly RestNumber[];
  /** The call with this SID, as long as the API knows it; it knows ended calls, too. */
  readonly callBySid: (callSid: string) => RestCall | undefined;
  /** The SIDs of all calls, newest first; without it there is no list. */
  readonly callSids?: () => readonly string[];
  readonly conferences?: RestConferences;
  /** Numbers from which the account may call; without it, any. */
  readonly ownedNumbers?: readonly string[];
}
