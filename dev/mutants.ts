/**
 * Sabotages the core in small ways and looks whether the fixtures or the simulation notice: `npm run mutants`. Prints a table and
 * whatever survived, and exits with 1 when too much did.
 */
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { helpIfAsked } from '../src/cli/help.ts';
import { runSimulation, SimulateError } from '../src/cli/run-simulation.ts';
import { wholeNumberOption } from '../src/cli/whole-number-option.ts';
import { mutantsOfCore, sample } from './mutants/draw.ts';
import { type Mutant, mutantWords, type Trial } from './mutants/mutant.ts';
import { listLines, report } from './mutants/report.ts';
import { tryCore, tryMutant } from './mutants/run-trial.ts';
import { TypeCheck } from './mutants/type-check.ts';

const usage = `Usage: npm run mutants -- [options]
  --all          every mutant there is, instead of those that judge and a sample of the others
  --only PLACE   the mutants of one file or line, such as playout.ts:81
  --seed N       another sample; 1 unless set
  --seeds N      how many calls are simulated against each mutant; 100 unless set
  --list FILE    writes each mutant and what caught it into this file`;

/** So many of the rules that do not judge, if not all are wanted: enough to see where fixtures are thin. */
const furtherMax = 100;

const root = fileURLToPath(new URL('..', import.meta.url));

/** Tries all mutants, one at a time on each core, and says now and then how far it is. */
async function tryAll(mutants: readonly Mutant[], hashes: readonly string[]): Promise<Trial[]> {
  const types = new TypeCheck(root);
  const trials = new Map<Mutant, Trial>();
  const waiting = mutants.values();
  const work = async (): Promise<void> => {
    for (const mutant of waiting) {
      const refusal = types.refusal(mutant);
      const verdict =
        refusal === null
          ? await tryMutant(mutant, hashes)
          : { kind: 'notRun' as const, what: `the type checker refuses it: ${refusal}` };
      trials.set(mutant, { mutant, verdict });
      if (verdict.kind === 'survived')
        console.error(`${trials.size}/${mutants.length} survived: ${mutantWords(mutant)}`);
      else if (trials.size % 50 === 0) console.error(`${trials.size}/${mutants.length}`);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  types.close();
  return mutants.flatMap((mutant) => trials.get(mutant) ?? []);
}

/** Exits with 1 when too much survived, with 2 for a wrong option. */
async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      all: { type: 'boolean' },
      seed: { type: 'string', default: '1' },
      seeds: { type: 'string', default: '100' },
      only: { type: 'string' },
      list: { type: 'string' },
    },
  });
  const { only } = values;
  const [seed, seeds] = [wholeNumberOption('--seed', values.seed), wholeNumberOption('--seeds', values.seeds)];
  const found = mutantsOfCore(root).filter(({ path, line }) => only === undefined || `${path}:${line}`.includes(only));
  if (found.length === 0) throw new SimulateError(`There is no mutant at ${only ?? 'all'}.`);
  const mutants = values.all === true ? found : sample(found, furtherMax, seed);
  console.error(`${mutants.length} of ${found.length} mutants, after the core as it is.`);
  const startedAtMs = performance.now();
  const trials = await tryAll(mutants, await tryCore(seeds));
  const tookSeconds = Math.round((performance.now() - startedAtMs) / 1000);
  const { lines, isMet } = report(trials, only === undefined ? 'core' : 'part');
  for (const line of lines) console.log(line);
  console.log(`It took ${tookSeconds} s.`);
  if (values.list !== undefined) writeFileSync(values.list, `${listLines(trials).join('\n')}\n`);
  return isMet ? 0 : 1;
}

helpIfAsked(usage);
await runSimulation(main);
