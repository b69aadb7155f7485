import type { CarrierEffect, CarrierEvent } from '../carrier-events.ts';
import type { HttpMethod } from '../http-method.ts';
import type { ConferenceSeat } from '../twiml/twiml.ts';
import type { ParticipantChange } from './conference.ts';
import type { OutboundOrder } from './outbound-leg.ts';

/** What the REST API orders for conferences and those in them (TW-CONF-3). */
export type ConferenceOrder =
  /** Ends the conference. */
  | { readonly type: 'complete'; readonly conferenceSid: string }
  /** Plays a document to everybody, or to one participant. */
  | {
      readonly type: 'announce';
      readonly conferenceSid: string;
      readonly callSid: string | null;
      readonly url: string;
      readonly method: HttpMethod;
    }
  /** Calls somebody into the conference of that name, which comes into being by it. */
  | { readonly type: 'call'; readonly conference: string; readonly leg: OutboundOrder }
  | {
      readonly type: 'change';
      readonly conferenceSid: string;
      readonly callSid: string;
      readonly change: ParticipantChange;
      readonly hold: { readonly url: string; readonly method: HttpMethod } | null;
    }
  | { readonly type: 'remove'; readonly conferenceSid: string; readonly callSid: string }
  /** Hangs up a call that this account made into a conference. */
  | { readonly type: 'hangUp'; readonly callSid: string };

/** What can happen to the conferences of an account. */
export type ConferenceEvent =
  | { readonly type: 'call.joined'; readonly callSid: string; readonly name: string; readonly seat: ConferenceSeat }
  /** `hungUp`: the caller is gone. `movedOn`: the call does something else. */
  | { readonly type: 'call.left'; readonly callSid: string; readonly why: 'hungUp' | 'movedOn' }
  | { readonly type: 'rest.ordered'; readonly order: ConferenceOrder }
  | Extract<CarrierEvent, { type: 'http.connected' | 'http.answered' | 'http.failed' | 'tick' }>;

/** What the host of the conferences must do, in order. */
export type ConferenceEffect =
  | Extract<CarrierEffect, { type: 'http.request' | 'http.abort' | 'note' }>
  /** The call is no longer in its conference. `bridged`: whether it ever spoke with anybody. */
  | { readonly type: 'call.released'; readonly callSid: string; readonly bridged: boolean };
