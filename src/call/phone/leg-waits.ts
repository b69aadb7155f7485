import type { DialInstruction } from '../effects.ts';

/** How long the caller's leg waits for what Twilio does next, in ms. */
export const legWaits = {
  /** Twilio connects the stream within a second of our answer; after ten the caller has heard enough silence. */
  streamStart: 10_000,
  /** The action follows our close within a second. After a caller's hang-up it may never come (TW-CLOSE-1). */
  connectAction: 10_000,
  /** Twice the time that the REST client waits for an answer. */
  redirect: 10_000,
  /** A leg lives four hours at most (TW-TWIML-3); five minutes are for its late action. */
  dial: 4 * 3_600_000 + 300_000,
  /** On top of the time that a number rings, to which Twilio adds about 5 s (TW-TWIML-3). Whoever is not back by then is talking to somebody. */
  dialRingExtra: 15_000,
  /** From the answer there until a key: the longest announcement is read twice in some 45 s, and then there are 10 s to press it. */
  calleeKey: 75_000,
  /** Beside the message itself: the longest apology and prompt take some two minutes to speak, and then Twilio may ask again and again. */
  recordExtra: 180_000,
  /** After the caller has hung up: what the recording's action and callback take to come, if they come. */
  recordNews: 10_000,
} as const;

/** How long a dialled leg may ring before somebody must have taken it, in ms. */
export function ringMsMax({ target }: DialInstruction): number {
  return target.ringSeconds * 1_000 + legWaits.dialRingExtra;
}

/** Why a call ends when Twilio does not answer in time. */
export const givenUp = { streamStart: 'streamNeverStarted', redirect: 'redirectFailed', dial: 'dialTimedOut' } as const;
