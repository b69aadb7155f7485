import twilio from 'twilio';
import type { CallFact } from '../../call/events.ts';
import { isJsonObject } from '../../encoding/json.ts';
import { type Redirect, redirectFact } from '../redirect.ts';
import type { Logger } from '../../system/logger.ts';

/** The caller waits in silence meanwhile. */
const requestMsMax = 5_000;

/** The credentials for Twilio's REST interface. */
export interface TwilioAccess {
  readonly accountSid: string;
  /** An API key and its secret, or the account and its auth token. */
  readonly username: string;
  readonly password: string;
}

/** What carries the requests of Twilio's package. */
export type TwilioHttp = NonNullable<NonNullable<Parameters<typeof twilio>[2]>['httpClient']>;

/** Twilio's own package with these credentials. */
export function twilioClient({ accountSid, username, password }: TwilioAccess, httpClient?: TwilioHttp) {
  return twilio(username, password, {
    accountSid,
    timeout: requestMsMax,
    ...(httpClient === undefined ? {} : { httpClient }),
  });
}

/** Makes what redirects calls of an account. Without an account, each redirect fails with `telephony.notConfigured`. */
export function createRedirect(access: TwilioAccess | null, log: Logger, httpClient?: TwilioHttp): Redirect {
  if (access === null) {
    const notConfigured: CallFact = { type: 'telephony.failed', fault: 'telephony.notConfigured', callOver: false };
    return (_callSid, _twiml, done) => done(notConfigured);
  }
  const client = twilioClient(access, httpClient);
  const update = async (callSid: string, twiml: string): Promise<CallFact> => {
    try {
      await client.calls(callSid).update({ twiml });
      return redirectFact(null);
    } catch (error) {
      const code = isJsonObject(error) ? error.code : undefined;
      // Two kinds of exception and raw network errors: they have only these fields in common (TW-REST-3).
      log.warn({ callSid, code, status: isJsonObject(error) ? error.status : undefined }, 'callUpdateFailed');
      return redirectFact({ code });
    }
  };
  return (callSid, twiml, done) => {
    const redirect = async (): Promise<void> => done(await update(callSid, twiml));
    void redirect();
  };
}
