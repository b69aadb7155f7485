import { isJsonObject } from '../../encoding/json.ts';
import { twilioClient } from '../../twilio/edge/account-client.ts';
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

/** Errors of the package have only these fields in common (TW-REST-3), and may hold the account in their text. */
async function told<Answer>(request: Promise<Answer>): Promise<Answer> {
  try {
    return await request;
  } catch (error) {
    const { status, code } = isJsonObject(error) ? error : {};
    const said = [status, code].filter((part) => typeof part === 'number' || typeof part === 'string').join(', ');
    const advice =
      status === 401 || status === 403
        ? 'it does not take TWILIO_ACCOUNT_SID with TWILIO_AUTH_TOKEN; copy both from https://console.twilio.com'
        : status === undefined
          ? 'let this machine connect to api.twilio.com on port 443'
          : 'look at https://status.twilio.com, then try again';
    throw new SetupFailure(`Twilio did not do it (${said || 'no answer'}): ${advice}.`, { cause: error });
  }
}
