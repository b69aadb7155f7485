import { shippedComfortSounds } from '../../sounds/comfort-sounds.ts';
import { mulawCodec } from '../../sounds/mulaw-codec.ts';
import { seededDialogue, dialogueLengths } from '../../sim/seeds/seeded-dialogue.ts';
import { levelAudioPath } from '../../sim/world/level-audio-path.ts';
import { syntheticSpeech } from '../../sim/scenario/synthetic-speech.ts';
import { parseWorldScenario } from '../../sim/scenario/world-scenario.ts';
import { benchKinds, median } from './bench.ts';
import { simulateCall } from '../../sim/run/call.ts';
import { recordedScenario } from '../../sim/run/scenario.ts';

/** The engine compiles what runs often: from about the twelfth round on it is as fast as it gets. */
const warmUpRounds = 12;
const rounds = 9;

/** Calls of one round of levels, about 200 s of them: usual dialogues, as the one with recorded speech is one. */
const dialogues = 8;

/** Runs one kind of call again and again, and returns the seconds of calls. */
function runOf(kind: string): () => number {
  if (kind === benchKinds[0]) {
    const recorded = recordedScenario('order-desk');
    return () => simulateCall(recorded).callMs;
  }
  const sounds = syntheticSpeech(mulawCodec, dialogueLengths);
  const scenarios = Array.from({ length: dialogues }, (_, seed) =>
    parseWorldScenario(seededDialogue(seed, false).scenario, sounds),
  );
  const levels = { audioPath: levelAudioPath(mulawCodec, shippedComfortSounds), hashes: false };
  return () => scenarios.reduce((sum, scenario) => sum + simulateCall(scenario, levels).callMs, 0);
}

function callSecondsPerCpuSecond(run: () => number): number {
  const before = process.cpuUsage();
  const callMs = run();
  const { user, system } = process.cpuUsage(before);
  return (callMs * 1000) / (user + system);
}

const run = runOf(process.argv[2] ?? '');
for (let round = 0; round < warmUpRounds; round += 1) run();
console.log(median(Array.from({ length: rounds }, () => callSecondsPerCpuSecond(run))));
