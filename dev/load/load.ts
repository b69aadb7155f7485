/**
 * Measures what calls cost, and how long their sound is on its way, beside the smallest relay in the same run: `npm run bench:load`. Prints
 * tables in Markdown. Needs Linux, two processors, and `taskset`.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { helpIfAsked } from '../../src/cli/help.ts';
import type { SiegeKind } from '../siege/siege-kind.ts';
import { runBesideService } from '../siege/run-beside-service.ts';
import { pin, startParley, startRelay } from './bridge-process.ts';
import { hostileKind } from './hostile-caller.ts';
import { type LoadContext, loadRow, type LoadRound, loadTableHead } from './load-table.ts';
import { type MeasuredBridge, loadProcessor, measureLoad, measureTogether } from './load-run.ts';
import { fullCallsOf, measureSurge } from './surge-run.ts';
import { surgeTables } from './surge-table.ts';
import { medianOf } from '../figures/quantiles.ts';

const usage = `Usage: npm run bench:load -- [options]
  Measures what calls cost, and how long their sound is on its way, beside the smallest relay. Needs Linux and taskset.
  --calls N,N,…    how many calls talk at a time; 1,10,50,100,150,200,300 unless set
  --rounds N       how often each is measured; 3 unless set
  --seconds N      how long each time; 15 unless set
  --together       measures the bridges at the same time, on one processor: what one costs beside the other is then exact to some 2 %
  --record         measures Parley with RECORD_DIR as well
  --hostile KIND   measures Parley with a hostile caller beside the others as well, such as audio-faster-than-time
  --workers N      measures N workers as well, with N times the calls, and says how many times those of one process they carry
  --surge          offers Parley 1.5 times the calls that fill a processor instead, once, for 40 s
  --full N         how many calls fill a processor; with --surge, measured before unless set`;

interface Options {
  readonly counts: readonly number[];
  readonly rounds: number;
  readonly seconds: number;
  readonly together: boolean;
  readonly records: boolean;
  readonly hostile: SiegeKind | null;
  readonly workers: number | null;
  readonly surges: boolean;
  readonly fullCalls: number | null;
}

/** A table shows what a bridge does with more calls than it can carry, so all of them are taken. */
const takesAll = { MAX_EVENT_LOOP_DELAY_MS: 'off' };

const relay: MeasuredBridge = { name: 'relay', start: startRelay, hostile: null };
const parley: MeasuredBridge = { name: 'Parley', start: async (url) => startParley(url, takesAll), hostile: null };

async function main(): Promise<number> {
  const options = optionsOf();
  // A hostile caller and whatever else this process does must not take from the bridge.
  pin(process.pid, loadProcessor);
  const folder = mkdtempSync(join(tmpdir(), 'parley-load-'));
  try {
    if (options.surges) await showSurge(options.fullCalls);
    else if (options.workers !== null) await showWorkers(options, options.workers);
    else await showLoads(options, folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return 0;
}

async function showSurge(given: number | null): Promise<void> {
  const fullCalls = given ?? (await fullCallsOf(parley));
  console.log(surgeTables(await measureSurge(startParley, fullCalls)));
}

/** By what each call costs, because the processors of one machine are too few for all of them. */
async function showWorkers({ counts, rounds, seconds }: Options, workers: number): Promise<void> {
  const together: MeasuredBridge = {
    ...parley,
    name: `${workers} workers`,
    start: async (url) => startParley(url, { ...takesAll, WORKERS: String(workers) }),
  };
  console.log(`Medians of ${rounds} rounds of ${seconds} s, in turns; all processes of the bridge on one processor.\n`);
  for (const calls of counts) {
    const costs: { readonly one: number[]; readonly all: number[] } = { one: [], all: [] };
    for (let round = 0; round < rounds; round += 1) {
      costs.one.push((await measureLoad(parley, calls, seconds * 1_000)).cpuMsPerCallSecond);
      costs.all.push((await measureLoad(together, calls * workers, seconds * 1_000)).cpuMsPerCallSecond);
    }
    const [one, all] = [medianOf(costs.one), medianOf(costs.all)];
    console.log(
      `${calls} calls on one process: ${one.toFixed(2)} ms of CPU per call-second; ${calls * workers} on ${workers} workers: ` +
        `${all.toFixed(2)}. On as many processors, they carry ${((workers * one) / all).toFixed(2)} times the calls.`,
    );
  }
}

async function showLoads(options: Options, folder: string): Promise<void> {
  const { counts, rounds, seconds, together, records, hostile } = options;
  const recording: MeasuredBridge = {
    ...parley,
    name: 'Parley, recording',
    start: async (url) => startParley(url, { ...takesAll, RECORD_DIR: folder }),
  };
  const contenders = [
    relay,
    parley,
    ...(records ? [recording] : []),
    ...(hostile === null ? [] : [{ ...parley, name: `Parley, beside ${hostile.name}`, hostile }]),
  ];
  const order = together
    ? 'at the same time; the bridges have one processor, the load the other'
    : 'in turns; bridge and load on a processor each';
  console.log(`Medians of ${rounds} rounds of ${seconds} s, ${order}.\n`);
  console.log(loadTableHead);
  const before = new Map<MeasuredBridge, LoadContext['fewer']>();
  for (const calls of counts.toSorted((a, b) => a - b)) {
    const samples = new Map<MeasuredBridge, LoadRound[]>(contenders.map((contender) => [contender, []]));
    await (together ? roundsTogether : roundsInTurns)(contenders, calls, options, (contender, sample) => {
      samples.get(contender)?.push(sample);
      tell(calls, contender.name, sample);
    });
    const yardstick = samples.get(relay) ?? [];
    for (const contender of contenders) {
      const contenderRounds = samples.get(contender) ?? [];
      const context = { yardstick, fewer: before.get(contender) ?? null };
      console.log(loadRow(calls, contender.name, contenderRounds, context));
      before.set(contender, { calls, rounds: contenderRounds });
    }
  }
}

/** Takes each figure as it comes. A bridge that cannot carry so many calls has none, and says why. */
type TakeRound = (contender: MeasuredBridge, sample: LoadRound) => void;

async function roundsInTurns(
  contenders: readonly MeasuredBridge[],
  calls: number,
  { rounds, seconds }: Options,
  take: TakeRound,
): Promise<void> {
  for (let round = 0; round < rounds; round += 1) {
    for (const contender of round % 2 === 0 ? contenders : contenders.toReversed()) {
      take(contender, await measureLoad(contender, calls, seconds * 1_000).catch(failureOf));
    }
  }
}

async function roundsTogether(
  contenders: readonly MeasuredBridge[],
  calls: number,
  { rounds, seconds }: Options,
  take: TakeRound,
): Promise<void> {
  try {
    for await (const round of measureTogether(contenders, calls, seconds * 1_000, rounds)) {
      for (const [contender, sample] of round) take(contender, sample);
    }
  } catch (error) {
    for (const contender of contenders) take(contender, failureOf(error));
  }
}

function failureOf(error: unknown): LoadRound {
  return { failed: error instanceof Error ? error.message : String(error) };
}

function tell(calls: number, name: string, sample: LoadRound): void {
  if ('failed' in sample) return console.error(`${calls} calls, ${name} failed: ${sample.failed}`);
  const { cpuMsPerCallSecond, loadCpuShare, lateMs, isVoid } = sample;
  console.error(
    `${calls} calls, ${name}: ${cpuMsPerCallSecond.toFixed(2)} ms per call-second; ` +
      `the load took ${(100 * loadCpuShare).toFixed(0)} % of its processor and was ${lateMs.toFixed(1)} ms late${isVoid ? ': void' : ''}`,
  );
}

function optionsOf(): Options {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    options: {
      calls: text,
      rounds: text,
      seconds: text,
      together: { type: 'boolean' },
      record: { type: 'boolean' },
      hostile: text,
      workers: text,
      surge: { type: 'boolean' },
      full: text,
    },
  });
  if (values.together === true && values.hostile !== undefined) {
    throw new RangeError(
      `--together and --hostile exclude each other: a hostile caller takes from all bridges.\n${usage}`,
    );
  }
  return {
    counts: (values.calls ?? '1,10,50,100,150,200,300').split(',').map((count) => number('calls', count)),
    rounds: number('rounds', values.rounds ?? '3'),
    seconds: number('seconds', values.seconds ?? '15'),
    together: values.together ?? false,
    records: values.record ?? false,
    hostile: values.hostile === undefined ? null : hostileKind(values.hostile),
    workers: values.workers === undefined ? null : number('workers', values.workers),
    surges: values.surge ?? false,
    fullCalls: values.full === undefined ? null : number('full', values.full),
  };
}

function number(name: string, given: string): number {
  if (/^[1-9]\d{0,3}$/.test(given)) return Number(given);
  throw new RangeError(`--${name} is not a number from 1 to 9999: "${given}".\n${usage}`);
}

helpIfAsked(usage);
await runBesideService(main);
