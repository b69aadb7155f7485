import { type Half, readRecordings, type VoiceRecording } from '../../voice/material/voices.ts';
import { atLevel, speechSpan } from '../../voice/sounds/level.ts';
import { telephoneBand } from '../../voice/sounds/signal.ts';
import { decoded } from '../../voice/sounds/talkers.ts';

/** What a caller says, by what it is for. */
export type Utterance = 'sentence' | 'word';

/** Speech of these lengths counts so, in ms from its first to its last loud block. */
const lengthsMs: Readonly<Record<Utterance, readonly [number, number]>> = {
  sentence: [1_300, 5_000],
  word: [250, 700],
};

/** A recording, and where in it somebody speaks, in ms. */
export interface Spoken {
  readonly voice: string;
  readonly name: string;
  /** In the telephone band, at an active level of 0 dBFS. */
  readonly sound: Float64Array;
  readonly onsetMs: number;
  readonly endMs: number;
}

const made = new Map<Half, readonly Spoken[]>();

/** The voices of a half, in the order of their names. */
export function voicesOf(half: Half): readonly string[] {
  return [...new Set(readRecordings(half).map(({ voice }) => voice))].toSorted();
}

/** All that the voices of a half say of this kind. */
export function utterances(half: Half, kind: Utterance): readonly Spoken[] {
  const [least, most] = lengthsMs[kind];
  return spokenOf(half).filter(({ onsetMs, endMs }) => endMs - onsetMs >= least && endMs - onsetMs <= most);
}

function spokenOf(half: Half): readonly Spoken[] {
  const spoken = made.get(half) ?? readRecordings(half).map(prepared);
  made.set(half, spoken);
  return spoken;
}

function prepared({ voice, name, mulaw }: VoiceRecording): Spoken {
  const sound = atLevel(telephoneBand(decoded(mulaw)), 0);
  const { onset, end } = speechSpan(sound);
  return { voice, name, sound, onsetMs: onset / 8, endMs: end / 8 };
}
