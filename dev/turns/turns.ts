/**
 * Measures how callers and agent take turns: recorded voices call the service in virtual time, and what they hear is scored. Prints tables
 * in Markdown. `npm run turns`.
 */
import { parseArgs } from 'node:util';
import { ParleyError } from '../../src/errors.ts';
import { startCommand } from '../../src/cli/terminal/terminal.ts';
import { wholeNumberOption } from '../../src/cli/terminal/whole-number-option.ts';
import { Threads } from '../../src/cli/threads.ts';
import { SimulationStory } from '../../src/sim/run/story.ts';
import type { Half } from '../voice/material/voices.ts';
import { profileNames, type TurnsModel } from './call/model-profile.ts';
import { playTurns } from './call/played-call.ts';
import { drawCall, eventsPerCall } from './material/turns-call.ts';
import { turnRows, type TurnRow } from './material/turn-rows.ts';
import { ruleOption, sweepOption } from './rule-option.ts';
import { sweepTable, type SweepPoint } from './sweep-table.ts';
import { scoredCall, type TurnsOrder, type TurnsResult } from './turns-batch.ts';
import { turnsTables, type RowResults } from './turns-table.ts';

const eventsDefault = '60';

/** Longer than any call of the bench: all of it is told. */
const storyMsMax = 900_000;

const usage = `Usage: npm run turns -- [options]
  Measures how callers and agent take turns: recorded voices call the service in virtual time, and what they hear is scored.
  --events N        how often each thing happens; ${eventsDefault} unless set
  --half NAME       tuned, or held-out: the voices and noises that no parameter was chosen with; both unless set
  --profile NAME    how the model takes turns: ${profileNames.join(', ')}; gemini unless set
  --manual          Parley tells the model when the caller speaks
  --rule NAME=N     another parameter of barge-in than the usual one, such as wordArticulation=0.5; may be given more than once
  --sweep NAME=N,N  a line for each value of a parameter: what stops the agent, and what does not
  --row NAME        only the rows whose name holds this; may be given more than once
  --row NAME --half NAME --seed N   one call, told`;

const text = { type: 'string' } as const;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      events: text,
      half: text,
      profile: text,
      seed: text,
      sweep: text,
      manual: { type: 'boolean', default: false },
      row: { ...text, multiple: true },
      rule: { ...text, multiple: true },
    },
  });
  const profile = profileNames.find((name) => name === (values.profile ?? 'gemini'));
  if (profile === undefined) throw new ParleyError('config.invalid', `--profile is one of ${profileNames.join(', ')}.`);
  const model: TurnsModel = {
    profile,
    turnDetection: values.manual ? 'manual' : 'automatic',
    rule: ruleOption(values.rule ?? []),
  };
  const rows = rowsNamed(values.row ?? ['']);
  const halves = halvesNamed(values.half);
  if (values.seed !== undefined) return tell(rows, halves, model, wholeNumberOption('--seed', values.seed));
  const events = wholeNumberOption('--events', values.events ?? eventsDefault, 1);
  const { sweep } = values;
  for (const half of halves) {
    const before = process.cpuUsage();
    if (sweep === undefined) await print(rows, half, model, events);
    else await printSweep(sweepOption(sweep), rows, half, model, events);
    const { user, system } = process.cpuUsage(before);
    console.log(`${((user + system) / 1e6).toFixed(0)} s of processor time.\n`);
  }
  return 0;
}

async function print(rows: readonly TurnRow[], half: Half, model: TurnsModel, events: number): Promise<void> {
  const results = await play(rows, half, model, events);
  console.log(`${title(half, model)}\n\n${turnsTables(results)}\n`);
}

async function printSweep(
  { name, values }: ReturnType<typeof sweepOption>,
  rows: readonly TurnRow[],
  half: Half,
  model: TurnsModel,
  events: number,
): Promise<void> {
  const points: SweepPoint[] = [];
  for (const value of values) {
    const changed = { ...model, rule: { ...model.rule, [name]: value } };
    points.push({ value, rows: await play(rows, half, changed, events) });
  }
  console.log(`${title(half, model)}, ${events} of each\n\n${sweepTable(name, points)}\n`);
}

function title(half: Half, { profile, turnDetection }: TurnsModel): string {
  return `## The ${half} half, a model like ${profile}, ${turnDetection}`;
}

/** Plays the calls of all rows, in as many threads as there are processors. */
async function play(
  rows: readonly TurnRow[],
  half: Half,
  model: TurnsModel,
  events: number,
): Promise<readonly RowResults[]> {
  const orders = rows.flatMap(({ name, when }) => {
    const inCall = when === 'greeting' ? 1 : Math.min(events, eventsPerCall);
    return Array.from({ length: Math.ceil(events / inCall) }, (_, at): TurnsOrder => ({
      row: name,
      half,
      seed: at + 1,
      ...model,
      eventsMax: inCall,
    }));
  });
  const results: TurnsResult[] = [];
  const worker = new URL('worker.ts', import.meta.url);
  await new Threads<TurnsOrder, TurnsResult>(worker, (one) => void results.push(one)).run(orders);
  // The threads finish in any order.
  results.sort((one, other) => one.seed - other.seed);
  return rows.map((row) => ({ row, results: results.filter((result) => result.row === row.name) }));
}

/** One call: its story, and what became of each sound. */
function tell(rows: readonly TurnRow[], halves: readonly Half[], model: TurnsModel, seed: number): number {
  const [row, ...others] = rows;
  const [half = 'tuned'] = halves;
  if (row === undefined || others.length > 0)
    throw new ParleyError('config.invalid', `--seed wants one row:\n${rows.map(({ name }) => name).join('\n')}`);
  const story = new SimulationStory(storyMsMax);
  const played = playTurns(drawCall(row, half, seed), model, story);
  const { events, questions, heardErrorsMs, broken } = scoredCall(
    { row: row.name, half, seed, ...model, eventsMax: eventsPerCall },
    played,
  );
  console.log(story.lastSeconds());
  console.table([...events, ...questions].toSorted((one, other) => one.onsetMs - other.onsetMs));
  console.log(
    `The line begins ${played.answeredAtMs} ms after the call. Heard positions off by ${heardErrorsMs.join(', ')} ms.`,
  );
  for (const sentence of broken) console.log(`Broken: ${sentence}.`);
  return 0;
}

/** The row of this name, or else all whose names hold it. */
function rowsNamed(names: readonly string[]): readonly TurnRow[] {
  const found = names.flatMap((name) => {
    const exact = turnRows.filter((row) => row.name === name);
    return exact.length > 0 ? exact : turnRows.filter((row) => row.name.includes(name));
  });
  if (found.length === 0)
    throw new ParleyError(
      'config.invalid',
      `No row has such a name. There are:\n${turnRows.map(({ name }) => name).join('\n')}`,
    );
  return turnRows.filter((row) => found.includes(row));
}

function halvesNamed(name: string | undefined): readonly Half[] {
  const halves = ['tuned', 'held-out'] as const;
  const found = halves.filter((half) => name === undefined || half === name);
  if (found.length === 0) throw new ParleyError('config.invalid', `--half is one of ${halves.join(', ')}.`);
  return found;
}

await startCommand({ usage, run: main });
