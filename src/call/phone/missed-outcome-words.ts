import type { MissedOutcome } from './phase.ts';

/** Why nobody was reached, in words for a person. */
export const missedOutcomeWords: Readonly<Record<MissedOutcome, string>> = {
  busy: 'the line was busy',
  noAnswer: 'nobody answered',
  declined: 'whoever answered did not take it',
  notAccepted: 'the call was answered and not taken, as by a machine',
  failed: 'the number could not be reached',
  canceled: 'the call to it was cancelled',
};
