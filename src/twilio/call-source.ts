/** Who calls from the browser phone. Twilio names the caller of its own browser calls in this form. */
export const browserCaller = 'client:parley-browser-phone';

/** From where a call comes: from the telephone network, or from the browser phone of this service. */
export type CallSource = 'phone' | 'browser';

/** The source of a call, by whoever calls; null where Twilio withheld that. */
export function callSource(from: string | null): CallSource {
  return from === browserCaller ? 'browser' : 'phone';
}
