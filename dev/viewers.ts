/**
 * Shows what viewers cost the calls that they watch: `npm run bench:viewers`. Measures the service alone and watched in turns, in one run,
 * and exits with 1 when viewers of the board cost too much. Needs Linux.
 */
import { parseArgs } from 'node:util';
import { helpIfAsked } from '../src/cli/help.ts';
import { runBesideService } from './siege/run-beside-service.ts';
import { medianOf } from './figures/quantiles.ts';
import { ViewersBench, type Audience, type Sample } from './viewers/viewers-bench.ts';

const usage = `Usage: npm run bench:viewers -- [options]
  Shows what viewers of the operator's pages cost the calls that they watch. Needs Linux.
  --calls N      how many calls talk; 50 unless set
  --viewers N    how many watch the board; 50 unless set
  --listeners N  how many listen in, each to a call of its own; 20 unless set, which is as many as may
  --rounds N     how often each is measured; 6 unless set
  --seconds N    how long each time; 5 unless set`;

/** What viewers may add to the time of the processor. */
const shareMax = 0.1;

const numbers = { calls: 50, viewers: 50, listeners: 20, rounds: 6, seconds: 5 };

async function main(): Promise<number> {
  const { calls, viewers, listeners, rounds, seconds } = options();
  const bench = await ViewersBench.start(calls);
  const audiences: readonly Audience[] = [
    { name: 'nobody', watching: 0, listening: 0 },
    { name: `${viewers} viewers`, watching: viewers, listening: 0 },
    { name: `${listeners} listeners`, watching: 0, listening: listeners },
  ];
  const samples = new Map<Audience, Sample[]>(audiences.map((audience) => [audience, []]));
  for (let round = 0; round < rounds; round += 1) {
    // There and back, so that what changes with time changes for all alike.
    for (const audience of round % 2 === 0 ? audiences : audiences.toReversed()) {
      const sample = await bench.measure(audience, seconds * 1_000);
      console.error(`${audience.name}: ${(100 * sample.cpuShare).toFixed(1)} % of a processor`);
      samples.get(audience)?.push(sample);
    }
  }
  bench.stop();
  const rows = audiences.map((audience) => ({ audience, sample: middle(samples.get(audience) ?? []) }));
  const alone = rows[0]?.sample.cpuShare ?? Number.NaN;
  console.log(`${calls} calls that talk all the time; medians of ${rounds} times ${seconds} s, in turns.\n`);
  console.log('| watched by | processor | beside nobody | frame, p50 | frame, p99 | sent a second |');
  console.log('| --- | --: | --: | --: | --: | --: |');
  for (const { audience, sample } of rows) {
    const { cpuShare, p50Ms, p99Ms, bytesPerSecond } = sample;
    const more = `${(100 * (cpuShare / alone - 1)).toFixed(1)} %`;
    const figures = [`${(100 * cpuShare).toFixed(1)} %`, more, `${p50Ms.toFixed(2)} ms`, `${p99Ms.toFixed(2)} ms`];
    console.log(`| ${[audience.name, ...figures, `${Math.round(bytesPerSecond / 1_000)} kB`].join(' | ')} |`);
  }
  const isCheap = (rows[1]?.sample.cpuShare ?? Number.NaN) <= (1 + shareMax) * alone;
  if (!isCheap) console.log(`\nThe viewers cost more than ${100 * shareMax} %.`);
  return isCheap ? 0 : 1;
}

/** Of each figure the median. */
function middle(samples: readonly Sample[]): Sample {
  const of = (figure: keyof Sample): number => medianOf(samples.map((sample) => sample[figure]));
  return { cpuShare: of('cpuShare'), p50Ms: of('p50Ms'), p99Ms: of('p99Ms'), bytesPerSecond: of('bytesPerSecond') };
}

function options(): typeof numbers {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    options: { calls: text, viewers: text, listeners: text, rounds: text, seconds: text },
  });
  const number = (name: keyof typeof numbers): number => {
    const given = values[name];
    if (given === undefined) return numbers[name];
    if (/^[1-9]\d{0,2}$/.test(given)) return Number(given);
    throw new RangeError(`--${name} is not a number from 1 to 999: "${given}".\n${usage}`);
  };
  return {
    calls: number('calls'),
    viewers: number('viewers'),
    listeners: number('listeners'),
    rounds: number('rounds'),
    seconds: number('seconds'),
  };
}

helpIfAsked(usage);
await runBesideService(main);
