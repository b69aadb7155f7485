/**
 * Shows what heavy tools cost the calls beside them: `npm run bench:tools`. Measures a live call with nothing beside it and under each load
 * in turns, in one run, and exits with 1 when a load moves the 99th percentile of its latency too far. Needs Linux.
 */
import { parseArgs } from 'node:util';
import { helpIfAsked } from '../src/cli/help.ts';
import { runBesideService } from './siege/run-beside-service.ts';
import { allLoads } from './tools/loads/all-loads.ts';
import type { ToolLoad } from './tools/tool-load.ts';
import { medianOf } from './figures/quantiles.ts';
import { type LoadSample, ToolsBench } from './tools/tools-bench.ts';

const usage = `Usage: npm run bench:tools -- [options]
  Shows what heavy tools cost the calls beside them. Needs Linux.
  --only TEXT    only loads whose name holds this
  --calls N      how many calls talk; 1 unless set
  --rounds N     how often each is measured; 5 unless set
  --seconds N    how long each time, 5 or more; 5 unless set`;

/** How far a load may move the 99th percentile. */
const movedMsMax = 5;

const numbers = { calls: 1, rounds: 5, seconds: 5 };

async function main(): Promise<number> {
  const { loads, calls, rounds, seconds } = options();
  const bench = await ToolsBench.start(loads, calls);
  const samples = new Map<ToolLoad | null, LoadSample[]>([null, ...loads].map((load) => [load, []]));
  try {
    for (let round = 0; round < rounds; round += 1) {
      // There and back, so that what changes with time changes for all alike.
      for (const load of round % 2 === 0 ? [null, ...loads] : [...loads.toReversed(), null]) {
        const sample = await bench.measure(load, seconds * 1_000);
        console.error(`${load?.name ?? 'nothing'}: ${sample.p99Ms.toFixed(2)} ms`);
        samples.get(load)?.push(sample);
      }
    }
  } finally {
    await bench.stop();
  }
  const middles = [...samples].map(([load, taken]) => ({ name: load?.name ?? 'nothing', ...middle(taken) }));
  const alone = middles[0]?.p99Ms ?? Number.NaN;
  console.log(`${calls} talking; medians of ${rounds} times ${seconds} s, in turns.\n`);
  console.log('| beside it | frame, p50 | frame, p99 | moved | the machine was late, p99 |');
  console.log('| --- | --: | --: | --: | --: |');
  for (const { name, p50Ms, p99Ms, lateMs } of middles) {
    const figures = [p50Ms, p99Ms, p99Ms - alone, lateMs].map((ms) => `${ms.toFixed(2)} ms`);
    console.log(`| ${[name, ...figures].join(' | ')} |`);
  }
  const tooFar = middles.filter(({ p99Ms }) => !(p99Ms - alone <= movedMsMax));
  if (tooFar.length > 0)
    console.log(`\nMoved more than ${movedMsMax} ms: ${tooFar.map(({ name }) => name).join(', ')}.`);
  return tooFar.length === 0 ? 0 : 1;
}

/** Of each figure the median. */
function middle(samples: readonly LoadSample[]): LoadSample {
  const of = (figure: keyof LoadSample): number => medianOf(samples.map((sample) => sample[figure]));
  return { p50Ms: of('p50Ms'), p99Ms: of('p99Ms'), lateMs: of('lateMs') };
}

function options(): typeof numbers & { readonly loads: readonly ToolLoad[] } {
  const { values } = parseArgs({
    options: {
      only: { type: 'string' },
      calls: { type: 'string' },
      rounds: { type: 'string' },
      seconds: { type: 'string' },
    },
  });
  const number = (name: keyof typeof numbers, min: number): number => {
    const given = values[name];
    if (given === undefined) return numbers[name];
    if (/^[1-9]\d{0,2}$/.test(given) && Number(given) >= min) return Number(given);
    throw new RangeError(`--${name} is not a number from ${min} to 999: "${given}".\n${usage}`);
  };
  const loads = allLoads.filter(({ name }) => name.includes(values.only ?? ''));
  if (loads.length === 0) throw new RangeError(`No load has "${values.only}" in its name.\n${usage}`);
  return { loads, calls: number('calls', 1), rounds: number('rounds', 1), seconds: number('seconds', 5) };
}

helpIfAsked(usage);
await runBesideService(main);
