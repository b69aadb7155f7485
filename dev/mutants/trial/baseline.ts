import { statSync } from 'node:fs';
import { join } from 'node:path';
import { callFixtures } from '../../../src/sim/run/fixtures.ts';
import type { Mutant } from '../mutant.ts';
import type { Room } from '../room.ts';
import { failureOf, runTrial } from './run-trial.ts';
import { tryTests } from './run-tests.ts';
import type { TrialLine } from './trial-order.ts';

/** The calls that can show a mutant: the others never run its place. */
export interface CallsToTry {
  readonly fixtures: readonly string[];
  readonly seeds: readonly number[];
}

/** What the code as it is does: every mutant is compared with it. */
export interface Baseline {
  /** The hash of each seed's trace. */
  readonly hashes: readonly string[];
  /** Which calls a mutant is worth. */
  readonly callsFor: ReadonlyMap<Mutant, CallsToTry>;
}

/** Tries the code as it is, once for all mutants that fixtures try in this way. Throws when it fails: then no mutant says anything. */
export async function baselineOf(
  howTried: Room['fixtures'],
  mutants: readonly Mutant[],
  seeds: number,
): Promise<Baseline> {
  const calls = { fixtures: shortestFirst(), seeds: Array.from({ length: seeds }, (_, seed) => seed) };
  const places = mutants.map(({ path, start }) => ({ path, offset: start }));
  const { lines, death } = await runTrial({ sabotage: null, fixtures: howTried, calls, places });
  const last = lines.at(-1);
  if (death !== null || last?.kind !== 'holds') {
    throw new RangeError(`The code fails before it is sabotaged, ${failureOf({ lines, death }).what}`);
  }
  const [atLoad = new Set<number>(), ...byCall] = reachedIn(lines);
  const callsFor = mutants.map((mutant, index) => {
    const isReached = (at: number): boolean => atLoad.has(index) || byCall[at]?.has(index) === true;
    const fixtures = calls.fixtures.filter((_, at) => isReached(at));
    return [
      mutant,
      { fixtures, seeds: calls.seeds.filter((seed) => isReached(calls.fixtures.length + seed)) },
    ] as const;
  });
  return { hashes: last.hashes, callsFor: new Map(callsFor) };
}

/** Throws when a test of the room fails as it is. */
export async function checkTests({ tests }: Room): Promise<void> {
  const failing = tests === null ? null : await tryTests(tests, null);
  if (failing !== null) throw new RangeError(`A test fails before anything is sabotaged, ${failing}`);
}

function reachedIn(lines: readonly TrialLine[]): ReadonlySet<number>[] {
  return lines.flatMap((line) => (line.kind === 'reached' ? [new Set(line.places)] : []));
}

/** All fixtures. What several show, the cheapest shall. */
function shortestFirst(): string[] {
  const bytes = new Map(callFixtures().map(({ name, folder }) => [name, statSync(join(folder, 'call.jsonl')).size]));
  return [...bytes].toSorted(([, a], [, b]) => a - b).map(([name]) => name);
}
