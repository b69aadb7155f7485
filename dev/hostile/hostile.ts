import { parseArgs } from 'node:util';
import { startCommand } from '../../src/cli/terminal/terminal.ts';
import { Threads } from '../../src/cli/threads.ts';
import { wholeNumberOption } from '../../src/cli/terminal/whole-number-option.ts';
import { SimulationStory } from '../../src/sim/run/story.ts';
import { type HostileBatch, type HostileResult, runHostile } from './hostile-run.ts';
import { isHarmless, hostileTable } from './hostile-table.ts';

const seedsDefault = '10000';

/** A second or two of work. */
const batchSeeds = 50;

const usage = `Usage: npm run hostile -- [what]
  Plays calls with a model that does what no prompt wants, and says what came of it.
  --seeds N [--from N]   N calls with a hostile model, each drawn from a seed; ${seedsDefault} unless set
  --seed N               one of them, its last seconds told`;

/**
 * Holds calls with a model that does what no prompt wants, in virtual time, and prints what it tried and what came of it. Exits with 1 when
 * something came of it that must not, or when something was never tried.
 */
async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      seeds: { type: 'string', default: seedsDefault },
      from: { type: 'string', default: '0' },
      seed: { type: 'string' },
    },
  });
  if (values.seed !== undefined) return tell(wholeNumberOption('--seed', values.seed));
  const from = wholeNumberOption('--from', values.from);
  return playAll(from, from + wholeNumberOption('--seeds', values.seeds, 1));
}

async function playAll(from: number, to: number): Promise<number> {
  const startedAtMs = performance.now();
  const batches: HostileBatch[] = [];
  for (let at = from; at < to; at += batchSeeds) batches.push({ from: at, to: Math.min(to, at + batchSeeds) });
  const results: HostileResult[] = [];
  const worker = new URL('worker.ts', import.meta.url);
  await new Threads<HostileBatch, HostileResult[]>(worker, (some) => void results.push(...some)).run(batches);
  // The threads finish in any order.
  results.sort((one, other) => one.seed - other.seed);
  console.log(hostileTable(results));
  console.log(`\n${results.length} calls in ${((performance.now() - startedAtMs) / 1000).toFixed(0)} s.`);
  return isHarmless(results) ? 0 : 1;
}

function tell(seed: number): number {
  const story = new SimulationStory();
  const { harm } = runHostile(seed, { observer: story });
  console.log(story.lastSeconds());
  console.log(harm === null ? `Seed ${seed}: nothing came of it.` : `Seed ${seed}: ${harm.sentence}.`);
  return harm === null ? 0 : 1;
}

await startCommand({ usage, run: main });
