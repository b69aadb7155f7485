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

/** What has run is only counted while nothing of it is optimised, nor was compiled before. That takes its time. */
const counting = {
  flags: ['--no-opt', '--no-maglev'],
  options: { env: { NODE_DISABLE_COMPILE_CACHE: '1' }, msMax: 900_000 },
};

/** Runs one trial in a process of its own. */
export async function runTrial(order: TrialOrder): Promise<TrialOutcome> {
  const { flags, options } = order.places.length === 0 ? { flags: [], options: {} } : counting;
  const { output, death } = await runProcess([...flags, script], { input: JSON.stringify(order), ...options });
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
