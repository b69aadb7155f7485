import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readLogFiles } from '../../../src/cli/replay/files.ts';
import { simulateCall } from '../../../src/sim/run/call.ts';
import { type CallFixture, callFixtures } from '../../../src/sim/run/fixtures.ts';
import { recordScenario } from '../../../src/sim/run/record.ts';
import { scenarioOfSeed } from '../../../src/sim/run/seed.ts';
import { replay } from '../../../src/calllog/replay.ts';
import { standardAudioPath } from '../../../src/sounds/standard-audio-path.ts';
import type { Reach } from './reach.ts';
import type { TrialLine, TrialOrder } from './trial-order.ts';

/** Tries fixtures, then simulates seeds, up to the first that fails. Says what it begins, what that reached, and what came of all. */
export function judge({ fixtures, calls }: TrialOrder, reach: Reach | null, say: (line: TrialLine) => void): void {
  const sayReached = (): void => {
    if (reach !== null) say({ kind: 'reached', places: reach.take() });
  };
  sayReached();
  const all = new Map(callFixtures().map((fixture) => [fixture.name, fixture]));
  for (const name of calls.fixtures) {
    const fixture = all.get(name);
    if (fixture === undefined) throw new RangeError(`There is no fixture ${name}.`);
    say({ kind: 'begins', stage: 'fixtures', name });
    const fault = fixtures === 'replayed' ? replayFault(fixture.folder) : playFault(fixture);
    if (fault !== null) return say({ kind: 'fails', what: fault });
    sayReached();
  }
  const hashes: string[] = [];
  for (const seed of calls.seeds) {
    say({ kind: 'begins', stage: 'simulation', name: `seed ${seed}` });
    const { broken, hash } = simulateCall(scenarioOfSeed(seed));
    const [first] = broken;
    if (first !== undefined) return say({ kind: 'fails', what: first });
    hashes.push(hash);
    sayReached();
  }
  say({ kind: 'holds', hashes });
}

/** Feeds the events of the log to a new call. */
function replayFault(folder: string): string | null {
  const { crash, divergence, broken } = replay(readLogFiles(join(folder, 'call.jsonl')), standardAudioPath);
  if (crash !== null) return `line ${crash.line} crashes: ${String(crash.error)}`;
  const [first] = broken;
  if (divergence !== null && divergence.line <= (first?.line ?? Infinity)) {
    return `line ${divergence.line} differs (${divergence.event.type})`;
  }
  return first === undefined ? null : `line ${first.line}: ${first.sentence}`;
}

/** Plays the scenario again with the whole service: the log must be the stored one. */
function playFault({ folder, scenario }: CallFixture): string | null {
  if (scenario === null) return null;
  const { call, lines, audio } = recordScenario(scenario);
  const stored = readFileSync(join(folder, 'call.jsonl'), 'utf8');
  if (lines !== stored) {
    const again = lines.split('\n');
    return `line ${stored.split('\n').findIndex((line, index) => line !== again[index]) + 1} differs`;
  }
  const [first] = call.broken;
  if (first !== undefined) return first;
  return Buffer.compare(audio, readFileSync(join(folder, 'call.audio'))) === 0 ? null : 'the sound differs';
}
