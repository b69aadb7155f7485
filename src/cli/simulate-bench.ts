import { shippedCoverSounds } from '../shell/cover-sounds.ts';
import { mulawCodec } from '../shell/mulaw-codec.ts';
import { levelAudioPath } from '../sim/world/level-audio-path.ts';
import { simulateCall } from './simulate-call.ts';
import { recordedScenario } from './simulate-scenario.ts';
import { scenarioOfSeed } from './simulate-seed.ts';

/** Rounds of both kinds take turns, so that a busy machine slows both alike; their medians are printed. */
const rounds = 15;

/** The engine compiles what runs often: from about the twelfth round on it is as fast as it gets. */
const warmUpRounds = 12;

/** Calls of one round with tones: about as many seconds as the one with recorded speech. */
const tonedCalls = 20;

/** Measures how many seconds of calls one second of CPU time simulates, the invariants running in both kinds. */
export function runBench(print: (text: string) => void): number {
  const recorded = recordedScenario('order-desk');
  const toned = Array.from({ length: tonedCalls }, (_, seed) => scenarioOfSeed(seed));
  const levels = { audioPath: levelAudioPath(mulawCodec, shippedCoverSounds), hashes: false };
  const kinds = {
    'full audio: recorded speech, every trace hashed': () => simulateCall(recorded).callMs,
    'levels: tones without filters, no hash': () =>
      toned.reduce((sum, scenario) => sum + simulateCall(scenario, levels).callMs, 0),
  };
  const speeds = new Map(Object.keys(kinds).map((name) => [name, new Array<number>()]));
  for (let round = -warmUpRounds; round < rounds; round += 1) {
    for (const [name, run] of Object.entries(kinds)) {
      const speed = callSecondsPerCpuSecond(run);
      if (round >= 0) speeds.get(name)?.push(speed);
    }
  }
  print(`Seconds of calls in one second of CPU time, medians of ${rounds} rounds that took turns:`);
  for (const [name, values] of speeds) print(`  ${median(values).toFixed(0).padStart(5)}  ${name}`);
  return 0;
}

function callSecondsPerCpuSecond(run: () => number): number {
  const before = process.cpuUsage();
  const callMs = run();
  const { user, system } = process.cpuUsage(before);
  return (callMs * 1000) / (user + system);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
