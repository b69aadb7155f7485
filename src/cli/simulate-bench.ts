import { shippedCoverSounds } from '../shell/cover-sounds.ts';
import { mulawCodec } from '../shell/mulaw-codec.ts';
import { seededTalk, talkLengths } from '../sim/seeds/seeded-talk.ts';
import { levelAudioPath } from '../sim/world/level-audio-path.ts';
import { toneSounds } from '../sim/world/tone-sounds.ts';
import { parseWorldScenario } from '../sim/world/world-scenario.ts';
import { simulateCall } from './simulate-call.ts';
import { recordedScenario } from './simulate-scenario.ts';

/** Rounds of both kinds take turns, so that a busy machine slows both alike; their medians are printed. */
const rounds = 15;

/** The engine compiles what runs often: from about the twelfth round on it is as fast as it gets. */
const warmUpRounds = 12;

/** Calls of one round with tones, about 200 s of them: usual talks, as the one with recorded speech is one. */
const talks = 8;

/** Measures how many seconds of calls one second of CPU time simulates, the invariants running in both kinds. */
export function runBench(print: (text: string) => void): number {
  const recorded = recordedScenario('order-desk');
  const sounds = toneSounds(mulawCodec, talkLengths);
  const toned = Array.from({ length: talks }, (_, seed) =>
    parseWorldScenario(seededTalk(seed, false).scenario, sounds),
  );
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
