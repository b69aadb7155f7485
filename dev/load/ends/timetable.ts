/** The agent speaks for so long, and is silent for as long. */
export const turnMs = 2_500;

const periodMs = 2 * turnMs;

/** Of so many turns one is cut off by the model. */
const turnsPerInterruption = 3;

/** After so long everything comes again. */
export const timetableMs = turnsPerInterruption * periodMs;

/** When the caller begins to speak and stops, in ms from the start of the agent's turn. The pause that follows is long enough to be an end. */
const callerFromMs = 3_000;
const callerToMs = 4_400;

/** Which turn of the agent began last, in a talk that has gone on for so long. */
export function turnAt(sinceMs: number): number {
  return Math.floor(sinceMs / periodMs);
}

/** Whether the model cuts this turn off. */
export function isCutOff(turn: number): boolean {
  return turn % turnsPerInterruption === 0;
}

/**
 * Whether the caller speaks at this moment of a talk: after each turn of the agent but the one before a turn that is cut off. By its sound this
 * caller only hums, and a model that has stopped for a hum is not followed.
 */
export function callerSpeaksAt(sinceMs: number): boolean {
  const turn = turnAt(sinceMs);
  const inTurnMs = sinceMs - turn * periodMs;
  return !isCutOff(turn + 1) && inTurnMs >= callerFromMs && inTurnMs < callerToMs;
}
