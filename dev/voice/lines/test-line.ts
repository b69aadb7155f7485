import { type Half, readRecordings, type VoiceRecording } from '../material/voices.ts';
import { activePower, atLevel, fromDb } from '../sounds/level.ts';
import {
  addAt,
  between,
  fractionsOf,
  frameSamples,
  type NextFraction,
  samplesOf,
  telephoneBand,
} from '../sounds/signal.ts';
import { makeSound, type SoundKind } from '../sounds/sounds.ts';
import { talker } from '../sounds/talkers.ts';
import { encoded, loseFrames } from './encoded.ts';
import { layUtterances } from './utterances.ts';

/** The active level of callers, in dBFS: soft and loud ones. */
const speechDbfs = [-28, -16] as const;

/** How late an echo of the agent's voice comes back: the way to the caller's telephone and back, in ms. */
const echoDelayMs = [120, 350] as const;

/** How far under the caller single knocks are that sound beside the noise, in dB. */
const knocksUnderSpeechDb = 6;

/** What a caller speaks over: a noise, the caller's own line alone, or an echo of the agent's voice. */
export type Beside = SoundKind | 'echo';

/** What an order of a line names. The same order gives the same line. */
export interface LineOrder {
  readonly half: Half;
  readonly beside: Beside;
  /** Active level of the caller over that of the noise or echo. */
  readonly snrDb: number;
  readonly seed: number;
  /** Knocks beside the noise, and 2 % of the frames lost in bursts. */
  readonly isRough: boolean;
}

/** One call of a caller who speaks some recordings, each after a pause. */
export interface TestLine {
  /** What the caller's line brings, and what the agent plays in the meantime: 8 kHz mu-law, equally long. */
  readonly near: Uint8Array;
  readonly far: Uint8Array;
  /** When the caller speaks, in ms. */
  readonly spans: readonly { readonly onsetMs: number; readonly endMs: number }[];
}

/** How many recordings a caller speaks in one call. */
const clipsPerCall = 8;

/** Makes a call of each eight recordings of the half: every one is spoken once. */
export function* makeLines(order: LineOrder): Generator<TestLine> {
  const draw = fractionsOf(order.seed);
  const recordings = readRecordings(order.half);
  for (const voice of new Set(recordings.map((one) => one.voice))) {
    const own = shuffled(
      recordings.filter((one) => one.voice === voice),
      draw,
    );
    const others = recordings.filter((one) => one.voice !== voice);
    for (let first = 0; first < own.length; first += clipsPerCall)
      yield makeLine(order, own.slice(first, first + clipsPerCall), others, draw);
  }
}

function makeLine(
  { half, beside, snrDb, isRough }: LineOrder,
  own: readonly VoiceRecording[],
  others: readonly VoiceRecording[],
  draw: NextFraction,
): TestLine {
  const levelDbfs = between(draw, ...speechDbfs);
  const { speeches, spans, end } = layUtterances(own, levelDbfs, draw);
  const frames = Math.floor((end + samplesOf(1)) / frameSamples);
  const seconds = (frames * frameSamples) / samplesOf(1);
  const near = new Float64Array(frames * frameSamples);
  for (const { at, speech } of speeches) addAt(near, at, speech);
  const seed = Math.floor(1e6 * draw());
  const far = beside === 'echo' ? agentVoice(seconds, draw, others) : new Float64Array(near.length);
  const noise =
    beside === 'echo' ? echoOf(far, draw) : makeSound({ kind: beside, half, seconds, seed, dbfs: -30, clips: others });
  const noisePower = activePower(noise);
  const gain = noisePower === 0 ? 0 : Math.sqrt((32_768 ** 2 * fromDb(levelDbfs - snrDb)) / noisePower);
  addAt(near, 0, noise, gain);
  if (isRough)
    addAt(
      near,
      0,
      makeSound({ kind: 'knocks', half, seconds, seed, dbfs: levelDbfs - knocksUnderSpeechDb, clips: [] }),
    );
  const line = encoded(near);
  return { near: isRough ? loseFrames(line, draw) : line, far: encoded(far), spans };
}

/** An agent who goes on talking, at a usual level. */
export function agentVoice(seconds: number, draw: NextFraction, recordings: readonly VoiceRecording[]): Float64Array {
  return atLevel(telephoneBand(talker(seconds, draw, recordings, [0.2, 0.8])), -20);
}

/** What comes back of a voice: late, and softened by the way as a loudspeaker and a room soften it. */
export function echoOf(far: Float64Array, draw: NextFraction): Float64Array {
  const echo = new Float64Array(far.length);
  const at = samplesOf(between(draw, ...echoDelayMs) / 1000);
  addAt(echo, at, far);
  addAt(echo, at + samplesOf(between(draw, 0.005, 0.03)), far, 0.4);
  return telephoneBand(echo);
}

function shuffled<T>(items: readonly T[], draw: NextFraction): readonly T[] {
  return items
    .map((item) => ({ item, place: draw() }))
    .toSorted((one, other) => one.place - other.place)
    .map(({ item }) => item);
}
