import twilio from 'twilio';
import type { CallFact } from '../../call/events.ts';
import { isJsonObject } from '../../encoding/json.ts';
import type { Logger } from '../../system/logger.ts';

/** The caller waits in silence meanwhile. */
const requestMsMax = 5_000;

/** Twilio's code for a call that has ended (TW-REST-2). */
const callNotInProgress = 21_220;

/** What Twilio's REST interface wants to know about us. */
export interface TwilioAccess {
  readonly accountSid: string;
  /** An API key and its secret, or the account and its auth token. */
  readonly username: string;
  readonly password: string;
}

type HttpClient = NonNullable<NonNullable<Parameters<typeof twilio>[2]>['httpClient']>;

/** Controls phone calls from outside of their document (TW-REST-1): for calls that did not ask us what comes next. */
export interface Telephony {
  /** Replaces what Twilio does with a call. Resolves to the fact that the call is told; never rejects. */
  update(callSid: string, twiml: string): Promise<CallFact>;
}

/** Makes the telephony of an account, or one that only says that none is configured. */
export function createTelephony(access: TwilioAccess | null, log: Logger, httpClient?: HttpClient): Telephony {
  if (access === null) {
    const notConfigured: CallFact = { type: 'telephony.failed', fault: 'telephony.notConfigured', callOver: false };
    return { update: () => Promise.resolve(notConfigured) };
  }
  const client = twilio(access.username, access.password, {
    accountSid: access.accountSid,
    timeout: requestMsMax,
    ...(httpClient === undefined ? {} : { httpClient }),
  });
  return {
    async update(callSid, twiml) {
      try {
        await client.calls(callSid).update({ twiml });
        return { type: 'telephony.updated' };
      } catch (error) {
        const code = isJsonObject(error) ? error.code : undefined;
        // Two kinds of exception and raw network errors: they have only these fields in common (TW-REST-3).
        log.warn({ callSid, code, status: isJsonObject(error) ? error.status : undefined }, 'callUpdateFailed');
        return { type: 'telephony.failed', fault: 'telephony.refused', callOver: code === callNotInProgress };
      }
    },
  };
}
