import { parseArgs } from 'node:util';
import { helpIfAsked } from '../src/cli/help.ts';
import { seededRandom } from '../src/sim/seeded-random.ts';
import { Draw } from '../src/sim/seeds/draw.ts';
import { broken, type KillKind, type KillRow, table } from './kill/kill-report.ts';
import { runKills } from './kill/kill-run.ts';

const usage = `Usage: npm run resilience:kill -- [options]
  Kills the running service under live calls, again and again, and says what was lost.
  --kills N    how often Parley is killed; 25 unless set
  --calls N    how many calls are kept going; 20 unless set
  --seed N     draws the kills and the calls; 1 unless set`;

/** How often each way of dying comes among ten kills. They are drawn like cards, so that ten kills have them all. */
const deck: readonly KillKind[] = [
  'held',
  'held',
  'held',
  'held',
  'again',
  'again',
  'standby',
  'standby',
  'refused',
  'frozen',
];

const pauseMs = { min: 0, max: 2_500 };
const firstPauseMs = 3_000;
const talkMs = { min: 20_000, max: 60_000 };

/** Kills the real service under live calls. Exits with 1 when something was lost, with 2 for a wrong option. */
async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      kills: { type: 'string', default: '25' },
      calls: { type: 'string', default: '20' },
      seed: { type: 'string', default: '1' },
    },
  });
  const kills = wholeNumberOption(values.kills, 1, 1_000);
  const calls = wholeNumberOption(values.calls, 1, 40);
  const seed = wholeNumberOption(values.seed, 0, 999_999_999);
  const startedMs = performance.now();
  console.log(`Killing Parley ${kills} times with ${calls} calls, seed ${seed}.`);
  const report = await runKills({
    kinds: kindsFor(kills, seed),
    calls,
    seed,
    pauseMs,
    firstPauseMs,
    talkMs,
    onKill: (row) => console.log(told(row)),
  });
  const said = broken(report);
  console.log(`\n${table(report)}`);
  console.log(`${((performance.now() - startedMs) / 1000).toFixed(0)} s.`);
  for (const sentence of said) console.log(`Broken: ${sentence}`);
  return said.length === 0 ? 0 : 1;
}

function kindsFor(kills: number, seed: number): KillKind[] {
  const draw = new Draw(seededRandom(~seed));
  const kinds: KillKind[] = ['held'];
  let left = [...deck];
  while (kinds.length < kills) {
    // Where the port refused, there is nobody to be killed again.
    const fits = left.filter((kind) => kind !== 'again' || kinds.at(-1) !== 'refused');
    const kind = fits[draw.int(0, Math.max(0, fits.length - 1))] ?? 'held';
    kinds.push(kind);
    left = left.length === 1 ? [...deck] : left.toSpliced(left.indexOf(kind), 1);
  }
  return kinds.slice(0, kills);
}

function told({ kind, live, broughtBack, continued, killedAgain, givenUp, failures }: KillRow): string {
  const parts = [`${live} live`, `${broughtBack} back`, `${continued} went on`];
  if (killedAgain > 0) parts.push(`${killedAgain} killed again`);
  if (givenUp.length > 0) parts.push(`${givenUp.length} given up`);
  return [`${kind}: ${parts.join(', ')}`, ...failures.map((failure) => `  ${failure}`)].join('\n');
}

function wholeNumberOption(text: string, min: number, max: number): number {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= min && value <= max) return value;
  throw new RangeError(`Not a number from ${min} to ${max}: "${text}".\n${usage}`);
}

helpIfAsked(usage);
try {
  process.exitCode = await main();
} catch (error) {
  const isAsked = error instanceof RangeError || (error instanceof TypeError && 'code' in error);
  console.error(isAsked ? error.message : error);
  process.exitCode = 2;
}
