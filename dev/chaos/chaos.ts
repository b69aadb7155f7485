import { parseArgs } from 'node:util';
import { helpIfAsked } from '../../src/cli/help.ts';
import { runBesideService } from '../siege/run-beside-service.ts';
import { type ChaosRound, chaosRounds, faultRules } from './faults.ts';
import { chaosTables, type NamedFigures } from './chaos-table.ts';
import { OwnPostgres } from './ground/own-postgres.ts';
import { isVoid, missedBy, seconds } from './judge/asked.ts';
import type { StrikeFacts } from './judge/round-facts.ts';
import { roundFigures } from './judge/round-figures.ts';
import { playRound } from './round.ts';

const usage = `Usage: npm run chaos -- [options]
  Kills, stops and cuts off processes of a real fleet and its database, under live calls, and says what callers noticed. Needs PostgreSQL.
  --seconds N    how long faults come in each round; 60 unless set
  --calls N      how many calls are kept going; 12 unless set
  --seed N       draws faults and calls; 1 unless set
  --only ROUND   one round, or all whose names hold this text; may be given several times
  --list         names the rounds and does nothing`;

/**
 * Strikes a fleet of three real processes and their database, again and again, and prints what callers noticed. Exits with 1 when something
 * was not as it must be. Without PostgreSQL it says so and exits with 0.
 */
async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      seconds: { type: 'string', default: '60' },
      calls: { type: 'string', default: '12' },
      seed: { type: 'string', default: '1' },
      only: { type: 'string', multiple: true, default: [] },
      list: { type: 'boolean', default: false },
    },
  });
  const lastsMs = 1_000 * wholeNumber(values.seconds, 5, 3_600);
  const calls = wholeNumber(values.calls, 1, 60);
  const seed = wholeNumber(values.seed, 0, 999_999_999);
  const rounds = chosen(values.only);
  if (values.list) {
    for (const { name } of rounds) console.log(name);
    return 0;
  }
  const programs = OwnPostgres.programs();
  if (programs === null) {
    console.log('There is no PostgreSQL on this machine (initdb), so there is no fleet to strike.');
    return 0;
  }
  const startedMs = performance.now();
  const postgres = await OwnPostgres.open(programs);
  const played: NamedFigures[] = [];
  try {
    for (const round of rounds) {
      console.log(`— ${round.name}`);
      const figures = roundFigures(await playRound(round, { postgres, lastsMs, calls, seed, onStrike: tellStrike }));
      for (const failure of figureFailures(figures)) console.log(`  ${failure}`);
      played.push({ name: round.name, figures });
    }
  } finally {
    await postgres.close();
  }
  console.log(`\n${chaosTables(played)}\n`);
  console.log(`${calls} calls, seed ${seed}, ${((performance.now() - startedMs) / 1_000).toFixed(0)} s.`);
  return verdict(played);
}

function tellStrike({ fault, instance, atMs, untilMs }: StrikeFacts): void {
  console.log(`  ${faultRules[fault].words}${instance === null ? '' : ` (${instance})`}, ${seconds(untilMs - atMs)}`);
}

function figureFailures({ faults, failures, unended }: NamedFigures['figures']): string[] {
  return [...faults.flatMap((fault) => fault.failures), ...failures, ...unended.map((callSid) => `${callSid} no end`)];
}

/** Says what was not as it must be. Returns the exit code. */
function verdict(played: readonly NamedFigures[]): number {
  const told = played.filter(({ figures }) => !isVoid(figures));
  for (const { name } of played.filter((one) => !told.includes(one)))
    console.log(`Void: ${name}. This machine was late itself.`);
  const missed = told.flatMap(({ name, figures }) => missedBy(figures).map((sentence) => `${name}: ${sentence}`));
  for (const sentence of missed) console.log(`Missed: ${sentence}`);
  return missed.length > 0 ? 1 : 0;
}

function chosen(only: readonly string[]): readonly ChaosRound[] {
  if (only.length === 0) return chaosRounds;
  const rounds = chaosRounds.filter(({ name }) => only.some((text) => name.includes(text)));
  if (rounds.length === 0) throw new RangeError(`No round has such a name: ${only.join(', ')}.\n${usage}`);
  return rounds;
}

function wholeNumber(text: string, min: number, max: number): number {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= min && value <= max) return value;
  throw new RangeError(`Not a number from ${min} to ${max}: "${text}".\n${usage}`);
}

helpIfAsked(usage);
await runBesideService(main);
