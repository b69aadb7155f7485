import { z } from 'zod';
import type { ToolCall } from '../../call/tooling/tool-call.ts';
import type { ToolCourse } from './service-machine.ts';

/** How one tool call comes out, as data. `afterMs`: how long the tool takes. */
export const toolPlanSchema = z.strictObject({
  afterMs: z.int().min(0).max(60_000).default(1),
  /** `asUsual`: what the built-in tool of that name would do. `never`: it does not come back. */
  outcome: z.enum(['asUsual', 'failed', 'never']).default('asUsual'),
});

export type ToolPlan = z.output<typeof toolPlanSchema>;

const usual: ToolPlan = { afterMs: 1, outcome: 'asUsual' };

/** Runs the tools of a simulated call: the plans are taken in the order of the calls, and after the last one all goes as usual. */
export class ToolDesk {
  readonly #plans: readonly ToolPlan[];
  #calls = 0;

  constructor(plans: readonly ToolPlan[]) {
    this.#plans = plans;
  }

  /** How this tool call comes out, and after how long; null when it never does. */
  run(call: Pick<ToolCall, 'name' | 'args'>): { readonly afterMs: number; readonly outcome: ToolCourse } | null {
    const { afterMs, outcome } = this.#plans[this.#calls] ?? usual;
    this.#calls += 1;
    if (outcome === 'never') return null;
    return { afterMs, outcome: outcome === 'failed' ? { type: 'failed' } : usualOutcome(call) };
  }
}

function usualOutcome({ name, args }: Pick<ToolCall, 'name' | 'args'>): ToolCourse {
  switch (name) {
    case 'lookup_record':
      return finished({ status: 'found', result: 'The status is shipped.' });
    case 'transfer_call':
      return {
        ...finished({ result: 'Say in one short sentence that you are connecting the caller.' }),
        leave: { kind: 'transfer', destination: String(args.destination) },
      };
    case 'end_call':
      return { ...finished({ result: 'The call ends.' }), scheduling: 'silent', leave: { kind: 'hangUp' } };
    default:
      return { type: 'failed' };
  }
}

function finished(response: Readonly<Record<string, unknown>>): Extract<ToolCourse, { type: 'finished' }> {
  return { type: 'finished', response, scheduling: 'whenIdle', leave: null };
}
