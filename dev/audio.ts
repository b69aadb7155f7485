/**
 * Measures the conversions of a call's sound, beside what the registry offers: `npm run bench:audio`. Prints tables,
 * says which of our own figures miss what we ask of them, and then exits with 1.
 */
import { fileURLToPath } from 'node:url';
import { execFileSync } from 'node:child_process';
import { z } from 'zod';
import { helpIfAsked } from '../src/cli/help.ts';
import { candidates } from './audio/alternatives.ts';
import { codec } from './audio/codec.ts';
import { type Figure, isMet, mulawFigures, speechFigures } from './audio/requirements.ts';
import { measureSpeech } from './audio/speech-chain.ts';
import { measureMulaw } from './audio/speed.ts';
import { medianOf } from './figures/quantiles.ts';

const usage = `Usage: npm run bench:audio
  Measures the conversions of a call's sound, beside what the registry offers. Takes no options.`;

/** Odd, so that there is a middle one; a busy machine spoils one or two of them. */
const speedRounds = 5;

/** A young generation so large that no collection hides what was allocated, in MB. */
const youngGenerationMb = 64;

const figuresSchema = z.array(
  z.object({ name: z.string(), value: z.number(), sense: z.enum(['<=', '>=']), limit: z.number() }),
);

function measureApart(what: 'up' | 'down' | 'speed', name: string): Figure[] {
  const flags = [
    '--expose-gc',
    `--min-semi-space-size=${youngGenerationMb}`,
    `--max-semi-space-size=${youngGenerationMb}`,
  ];
  const script = fileURLToPath(new URL('audio/candidate.ts', import.meta.url));
  const line = execFileSync(process.execPath, [...flags, script, what, name], { encoding: 'utf8' });
  return figuresSchema.parse(JSON.parse(line));
}

/** Each figure's middle value over all rounds. */
function medians(rounds: readonly Figure[][]): Figure[] {
  const [first = []] = rounds;
  return first.map(({ name, sense, limit }, row) => {
    return { name, value: medianOf(rounds.map((round) => round[row]?.value ?? Number.NaN)), sense, limit };
  });
}

/** Round after round through all candidates, so that a slow minute of the machine meets every one of them. */
function measureSpeeds(names: readonly string[]): Figure[][] {
  const rounds = Array.from({ length: speedRounds }, () => names.map((name) => measureApart('speed', name)));
  return names.map((_, column) => medians(rounds.map((round) => round[column] ?? [])));
}

/** Prints a table in Markdown, a column for each candidate, and returns the figures of the first, our own. */
function report(title: string, names: readonly string[], columns: readonly Figure[][]): Figure[] {
  const [own = []] = columns;
  const rows = own.map(({ name, sense, limit }, row) => [
    name,
    `${sense} ${limit}`,
    ...columns.map((figures) => shown(figures[row]?.value ?? Number.NaN)),
  ]);
  const lines = [[title, 'asked', ...names], ['---', ...Array(names.length + 1).fill('--:')], ...rows];
  console.log(`\n${lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n')}`);
  return own;
}

function shown(value: number): string {
  const magnitude = Math.abs(value);
  if (Number.isInteger(value)) return String(value);
  if (magnitude < 0.0005) return '< 0.001';
  return value.toFixed(magnitude >= 100 ? 0 : magnitude >= 10 ? 1 : magnitude >= 1 ? 2 : 3);
}

helpIfAsked(usage);

const names = [...candidates.keys()];
const columnsOf = (what: 'up' | 'down'): Figure[][] => names.map((name) => measureApart(what, name));
const clip = 'fixtures/audio/wideband/recorded-24k.wav';

const own = [
  ...report('8 to 16 kHz, the caller', names, columnsOf('up')),
  ...report('24 to 8 kHz, the agent', names, columnsOf('down')),
  ...report('cost', names, measureSpeeds(names)),
  ...report(
    'ours alone',
    ['parley'],
    [[...speechFigures(measureSpeech(clip, codec)), ...mulawFigures(measureMulaw())]],
  ),
];

const missed = own.filter((figure) => !isMet(figure));
for (const { name, value, sense, limit } of missed)
  console.log(`\nMISSED: ${name}: ${shown(value)}, asked ${sense} ${limit}`);
console.log(`\n${missed.length === 0 ? 'PASS' : 'FAIL'}: ${own.length - missed.length} of ${own.length} figures met.`);
process.exitCode = missed.length === 0 ? 0 : 1;
