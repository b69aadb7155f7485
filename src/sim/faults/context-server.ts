import type { FaultPlan } from './fault-plan.ts';
import type { WorldScenario } from '../scenario/world-scenario.ts';
import type { Delivery } from '../world/delivery.ts';

/** What a server answers about a call, and after how long. */
interface ContextAnswering {
  readonly afterMs: number;
  /** Null when it cannot be reached. */
  readonly body: string | null;
}

/** There and back in a company network, and a look into a table. */
const usualMs = 40;

/** What the server answers about the call; null when it never does. */
export function answerAboutCall({ context }: WorldScenario, faults: FaultPlan): ContextAnswering | null {
  const afterMs = faults.all('contextSlow')[0]?.byMs ?? usualMs;
  switch (faults.all('contextFails')[0]?.how) {
    case undefined:
      return { afterMs, body: JSON.stringify(context) };
    case 'refused':
      return { afterMs, body: null };
    case 'notJson':
      return { afterMs, body: '<html>Bad gateway</html>' };
    case 'wrongShape':
      return { afterMs, body: JSON.stringify([context]) };
    case 'never':
      return null;
  }
}

/** The server of the admin that knows the callers. */
export class ContextServer {
  readonly #answer: ContextAnswering | null;

  constructor(scenario: WorldScenario, faults: FaultPlan) {
    this.#answer = answerAboutCall(scenario, faults);
  }

  /** The answer to a question about the call, for the process that asked; nothing when there never is one. */
  asked(question: number, life: number, nowMs: number): Delivery[] {
    if (this.#answer === null) return [];
    const { afterMs, body } = this.#answer;
    return [{ atMs: nowMs + afterMs, to: 'service', event: { type: 'context.answered', question, body }, life }];
  }
}
