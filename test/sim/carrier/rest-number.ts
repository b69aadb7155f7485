import type { RestNumber } from '../../../src/sim/carrier/rest/rest-account.ts';

/** A number as Twilio hands it out, of which some things may differ. */
export function restNumber(changes: Partial<RestNumber> = {}): RestNumber {
  return {
    sid: `PN${'1'.repeat(32)}`,
    phoneNumber: '+15005550001',
    friendlyName: '(500) 555-0001',
    takesCalls: true,
    voiceUrl: 'https://demo.twilio.com/welcome/voice/',
    voiceMethod: 'POST',
    voiceFallbackUrl: '',
    voiceFallbackMethod: 'POST',
    statusCallback: '',
    statusCallbackMethod: 'POST',
    voiceApplicationSid: null,
    trunkSid: null,
    ...changes,
  };
}
