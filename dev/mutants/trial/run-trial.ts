import { fileURLToPath } from 'node:url';
import type { Stage } from '../mutant.ts';
import { runProcess } from './run-process.ts';
import { type TrialLine, trialLineSchema, type TrialOrder } from './trial-order.ts';

const script = fileURLToPath(new URL('../../mutants-trial.ts', import.meta.url));

/** What a trial's process has said, and why it did not come to its end, or null. */
export interface TrialOutcome {
  readonly lines: readonly TrialLine[];
  readonly death: string | null;
}

/** Runs one trial in a process of its own. */
export async function runTrial(order: TrialOrder): Promise<TrialOutcome> {
  // Code that was compiled before does not tell which of its places ran.
  const env = order.places.length === 0 ? {} : { NODE_DISABLE_COMPILE_CACHE: '1' };
  const { output, death } = await runProcess([script], { input: JSON.stringify(order), env });
  const lines = output.split('\n').filter((line) => line !== '');
  return { lines: lines.map((line) => trialLineSchema.parse(JSON.parse(line))), death };
}

/** What caught a trial that did not hold. */
export function failureOf({ lines, death }: TrialOutcome): { readonly kind: Stage; readonly what: string } {
  const begun = lines.findLast((line) => line.kind === 'begins');
  const last = lines.at(-1);
  const what = last?.kind === 'fails' ? last.what : (death ?? 'it says nothing');
  return { kind: begun?.stage ?? 'fixtures', what: `${begun?.name ?? 'the start'}: ${what}` };
}
