import { type Half, readRecordings } from '../material/voices.ts';
import { addAt, fractionsOf, whiteNoise } from '../sounds/signal.ts';
import { makeSound, type SoundKind } from '../sounds/sounds.ts';
import { encoded } from './encoded.ts';
import { agentVoice, echoOf, type TestLine } from './test-line.ts';

/** As loud as callers are, in dBFS: whatever tells it from them is not its level. */
const soundDbfs = -24;

/** The noise of a quiet line, beside an echo: an amplitude of PCM16 for -66 dBFS. */
const lineNoise = 16;

/** What a line brings on which nobody speaks. */
export type NoiseAlone = SoundKind | 'echo 30 dB softer' | 'echo 20 dB softer';

/** A sound on a line without a caller. Echoes are of an agent who goes on talking. */
export function makeNoiseLine(half: Half, sound: NoiseAlone, seconds: number, seed: number): TestLine {
  const clips = readRecordings(half);
  const draw = fractionsOf(1_000 + seed);
  if (sound !== 'echo 30 dB softer' && sound !== 'echo 20 dB softer') {
    const made = makeSound({ kind: sound, half, seconds, seed: 1_000 + seed, dbfs: soundDbfs, clips });
    const near = encoded(made);
    return { near, far: encoded(new Float64Array(near.length)), spans: [] };
  }
  const far = agentVoice(seconds, draw, clips);
  const near = whiteNoise(far.length, draw).map((sample) => lineNoise * sample);
  addAt(near, 0, echoOf(far, draw), sound === 'echo 30 dB softer' ? 10 ** (-30 / 20) : 0.1);
  return { near: encoded(near), far: encoded(far), spans: [] };
}
