/**
 * Sabotages the call and its host in small ways and looks whether the fixtures, the simulation or the tests notice: `npm run mutants`.
 * Prints a table for each room and whatever survived, and exits with 1 when too much did.
 */
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { ParleyError } from '../src/errors.ts';
import { startCommand } from '../src/cli/terminal/terminal.ts';
import { wholeNumberOption } from '../src/cli/terminal/whole-number-option.ts';
import { type Baseline, baselineOf, checkTests } from './mutants/trial/baseline.ts';
import { mutantsOfRooms, sample } from './mutants/drawing/draw.ts';
import { type Mutant, mutantWords, type Trial } from './mutants/mutant.ts';
import { listLines, report } from './mutants/report.ts';
import { type Room, rooms } from './mutants/room.ts';
import { tryMutant } from './mutants/trial/try-mutant.ts';
import { TypeCheck } from './mutants/type-check.ts';

const usage = `Usage: npm run mutants -- [options]
  Breaks the call, its host and the translations in small ways, and says what no fixture, simulated call or test notices.
  --all          every mutant there is, instead of a sample
  --only PLACE   the mutants of one room, file or line, such as src/host or playout.ts:82
  --seed N       another sample; 1 unless set
  --seeds N      how many calls are simulated against each mutant; 100 unless set
  --list FILE    writes each mutant and what caught it into this file`;

const root = fileURLToPath(new URL('..', import.meta.url));

/** What is asked of the command. */
interface Choice {
  readonly only: string | undefined;
  readonly isAll: boolean;
  readonly seed: number;
}

/** The mutants of a room that are to be tried. */
interface Chosen {
  readonly room: Room;
  readonly mutants: readonly Mutant[];
}

/** The mutants that are to be tried, by room. */
function chosen({ only, isAll, seed }: Choice): Chosen[] {
  const all = mutantsOfRooms(root, rooms);
  return rooms.map((room, index) => {
    const found = all[index]?.filter(({ path, line }) => only === undefined || `${path}:${line}`.includes(only)) ?? [];
    return { room, mutants: isAll ? found : sample(found, room, seed) };
  });
}

/** What the code as it is does, by the way in which fixtures are tried. */
async function baselinesOf(toTry: readonly Chosen[], seeds: number): Promise<ReadonlyMap<Room['fixtures'], Baseline>> {
  const ways = [...new Set(toTry.map(({ room }) => room.fixtures))];
  const mutantsOf = (way: Room['fixtures']): Mutant[] =>
    toTry.filter(({ room }) => room.fixtures === way).flatMap(({ mutants }) => mutants);
  const baselines = ways.map(async (way) => [way, await baselineOf(way, mutantsOf(way), seeds)] as const);
  return new Map(await Promise.all(baselines));
}

/** Tries all mutants of a room, one at a time on each core, and says now and then how far it is. */
async function tryAll(room: Room, mutants: readonly Mutant[], baseline: Baseline): Promise<Trial[]> {
  const types = new TypeCheck(root, room.project);
  const trials = new Map<Mutant, Trial>();
  const waiting = mutants.values();
  const work = async (): Promise<void> => {
    for (const mutant of waiting) {
      const refusal = types.refusal(mutant);
      const verdict =
        refusal === null
          ? await tryMutant(room, mutant, baseline)
          : { kind: 'notRun' as const, what: `the type checker refuses it: ${refusal}` };
      trials.set(mutant, { mutant, verdict });
      const progress = `${room.folder} ${trials.size}/${mutants.length}`;
      if (verdict.kind === 'survived') console.error(`${progress} survived: ${mutantWords(mutant)}`);
      else if (trials.size % 50 === 0) console.error(progress);
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
  const { only, all = false, list } = values;
  const [seed, seeds] = [wholeNumberOption('--seed', values.seed), wholeNumberOption('--seeds', values.seeds)];
  const toTry = chosen({ only, isAll: all, seed }).filter(({ mutants }) => mutants.length > 0);
  if (toTry.length === 0) throw new ParleyError('config.invalid', `There is no mutant at ${only ?? 'all'}.`);
  const startedAtMs = performance.now();
  const listed: string[] = [];
  let isMet = true;
  console.error('First the code as it is.');
  const baselines = await baselinesOf(toTry, seeds);
  for (const { room, mutants } of toTry) {
    console.error(`${room.folder}: ${mutants.length} mutants.`);
    const baseline = baselines.get(room.fixtures);
    if (baseline === undefined) continue;
    await checkTests(room);
    const trials = await tryAll(room, mutants, baseline);
    const told = report(room, trials, only === undefined ? 'whole' : 'part');
    for (const line of [...told.lines, '']) console.log(line);
    isMet &&= told.isMet;
    listed.push(...listLines(trials));
  }
  console.log(`It took ${Math.round((performance.now() - startedAtMs) / 1000)} s.`);
  if (list !== undefined) writeFileSync(list, `${listed.join('\n')}\n`);
  return isMet ? 0 : 1;
}

await startCommand({ usage, run: main });
