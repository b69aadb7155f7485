// The pages use it as well: it imports nothing.

/** How a call ended, in two or three words. */
export const pastOutcomes: ReadonlyMap<string, string> = new Map([
  ['callerHungUp', 'caller hung up'],
  ['agentHungUp', 'agent hung up'],
  ['endedByOperator', 'operator hung up'],
  ['transferred', 'transferred'],
  ['apologised', 'agent gave up'],
  ['leftVoicemail', 'left a message'],
  ['streamNeverStarted', 'no sound came'],
  ['redirectFailed', 'redirect failed'],
  ['dialTimedOut', 'transfer lost'],
  ['crashed', 'Parley failed'],
  ['lost', 'Parley stopped'],
  ['refused', 'turned away'],
]);

/** The words for an outcome; one that this version does not know stands for itself. */
export function outcomeText(outcome: string | null): string {
  return outcome === null ? 'live' : (pastOutcomes.get(outcome) ?? outcome);
}
