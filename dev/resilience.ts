import { parseArgs } from 'node:util';
import type { DialogueBatch } from './resilience/batch.ts';
import { rows, DialogueSeed, type DialogueResult } from './resilience/seed.ts';
import { exceptionsText, excusesText, holds, summary, tableText, verdictText } from './resilience/table.ts';
import { ParleyError } from '../src/errors.ts';
import { startCommand } from '../src/cli/terminal/terminal.ts';
import { SimulationStory } from '../src/sim/run/story.ts';
import { Threads } from '../src/cli/threads.ts';
import { wholeNumberOption } from '../src/cli/terminal/whole-number-option.ts';

const seedsDefault = '100';

/** A few seconds of work with all faults. */
const batchSeeds = 2;

/** Longer than any dialogue: all of it is told. */
const storyMsMax = 300_000;

const usage = `Usage: npm run resilience -- [what]
  Plays talks in virtual time, each with a fault, and says what their callers noticed.
  --seeds N [--from N]     N talks for each fault, each drawn from a seed; ${seedsDefault} unless set
  --fault NAME             only the faults whose name holds this
  --fault NAME --seed N    one talk, told`;

/** Plays dialogues with faults in virtual time. Exits with 1 when something that is promised does not hold, with 2 for a wrong option. */
async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      seeds: { type: 'string' },
      from: { type: 'string', default: '0' },
      fault: { type: 'string' },
      seed: { type: 'string' },
    },
  });
  if (values.seed !== undefined && values.seeds !== undefined)
    throw new ParleyError('config.invalid', '--seeds and --seed do not go together.');
  const wanted = rowsNamed(values.fault ?? '');
  if (values.seed !== undefined) return tell(wanted, wholeNumberOption('--seed', values.seed));
  const from = wholeNumberOption('--from', values.from);
  return playAll(wanted, from, from + wholeNumberOption('--seeds', values.seeds ?? seedsDefault, 1));
}

async function playAll(wanted: readonly string[], from: number, to: number): Promise<number> {
  const startedAtMs = performance.now();
  const batches: DialogueBatch[] = [];
  for (let at = from; at < to; at += batchSeeds) {
    batches.push({ from: at, to: Math.min(to, at + batchSeeds), rows: wanted });
  }
  const results: DialogueResult[] = [];
  const worker = new URL('resilience/worker.ts', import.meta.url);
  const threads = new Threads<DialogueBatch, DialogueResult[]>(worker, (some) => {
    results.push(...some);
  });
  await threads.run(batches);
  // The threads finish in any order.
  results.sort((one, other) => one.seed - other.seed);
  const summaries = wanted.map((row) =>
    summary(
      row,
      results.filter((result) => result.row === row),
    ),
  );
  console.log(tableText(summaries));
  const failed = summaries.filter((one) => !holds(one));
  for (const one of failed) console.log(`\n${exceptionsText(one)}`);
  const excuses = summaries.map(excusesText).filter((text) => text !== '');
  if (excuses.length > 0) console.log(`\nLost without anybody's fault:\n${excuses.join('\n')}`);
  const tookSeconds = ((performance.now() - startedAtMs) / 1000).toFixed(0);
  console.log(`\n${results.length} calls in ${tookSeconds} s. ${verdictText(summaries)}`);
  return failed.length === 0 ? 0 : 1;
}

function tell(wanted: readonly string[], seed: number): number {
  const [row] = wanted;
  if (row === undefined || wanted.length > 1) {
    throw new ParleyError('config.invalid', `--seed wants one fault. These have such a name:\n${wanted.join('\n')}`);
  }
  const story = new SimulationStory(storyMsMax);
  const { outcome, causes, excuse, gapMs, allowedMs, lostMs } = new DialogueSeed(seed).run(row, story);
  console.log(story.lastSeconds());
  const allowed = allowedMs === null ? '' : `, allowed ${allowedMs} ms`;
  console.log(`\n${row}, seed ${seed}: ${outcome}, waited ${gapMs ?? 0} ms longer${allowed}, lost ${lostMs} ms.`);
  if (excuse !== null) console.log(`Nobody's fault: ${excuse}.`);
  for (const cause of causes) console.log(`Broken: ${cause}.`);
  return causes.length === 0 ? 0 : 1;
}

/** The row of this name, or else all whose names hold it. */
function rowsNamed(name: string): readonly string[] {
  const found = rows.includes(name) ? [name] : rows.filter((row) => row.includes(name));
  if (found.length === 0)
    throw new ParleyError('config.invalid', `No fault has such a name: ${name}. There are:\n${rows.join('\n')}`);
  return found;
}

await startCommand({ usage, run: main });
