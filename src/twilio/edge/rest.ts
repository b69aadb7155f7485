import type { CallFact } from '../../call/events.ts';
import { isJsonObject } from '../../encoding/json.ts';
import { type Redirect, redirectFact } from '../redirect.ts';
import type { Logger } from '../../system/logger.ts';
import type { TwilioAccess, TwilioHttp } from './twilio-access.ts';

/**
 * Makes what redirects calls of an account. Without an account, each redirect fails with `telephony.notConfigured`, and nothing of Twilio's
 * REST client is loaded.
 */
export async function createRedirect(
  access: TwilioAccess | null,
  log: Logger,
  httpClient?: TwilioHttp,
): Promise<Redirect> {
  if (access === null) {
    const notConfigured: CallFact = { type: 'telephony.failed', fault: 'telephony.notConfigured', callOver: false };
    return (_callSid, _twiml, done) => done(notConfigured);
  }
  const { callsOf } = await import('./calls-client.ts');
  const calls = callsOf(access, httpClient);
  const update = async (callSid: string, twiml: string): Promise<CallFact> => {
    try {
      await calls(callSid).update({ twiml });
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
