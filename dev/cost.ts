/**
 * Shows what a minute of a call costs, the longer it lasts: `npm run bench:cost`. Prints a table in Markdown, and exits with 1 when a
 * minute of the longest call costs too much beside one of the shortest.
 */
import { parseArgs } from 'node:util';
import { startCommand } from '../src/cli/terminal/terminal.ts';
import { costPerMinuteUsd, costUsd, longCall, minuteCostRatioMax } from '../src/sim/run/long-call.ts';
import { builtInPrices } from '../src/config/prices.ts';
import { standardSetup } from '../src/gemini/setup-settings.ts';

const usage = `Usage: npm run bench:cost
  Shows what a minute of a call costs, the longer it lasts. Takes no options.`;

const callMinutes = [2, 5, 10, 20, 30];

interface Figures {
  readonly costUsd: number;
  readonly perMinuteUsd: number;
}

function measure(settings?: { readonly compression: null }): Figures[] {
  return callMinutes.map((minutes) => {
    const call = longCall(minutes, settings);
    if (call.broken.length > 0) throw new RangeError(`A call of ${minutes} minutes: ${call.broken.join('; ')}`);
    return { costUsd: costUsd(call), perMinuteUsd: costPerMinuteUsd(call) };
  });
}

/** What a minute costs beside one of the shortest call. */
function ratios(figures: readonly Figures[]): number[] {
  const [first] = figures;
  return figures.map(({ perMinuteUsd }) => perMinuteUsd / (first?.perMinuteUsd ?? Number.NaN));
}

function cells(figures: readonly Figures[]): string[][] {
  const ratioOf = ratios(figures);
  return figures.map((figure, row) => [
    `$${figure.costUsd.toFixed(2)}`,
    `$${figure.perMinuteUsd.toFixed(3)}`,
    `${(ratioOf[row] ?? Number.NaN).toFixed(1)} ×`,
  ]);
}

function main(): number {
  parseArgs({ options: {} });
  const { triggerTokens, targetTokens } = standardSetup.compression;
  const standard = measure();
  const uncompressed = cells(measure({ compression: null }));
  console.log(`Prices of ${builtInPrices.date}, compression from ${triggerTokens} to ${targetTokens} tokens.\n`);
  const names = ['a call', 'a minute', 'beside 2 minutes'];
  const rows = [
    ['minutes', ...names, ...names.map((name) => `${name}, uncompressed`)],
    ['--:', ...Array<string>(2 * names.length).fill('--:')],
    ...cells(standard).map((row, index) => [`${callMinutes[index]}`, ...row, ...(uncompressed[index] ?? [])]),
  ];
  console.log(rows.map((row) => `| ${row.join(' | ')} |`).join('\n'));
  const ratio = ratios(standard).at(-1) ?? Number.NaN;
  const isCheap = ratio <= minuteCostRatioMax;
  if (!isCheap)
    console.log(`\nA minute of the longest call costs more than ${minuteCostRatioMax} times one of the shortest.`);
  return isCheap ? 0 : 1;
}

await startCommand({ usage, run: main });
