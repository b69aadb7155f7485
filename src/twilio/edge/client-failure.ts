import { isJsonObject } from '../../encoding/json.ts';

/** What Twilio answered when it did not do what it was asked. */
export interface ClientFailure {
  /** Of HTTP; null when there was no answer. */
  readonly status: number | null;
  /** Twilio's own code, or that of the network. */
  readonly code: number | string | null;
  /** Both, as in `401, 20003`. */
  readonly said: string;
}

/**
 * What Twilio's package threw. Its exceptions and raw network errors have only these fields in common (TW-REST-3), and may hold the account
 * in their text.
 */
export function clientFailure(error: unknown): ClientFailure {
  const { status: given, code: named } = isJsonObject(error) ? error : {};
  const status = typeof given === 'number' ? given : null;
  const code = typeof named === 'number' || typeof named === 'string' ? named : null;
  return { status, code, said: `${status ?? 'no answer'}${code === null ? '' : `, ${code}`}` };
}

/** What to do when the failure is none of ours. */
export function outageAdvice({ status }: ClientFailure): string {
  return status === null
    ? 'Let this machine connect to api.twilio.com on port 443.'
    : 'Look at https://status.twilio.com, then try again.';
}
