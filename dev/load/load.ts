/**
 * Measures what calls cost, and how long their sound is on its way, beside the smallest relay in the same run: `npm run bench:load`. Prints
 * tables in Markdown. Needs Linux, two processors, and `taskset`.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { helpIfAsked } from '../../src/cli/help.ts';
import { type BridgeProcess, startParley, startRelay } from './bridge-process.ts';
import { loadRow, loadTableHead } from './load-table.ts';
import { type LoadFigures, measureLoad } from './load-run.ts';
import { runBesideService } from '../siege/run-beside-service.ts';

const usage = `Usage: npm run bench:load -- [options]
  --calls N,N,…   how many calls talk at a time; 1,10,50,100 unless set
  --rounds N      how often each is measured; 3 unless set
  --seconds N     how long each time; 15 unless set
  --record        measures Parley with RECORD_DIR as well`;

interface Contender {
  readonly name: string;
  readonly start: (modelUrl: string) => Promise<BridgeProcess>;
}

async function main(): Promise<number> {
  const { counts, rounds, seconds, records } = options();
  const folder = mkdtempSync(join(tmpdir(), 'parley-load-'));
  const contenders: readonly Contender[] = [
    { name: 'relay', start: startRelay },
    { name: 'Parley', start: async (modelUrl) => startParley(modelUrl, null) },
    ...(records ? [{ name: 'Parley, recording', start: async (url: string) => startParley(url, folder) }] : []),
  ];
  console.log(`Medians of ${rounds} rounds of ${seconds} s, in turns; bridge and load on a processor each.\n`);
  console.log(loadTableHead);
  for (const calls of counts) {
    const samples = new Map<Contender, LoadFigures[]>(contenders.map((contender) => [contender, []]));
    for (let round = 0; round < rounds; round += 1) {
      for (const contender of round % 2 === 0 ? contenders : contenders.toReversed()) {
        const sample = await measureLoad(contender.start, calls, seconds * 1_000);
        console.error(
          `${calls} calls, ${contender.name}: ${sample.cpuMsPerCallSecond.toFixed(2)} ms per call-second` +
            (sample.isVoid ? ', void: the load was late' : ''),
        );
        samples.get(contender)?.push(sample);
      }
    }
    const yardstick = samples.get(contenders[0] ?? { name: '', start: startRelay }) ?? [];
    for (const contender of contenders) {
      console.log(loadRow(calls, contender.name, samples.get(contender) ?? [], yardstick));
    }
  }
  rmSync(folder, { recursive: true, force: true });
  return 0;
}

function options(): { counts: readonly number[]; rounds: number; seconds: number; records: boolean } {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({ options: { calls: text, rounds: text, seconds: text, record: { type: 'boolean' } } });
  return {
    counts: (values.calls ?? '1,10,50,100').split(',').map((count) => number('calls', count)),
    rounds: number('rounds', values.rounds ?? '3'),
    seconds: number('seconds', values.seconds ?? '15'),
    records: values.record ?? false,
  };
}

function number(name: string, given: string): number {
  if (/^[1-9]\d{0,3}$/.test(given)) return Number(given);
  throw new RangeError(`--${name} is not a number from 1 to 9999: "${given}".\n${usage}`);
}

helpIfAsked(usage);
await runBesideService(main);
