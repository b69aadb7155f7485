import type { CallFact } from '../call/events.ts';

/** Tells Twilio by REST what to do with a call about which it did not ask (TW-REST-1). Calls `done` once, with the fact for the call. */
export type Redirect = (callSid: string, twiml: string, done: (fact: CallFact) => void) => void;

/** Twilio's code for a call that has ended (TW-REST-2). */
const callNotInProgress = 21_220;

/**
 * The fact that tells a call of its redirect. The failure is null when all went well, else `code` is Twilio's error code, if it gave
 * one.
 */
export function redirectFact(failure: { readonly code: unknown } | null): CallFact {
  if (failure === null) return { type: 'telephony.updated' };
  return { type: 'telephony.failed', fault: 'telephony.refused', callOver: failure.code === callNotInProgress };
}
