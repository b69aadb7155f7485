import { paths } from '../../twilio/paths.ts';
import { connectionOverrides } from '../../twilio/twiml.ts';

/** What Twilio does with the calls of a number, as far as the set-up changes it (TW-REST-5). Empty: none. */
export interface NumberRoute {
  readonly voiceUrl: string;
  readonly voiceMethod: string;
  readonly voiceFallbackUrl: string;
  readonly voiceFallbackMethod: string;
  readonly statusCallback: string;
  readonly statusCallbackMethod: string;
  /** With one of these, the voice URL is not asked. */
  readonly voiceApplicationSid: string;
  readonly trunkSid: string;
}

/** A number of the account. */
export interface OwnNumber {
  readonly sid: string;
  readonly phoneNumber: string;
  readonly friendlyName: string;
  readonly takesCalls: boolean;
  readonly route: NumberRoute;
}

const words: Readonly<Record<keyof NumberRoute, string>> = {
  voiceUrl: 'A call comes in',
  voiceMethod: 'by',
  voiceFallbackUrl: 'Primary handler fails',
  voiceFallbackMethod: 'by',
  statusCallback: 'Call status changes',
  statusCallbackMethod: 'by',
  voiceApplicationSid: 'TwiML app',
  trunkSid: 'SIP trunk',
};

const fields = [
  'voiceUrl',
  'voiceMethod',
  'voiceFallbackUrl',
  'voiceFallbackMethod',
  'statusCallback',
  'statusCallbackMethod',
  'voiceApplicationSid',
  'trunkSid',
] as const;

/** How a number leads to this service. `fallbackUrl` is asked when Parley cannot be reached; null leaves it as it is. */
export function routeHere(route: NumberRoute, publicUrl: string, fallbackUrl: string | null): NumberRoute {
  return {
    ...route,
    voiceUrl: `${publicUrl}${paths.voice}${connectionOverrides}`,
    voiceMethod: 'POST',
    statusCallback: `${publicUrl}${paths.status}${connectionOverrides}`,
    statusCallbackMethod: 'POST',
    voiceApplicationSid: '',
    trunkSid: '',
    ...(fallbackUrl === null ? {} : { voiceFallbackUrl: fallbackUrl }),
  };
}

/** What differs between two routes, one line each; none when they are the same. */
export function changeLines(before: NumberRoute, after: NumberRoute): string[] {
  return fields
    .filter((field) => before[field] !== after[field])
    .map((field) => `  ${words[field]}: ${before[field] || 'nothing'} → ${after[field] || 'nothing'}`);
}

/** The fields of an update, none but those that change. */
export function changedFields(before: NumberRoute, after: NumberRoute): Partial<NumberRoute> {
  return Object.fromEntries(
    fields.filter((field) => before[field] !== after[field]).map((field) => [field, after[field]]),
  );
}
