import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Mutant, Verdict } from './mutant.ts';
import { type TrialLine, trialLineSchema, type TrialOrder } from './trial-order.ts';

/** A trial takes seconds. Whoever needs this long on a busy machine loops for ever. */
const trialMsMax = 120_000;

/** A core that orders without end shall not take the machine's memory. */
const heapMbMax = 1_024;

/** More than all lines of a trial. */
const outputCharsMax = 1_000_000;

const script = fileURLToPath(new URL('../mutants-trial.ts', import.meta.url));

/** Tries the core as it is: what every mutant is compared with. Throws when it fails, because then no mutant says anything. */
export async function tryCore(seeds: number): Promise<readonly string[]> {
  const { lines, death } = await runTrial({ sabotage: null, seeds });
  const last = lines.at(-1);
  if (death === null && last?.kind === 'holds') return last.hashes;
  throw new RangeError(`The core fails before it is sabotaged, ${failure(lines, death).what}`);
}

/** Tries one mutant. `hashes` are those of the core as it is, one for each seed. */
export async function tryMutant({ path, text }: Mutant, hashes: readonly string[]): Promise<Verdict> {
  const { lines, death } = await runTrial({ sabotage: { path, text }, seeds: hashes.length });
  const last = lines.at(-1);
  if (last?.kind === 'unloaded') return { kind: 'notRun', what: 'no call loads this file' };
  if (death !== null || last?.kind !== 'holds') return failure(lines, death);
  const differsAt = last.hashes.findIndex((hash, seed) => hash !== hashes[seed]);
  return { kind: 'survived', differsAt: differsAt === -1 ? null : differsAt };
}

function failure(lines: readonly TrialLine[], death: string | null): Verdict & { readonly what: string } {
  const begun = lines.findLast((line) => line.kind === 'begins');
  const last = lines.at(-1);
  const what = last?.kind === 'fails' ? last.what : (death ?? 'it says nothing');
  return { kind: begun?.stage ?? 'replay', what: `${begun?.name ?? 'the start'}: ${what}` };
}

interface Outcome {
  readonly lines: readonly TrialLine[];
  /** Why the process did not come to its end, or null. */
  readonly death: string | null;
}

function runTrial(order: TrialOrder): Promise<Outcome> {
  const child = spawn(process.execPath, [`--max-old-space-size=${heapMbMax}`, script], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  return new Promise((resolve, reject) => {
    let output = '';
    let errors = '';
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      child.kill('SIGKILL');
    }, trialMsMax);
    child.stdout.on('data', (part) => (output = (output + String(part)).slice(0, outputCharsMax)));
    child.stderr.on('data', (part) => (errors = (errors + String(part)).slice(0, outputCharsMax)));
    child.on('error', reject);
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      const lines = output.split('\n').filter((line) => line !== '');
      const death = isLate
        ? 'it never comes to an end'
        : code === 0
          ? null
          : `it dies (${code ?? signal}) ${errorOf(errors)}`;
      resolve({ lines: lines.map((line) => trialLineSchema.parse(JSON.parse(line))), death });
    });
    child.stdin.end(JSON.stringify(order));
  });
}

/** The line of a stack that says what was thrown. */
function errorOf(errors: string): string {
  return errors.split('\n').find((line) => /^\w*Error\b/.test(line)) ?? '';
}
