import type { Baseline } from './baseline.ts';
import type { Mutant, Verdict } from '../mutant.ts';
import type { Room } from '../room.ts';
import { tryTests } from './run-tests.ts';
import { failureOf, runTrial } from './run-trial.ts';

const noCalls = { fixtures: [], seeds: [] };

/** Tries one mutant: the calls that run its place, and then the room's tests. */
export async function tryMutant(room: Room, mutant: Mutant, { hashes, callsFor }: Baseline): Promise<Verdict> {
  const { path, text } = mutant;
  const { fixtures, tests } = room;
  const calls = callsFor.get(mutant) ?? noCalls;
  let differsAt: number | null = null;
  if (tests === null || calls.fixtures.length + calls.seeds.length > 0) {
    const outcome = await runTrial({ sabotage: { path, text }, fixtures, calls, places: [] });
    const last = outcome.lines.at(-1);
    if (outcome.death === null && last?.kind === 'unloaded') {
      return { kind: 'notRun', what: 'no call loads this file' };
    }
    if (outcome.death !== null || last?.kind !== 'holds') return failureOf(outcome);
    differsAt = calls.seeds.find((seed, index) => last.hashes[index] !== hashes[seed]) ?? null;
  }
  const failing = tests === null ? null : await tryTests(tests, mutant);
  return failing === null ? { kind: 'survived', differsAt } : { kind: 'tests', what: failing };
}
