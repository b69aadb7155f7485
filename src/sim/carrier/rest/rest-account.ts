import type { CallStatus, RestUpdate } from '../carrier-events.ts';
import type { ConferenceBridge } from '../conference/conference-bridge.ts';
import type { ConferenceOrder } from '../conference/conference-events.ts';
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

/** What the REST API of an account knows. */
export interface RestAccount {
  readonly accountSid: string;
  /** The call with this SID, as long as the API knows it; it knows ended calls, too. */
  readonly callBySid: (callSid: string) => RestCall | undefined;
  /** The SIDs of all calls, newest first; without it there is no list. */
  readonly callSids?: () => readonly string[];
  readonly conferences?: RestConferences;
  /** Numbers from which the account may call; without it, any. */
  readonly ownedNumbers?: readonly string[];
}
