import { join } from 'node:path';
import { readLogFiles } from '../../src/cli/replay/files.ts';
import { simulateCall } from '../../src/sim/run/call.ts';
import { callFixtures } from '../../src/sim/run/fixtures.ts';
import { scenarioOfSeed } from '../../src/sim/run/seed.ts';
import { replay } from '../../src/calllog/replay.ts';
import { standardAudioPath } from '../../src/sounds/standard-audio-path.ts';
import type { TrialLine } from './trial-order.ts';

/** Replays all fixtures exactly, then simulates seeds, up to the first that fails. Says what it begins, and what came of all. */
export function judgeCore(seeds: number, say: (line: TrialLine) => void): void {
  for (const { name, folder } of callFixtures()) {
    say({ kind: 'begins', stage: 'replay', name });
    const fault = replayFault(folder);
    if (fault !== null) return say({ kind: 'fails', what: fault });
  }
  const hashes: string[] = [];
  for (let seed = 0; seed < seeds; seed += 1) {
    say({ kind: 'begins', stage: 'simulation', name: `seed ${seed}` });
    const { broken, hash } = simulateCall(scenarioOfSeed(seed));
    const [first] = broken;
    if (first !== undefined) return say({ kind: 'fails', what: first });
    hashes.push(hash);
  }
  say({ kind: 'holds', hashes });
}

function replayFault(folder: string): string | null {
  const { crash, divergence, broken } = replay(readLogFiles(join(folder, 'call.jsonl')), standardAudioPath);
  if (crash !== null) return `line ${crash.line} crashes: ${String(crash.error)}`;
  const [first] = broken;
  if (divergence !== null && divergence.line <= (first?.line ?? Infinity)) {
    return `line ${divergence.line} differs (${divergence.event.type})`;
  }
  return first === undefined ? null : `line ${first.line}: ${first.sentence}`;
}
