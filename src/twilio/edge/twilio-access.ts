import type RequestClient from 'twilio/lib/base/RequestClient.js';

/** The credentials for Twilio's REST interface. */
export interface TwilioAccess {
  readonly accountSid: string;
  /** An API key and its secret, or the account and its auth token. */
  readonly username: string;
  readonly password: string;
}

/** What carries the requests of Twilio's package. */
export type TwilioHttp = RequestClient;
