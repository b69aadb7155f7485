import type { PriceTable } from '../../call/usage.ts';
import type { Needs, Question } from './question.ts';

/** What a list of questions is expected to take. */
export interface Estimate {
  /** If every question takes all the time that it has; those that wait run beside the others. */
  readonly minutesMax: number;
  readonly sessions: number;
  /** US dollars; null if the price table lacks a model. */
  readonly dollars: number | null;
}

/** GM-USAGE-1. */
const audioTokensPerSecond = 25;

/** The instruction and tools of a real call. */
const instructionTokens = 1_500;

/** Adds up what the questions say of themselves. Every turn reads the whole session again, so this is more than the bill will be. */
export function estimateOf(
  questions: readonly Question[],
  modelOf: (question: Question) => string,
  prices: PriceTable,
): Estimate {
  const inTurn = questions.filter(({ isCompanion }) => isCompanion !== true);
  const waiting = questions.filter(({ isCompanion }) => isCompanion === true);
  const seconds = Math.max(
    inTurn.reduce((sum, { needs }) => sum + needs.secondsMax, 0),
    ...waiting.map(({ needs }) => needs.secondsMax),
  );
  const costs = questions.map((question) => costOf(question.needs, modelOf(question), prices));
  return {
    minutesMax: seconds / 60,
    sessions: questions.reduce((sum, { needs }) => sum + needs.sessions, 0),
    dollars: costs.reduce<number | null>((sum, cost) => (sum === null || cost === null ? null : sum + cost), 0),
  };
}

function costOf(
  { turns, heardSeconds, spokenSeconds, textTokens = 0 }: Needs,
  model: string,
  prices: PriceTable,
): number | null {
  const rates = prices.perMillionTokens[model];
  if (rates === undefined) return null;
  const text = turns * (instructionTokens + textTokens) * rates.textIn;
  const audio = Math.max(1, turns) * (heardSeconds + spokenSeconds) * audioTokensPerSecond * rates.audioIn;
  const speech = spokenSeconds * audioTokensPerSecond * rates.audioOut;
  return (text + audio + speech) / 1_000_000;
}
