import { type Half, readRecordings } from '../../voice/material/voices.ts';
import { readWords, type WordKind } from '../../voice/material/words.ts';
import { atLevel, speechSpan } from '../../voice/sounds/level.ts';
import { telephoneBand } from '../../voice/sounds/signal.ts';
import { decoded } from '../../voice/sounds/talkers.ts';

/** Speech of this length is a sentence, in ms from its first to its last loud block. */
const sentenceMs = [1_300, 5_000] as const;

/** A recording, and where in it somebody speaks, in ms. */
export interface Spoken {
  readonly voice: string;
  readonly name: string;
  /** In the telephone band, at an active level of 0 dBFS. */
  readonly sound: Float64Array;
  readonly onsetMs: number;
  readonly endMs: number;
}

const made = new Map<string, readonly Spoken[]>();

/** The voices of a half, in the order of their names. */
export function voicesOf(half: Half): readonly string[] {
  return [...new Set(readRecordings(half).map(({ voice }) => voice))].toSorted();
}

/** All sentences that the voices of a half say. */
export function sentences(half: Half): readonly Spoken[] {
  const [least, most] = sentenceMs;
  return once(`${half} sentences`, () =>
    readRecordings(half)
      .map((one) => prepared(one.voice, one.name, one.mulaw))
      .filter(({ onsetMs, endMs }) => endMs - onsetMs >= least && endMs - onsetMs <= most),
  );
}

/** The short words or coughs of a half, by whoever was recorded. */
export function shortWords(half: Half, kind: WordKind): readonly Spoken[] {
  return once(`${half} ${kind}`, () =>
    readWords(half, kind).map(({ speaker, said, mulaw }) => prepared(speaker, said, mulaw)),
  );
}

function once(key: string, make: () => readonly Spoken[]): readonly Spoken[] {
  const spoken = made.get(key) ?? make();
  made.set(key, spoken);
  return spoken;
}

function prepared(voice: string, name: string, mulaw: Uint8Array): Spoken {
  const sound = atLevel(telephoneBand(decoded(mulaw)), 0);
  const { onset, end } = speechSpan(sound);
  return { voice, name, sound, onsetMs: onset / 8, endMs: end / 8 };
}
