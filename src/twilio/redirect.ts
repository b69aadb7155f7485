import type { CallFact } from '../call/events.ts';

/** Replaces what Twilio does with a call that did not ask us what comes next (TW-REST-1). Calls `done` once, with what the call is told. */
export type Redirect = (callSid: string, twiml: string, done: (fact: CallFact) => void) => void;

/** Twilio's code for a call that has ended (TW-REST-2). */
const callNotInProgress = 21_220;

/** What a call is told of its redirect: null when all went well, else `code` is Twilio's error code, undefined where it gave none. */
export function redirectFact(failure: { readonly code: unknown } | null): CallFact {
  if (failure === null) return { type: 'telephony.updated' };
  return { type: 'telephony.failed', fault: 'telephony.refused', callOver: failure.code === callNotInProgress };
}
