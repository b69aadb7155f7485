import type { PriceTable } from '../../call/usage.ts';
import type { AgentSetup } from '../../gemini/setup.ts';
import { within } from '../../system/within.ts';
import { Bench, type BenchParts } from './bench.ts';
import { type Allowance, Budget } from './budget.ts';
import { ProbeFailure } from './failure.ts';
import type { Frame } from './frames.ts';
import type { Observation } from './observation.ts';
import type { Question } from './question.ts';

/** What is asked, with what, and how much that may take. */
export interface ProbeOrder extends Omit<BenchParts, 'budget' | 'agent'> {
  readonly questions: readonly Question[];
  readonly agentFor: (question: Question) => AgentSetup;
  readonly allowance: Allowance;
  readonly prices: PriceTable;
  readonly onAnswer: (answer: Answer, budget: Budget) => void;
}

/** What came of one question. */
export interface Answer {
  readonly question: Question;
  /** `open`: not answered, or not to its end. */
  readonly outcome: 'answered' | 'open' | 'skipped';
  /** Why it is not answered, in a sentence. */
  readonly why: string | null;
  readonly findings: readonly Observation[];
  readonly frames: readonly Frame[];
  readonly tookMs: number;
}

/** Less time is no time: a setup and a turn take longer. */
const worthwhileMs = 5_000;

/**
 * Asks the questions one after the other, and those that mostly wait beside them. Whatever a question does, the next one is asked, and all
 * are over when the time is.
 */
export async function runProbe(order: ProbeOrder): Promise<readonly Answer[]> {
  const budget = new Budget(order.allowance, order.prices);
  const answers: Answer[] = [];
  const ask = async (question: Question): Promise<void> => {
    const answer = await answered(question, order, budget);
    answers.push(answer);
    order.onAnswer(answer, budget);
  };
  const companions = order.questions.filter(({ isCompanion }) => isCompanion === true).map(ask);
  for (const question of order.questions) if (question.isCompanion !== true) await ask(question);
  await Promise.all(companions);
  return answers;
}

async function answered(question: Question, order: ProbeOrder, budget: Budget): Promise<Answer> {
  const why = notAsked(question, budget);
  if (why !== null) return { question, outcome: 'skipped', why, findings: [], frames: [], tookMs: 0 };
  const startedAtMs = performance.now();
  const bench = new Bench({ ...order, budget, agent: order.agentFor(question) });
  const deadlineMs = Math.min(question.needs.secondsMax * 1000, budget.leftMs);
  const failure = await within(failureOf(question, bench), deadlineMs);
  bench.end();
  const words = failure === null ? `It was not answered within ${Math.round(deadlineMs / 1000)} s.` : failure.words;
  return {
    question,
    outcome: words === '' ? 'answered' : 'open',
    why: words === '' ? null : words,
    findings: bench.findings,
    frames: bench.frames.all(),
    tookMs: Math.round(performance.now() - startedAtMs),
  };
}

function notAsked({ needs }: Question, budget: Budget): string | null {
  const why = budget.exhausted();
  if (why !== null) return why;
  if (needs.sessions > budget.sessionsLeft)
    return `It needs ${needs.sessions} sessions, and ${budget.sessionsLeft} are left.`;
  return budget.leftMs < worthwhileMs ? 'No time is left for it.' : null;
}

/** Asks, and returns why it was not answered in words; none when it was. */
async function failureOf(question: Question, bench: Bench): Promise<{ readonly words: string }> {
  try {
    await question.ask(bench);
    return { words: '' };
  } catch (error) {
    if (error instanceof ProbeFailure) return { words: error.message };
    // A fault of one question must not take the answers of the others along.
    return { words: `The probe itself failed: ${error instanceof Error ? error.message : String(error)}` };
  }
}
