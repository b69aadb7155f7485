import twilio from 'twilio';
import { requestMsMax } from './calls-client.ts';
import type { TwilioAccess, TwilioHttp } from './twilio-access.ts';

/** Twilio's whole package with these credentials, for commands; a service needs a part of it. */
export function twilioClient({ accountSid, username, password }: TwilioAccess, httpClient?: TwilioHttp) {
  return twilio(username, password, {
    accountSid,
    timeout: requestMsMax,
    ...(httpClient === undefined ? {} : { httpClient }),
  });
}
