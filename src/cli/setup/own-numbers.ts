import { twilioClient } from '../../twilio/edge/account-client.ts';
import { outageAdvice, clientFailure } from '../../twilio/edge/client-failure.ts';
import type { TwilioHttp } from '../../twilio/edge/twilio-access.ts';
import { changedFields, type NumberRoute, type OwnNumber } from './number-change.ts';
import { SetupFailure } from './setup-failure.ts';

/** More numbers than one small company has. */
const numbersMax = 200;

/** Who asks Twilio. */
export interface TwilioAccount {
  readonly accountSid: string;
  readonly authToken: string;
  /** Carries the requests, if not the package itself. */
  readonly http?: TwilioHttp;
}

/** The numbers of the account, as Twilio has them now. */
export class OwnNumbers {
  readonly #client: ReturnType<typeof twilioClient>;

  constructor({ accountSid, authToken, http }: TwilioAccount) {
    this.#client = twilioClient({ accountSid, username: accountSid, password: authToken }, http);
  }

  /** Throws a SetupFailure when Twilio does not tell. */
  async list(): Promise<readonly OwnNumber[]> {
    const numbers = await told(this.#client.incomingPhoneNumbers.list({ limit: numbersMax }));
    return numbers.map(({ sid, phoneNumber, friendlyName, capabilities, ...route }) => ({
      sid,
      phoneNumber,
      friendlyName,
      takesCalls: capabilities.voice,
      route: routeOf(route),
    }));
  }

  /** Throws a SetupFailure when Twilio does not do it. */
  async change(sid: string, before: NumberRoute, after: NumberRoute): Promise<void> {
    await told(this.#client.incomingPhoneNumbers(sid).update(changedFields(before, after)));
  }
}

/** Twilio writes null where there is none. */
function routeOf(route: { readonly [Field in keyof NumberRoute]: string | null }): NumberRoute {
  return {
    voiceUrl: route.voiceUrl ?? '',
    voiceMethod: route.voiceMethod ?? '',
    voiceFallbackUrl: route.voiceFallbackUrl ?? '',
    voiceFallbackMethod: route.voiceFallbackMethod ?? '',
    statusCallback: route.statusCallback ?? '',
    statusCallbackMethod: route.statusCallbackMethod ?? '',
    voiceApplicationSid: route.voiceApplicationSid ?? '',
    trunkSid: route.trunkSid ?? '',
  };
}

async function told<Answer>(request: Promise<Answer>): Promise<Answer> {
  try {
    return await request;
  } catch (error) {
    const failure = clientFailure(error);
    const { status, said } = failure;
    const advice =
      status === 401 || status === 403
        ? 'It does not take TWILIO_ACCOUNT_SID with TWILIO_AUTH_TOKEN; copy both from https://console.twilio.com.'
        : outageAdvice(failure);
    throw new SetupFailure(`Twilio did not do it (${said}). ${advice}`, { cause: error });
  }
}
