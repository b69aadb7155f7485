import type { CallFact } from '../../call/events.ts';
import { type Redirect, redirectFact } from '../redirect.ts';
import type { Logger } from '../../system/logger.ts';
import { clientFailure } from './client-failure.ts';
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
      const { code, status } = clientFailure(error);
      log.warn({ callSid, code, status }, 'callUpdateFailed');
      return redirectFact({ code });
    }
  };
  return (callSid, twiml, done) => {
    const redirect = async (): Promise<void> => done(await update(callSid, twiml));
    void redirect();
  };
}
