import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { seededScenario } from '../sim/seeds/seeded-scenario.ts';
import { simulateCall } from '../sim/run/call.ts';
import { runBench } from './simulate/bench.ts';
import { writeSeedPage } from './simulate/seed-page.ts';
import { callFixtures } from '../sim/run/fixtures.ts';
import { readScenario, recordedScenario } from '../sim/run/scenario.ts';
import { Progress } from '../sim/run/progress.ts';
import { recordScenario, saveRecording } from '../sim/run/record.ts';
import { failureText, runSeed, scenarioOfSeed } from '../sim/run/seed.ts';
import { runSeeds } from '../sim/run/seeds.ts';
import { SimulationStory } from '../sim/run/story.ts';
import { ParleyError } from '../errors.ts';
import { inTheWay, writeFiles } from './new-files.ts';
import { wholeNumberOption } from './terminal/whole-number-option.ts';
import { type Command, shownPath, startCommand, type Terminal } from './terminal/terminal.ts';

const usage = `Usage: npm run simulate -- [what]
  Plays calls in virtual time against simulated services, and says what does not hold.
  --seeds N [--from N] [--resume FILE]   N calls, each drawn from a seed
  --seed N [--save FOLDER]               one of them, told if something does not hold; saved as a fixture if wanted
  --scenario NAME|FILE                   one of fixtures/scenarios, or the call that a JSON file describes, told
  --record-fixtures                      records all calls under fixtures/calls again
  --bench                                how fast it is`;

type Print = Terminal['print'];

/** What can be asked for, one at a time. */
const kinds = ['seeds', 'seed', 'scenario', 'record-fixtures', 'bench'] as const;

/** A defect that breaks every call shows itself in a few of them. */
const pagesMax = 3;

/** Simulates calls in virtual time. Exits with 1 when something does not hold, with 2 when it was asked for something else. */
async function main(terminal: Terminal): Promise<number> {
  const { args, print } = terminal;
  const { values } = parseArgs({
    args: [...args],
    options: {
      seeds: { type: 'string' },
      from: { type: 'string', default: '0' },
      resume: { type: 'string' },
      seed: { type: 'string' },
      save: { type: 'string' },
      scenario: { type: 'string' },
      'record-fixtures': { type: 'boolean' },
      bench: { type: 'boolean' },
    },
  });
  const asked = kinds.filter((kind) => values[kind] !== undefined);
  if (asked.length > 1)
    throw new ParleyError('config.invalid', `${asked.map((kind) => `--${kind}`).join(' and ')} do not go together.`);
  if (values.bench === true) return runBench(print);
  if (values['record-fixtures'] === true) return recordFixtures(print);
  if (values.scenario !== undefined) return tellScenario(values.scenario, print);
  if (values.seed !== undefined)
    return tellSeed(wholeNumberOption('--seed', values.seed), values.save ?? null, terminal);
  if (values.seeds === undefined) throw new ParleyError('config.invalid', usage);
  const from = wholeNumberOption('--from', values.from);
  const to = from + wholeNumberOption('--seeds', values.seeds, 1);
  return manySeeds({ from, to }, new Progress(values.resume ?? null), terminal);
}

async function manySeeds(
  range: { readonly from: number; readonly to: number },
  progress: Progress,
  terminal: Terminal,
): Promise<number> {
  const { print } = terminal;
  const startedAtMs = performance.now();
  const report = await runSeeds(range, progress, print);
  const tookSeconds = (performance.now() - startedAtMs) / 1000;
  const { seeds, callSeconds, failedSeeds, hash } = report;
  print(`${seeds} seeds, ${callSeconds.toFixed(0)} s of calls in ${tookSeconds.toFixed(1)} s, trace ${hash}.`);
  if (failedSeeds.length === 0) return 0;
  print(`${failedSeeds.length} failed: ${failedSeeds.join(' ')}`);
  for (const seed of failedSeeds.slice(0, pagesMax)) await showSeed(seed, terminal);
  return 1;
}

async function tellSeed(seed: number, folder: string | null, terminal: Terminal): Promise<number> {
  const { print } = terminal;
  if (folder !== null) {
    const { lines, audio } = recordScenario(scenarioOfSeed(seed));
    const files = {
      'scenario.json': `${JSON.stringify(seededScenario(seed), null, 2)}\n`,
      'call.jsonl': lines,
      'call.audio': audio,
    };
    const obstacle = inTheWay(folder, Object.keys(files)) ?? writeFiles(folder, files);
    if (obstacle !== null) throw new ParleyError('config.invalid', obstacle);
    print(`Saved in ${folder}. Write into scenario.json what it pins, make it smaller, and record it again.`);
  }
  const { call, failure } = runSeed(seed);
  if (failure === null) {
    print(`Seed ${seed}: ${call.endReason} after ${(call.callMs / 1000).toFixed(1)} s, trace ${call.hash}.`);
    return 0;
  }
  print(failureText(failure));
  await showSeed(seed, terminal);
  return 1;
}

async function showSeed(seed: number, terminal: Terminal): Promise<void> {
  const page = await writeSeedPage(seed, join(terminal.folder, 'out'));
  terminal.print(`Look at seed ${seed} with a browser: ${shownPath(terminal, page)}`);
}

function tellScenario(nameOrPath: string, print: Print): number {
  const scenario = nameOrPath.endsWith('.json') ? readScenario(nameOrPath) : recordedScenario(nameOrPath);
  const story = new SimulationStory();
  const { broken, endReason, hash } = simulateCall(scenario, { observer: story });
  print(`${story.lastSeconds()}\n${endReason}, trace ${hash}.`);
  for (const sentence of broken) print(`Broken: ${sentence}.`);
  return broken.length === 0 ? 0 : 1;
}

function recordFixtures(print: Print): number {
  let brokenCalls = 0;
  for (const { name, folder, scenario } of callFixtures()) {
    if (scenario === null) continue;
    const recording = recordScenario(scenario);
    saveRecording(folder, recording);
    const { broken, endReason, callMs } = recording.call;
    if (broken.length > 0) brokenCalls += 1;
    const kilobytes = Math.round((recording.lines.length + recording.audio.length) / 1024);
    print(`${name}: ${(callMs / 1000).toFixed(1)} s, ${kilobytes} kB, ${[endReason, ...broken].join('; ')}`);
  }
  return brokenCalls === 0 ? 0 : 1;
}

export const simulateCommand: Command = { usage, run: main };

if (import.meta.main) await startCommand(simulateCommand);
